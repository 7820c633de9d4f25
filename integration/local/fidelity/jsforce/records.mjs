// Records by id and by external id, one and many.
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";

const MINUTES = 60_000;

function people(prefix, number, more = {}) {
  return Array.from({ length: number }, (_, at) => ({
    Candidate_Key__c: `${prefix}-${String(at).padStart(3, "0")}`,
    Last_Name__c: `Ó ${prefix} ${at}`,
    ...more,
  }));
}

function around() {
  return [new Date(Date.now() - 10 * MINUTES), new Date(Date.now() + 10 * MINUTES)];
}

export const records = {
  "create and retrieve": async ({ conn }) => {
    const made = await conn.sobject("Candidate__c").create({ Last_Name__c: "Łąka", Rating__c: 4, Email__c: "l@example.com" });
    deepEqual([made.success, made.errors, made.id.length], [true, [], 18]);
    const found = await conn.sobject("Candidate__c").retrieve(made.id);
    deepEqual([found.Last_Name__c, found.Rating__c, found.attributes.type], ["Łąka", 4, "Candidate__c"]);
    const some = await conn.sobject("Candidate__c").retrieve(made.id, { fields: ["Email__c"] });
    deepEqual(Object.keys(some).sort(), ["Email__c", "Id", "attributes"]);
  },

  "create and retrieve: many": async ({ conn }) => {
    const made = await conn.sobject("Candidate__c").create(people("many", 200));
    ok(made.every((each) => each.success));
    const found = await conn.sobject("Candidate__c").retrieve(made.map((each) => each.id).reverse());
    deepEqual(found.map((each) => each.Candidate_Key__c), people("many", 200).map((each) => each.Candidate_Key__c).reverse());
  },

  "create: more than 200 in calls of 200": async ({ conn }) => {
    const made = await conn.create("Candidate__c", people("more", 450), { allowRecursive: true });
    equal(new Set(made.map((each) => each.id)).size, 450);
    await rejects(conn.create("Candidate__c", people("most", 201)), { errorCode: "EXCEEDED_ID_LIMIT" });
  },

  "create: some refused": async ({ conn }) => {
    const rows = people("some", 3);
    rows[1].Rating__c = 9;
    const made = await conn.create("Candidate__c", rows);
    deepEqual(made.map((each) => each.success), [true, false, true]);
    deepEqual(made[1].errors.map((each) => [each.statusCode, each.fields]), [["FIELD_CUSTOM_VALIDATION_EXCEPTION", ["Rating__c"]]]);
  },

  "create: all or none": async ({ conn }) => {
    const rows = people("none", 3);
    rows[1].Rating__c = 9;
    const made = await conn.create("Candidate__c", rows, { allOrNone: true });
    deepEqual(
      made.map((each) => each.errors[0].statusCode),
      ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "FIELD_CUSTOM_VALIDATION_EXCEPTION", "ALL_OR_NONE_OPERATION_ROLLED_BACK"],
    );
    equal(await conn.sobject("Candidate__c").count("Candidate_Key__c LIKE 'none-%'"), 0);
  },

  "update": async ({ conn }) => {
    const { id } = await conn.create("Candidate__c", { Last_Name__c: "Before", City__c: "Cork" });
    deepEqual(await conn.update("Candidate__c", { Id: id, Last_Name__c: "After", City__c: null }), { id, success: true, errors: [] });
    const found = await conn.retrieve("Candidate__c", id);
    deepEqual([found.Last_Name__c, found.City__c], ["After", null]);
  },

  "update: many": async ({ conn }) => {
    const made = await conn.create("Candidate__c", people("update", 3));
    const changed = await conn.update("Candidate__c", made.map((each, at) => ({ Id: each.id, City__c: `City ${at}` })));
    deepEqual(changed.map((each) => [each.id, each.success]), made.map((each) => [each.id, true]));
    const found = await conn.sobject("Candidate__c").find("Candidate_Key__c LIKE 'update-%'", "City__c").sort("Candidate_Key__c");
    deepEqual(found.map((each) => each.City__c), ["City 0", "City 1", "City 2"]);
  },

  "upsert": async ({ conn }) => {
    const values = { Candidate_Key__c: "upsert one", Last_Name__c: "First" };
    const made = await conn.upsert("Candidate__c", values, "Candidate_Key__c");
    const changed = await conn.upsert("Candidate__c", { ...values, Last_Name__c: "Second" }, "Candidate_Key__c");
    deepEqual([made.success, made.created, changed.success, changed.created], [true, true, true, false]);
    equal((await conn.retrieve("Candidate__c", made.id)).Last_Name__c, "Second");
  },

  "upsert: many": async ({ conn }) => {
    await conn.create("Candidate__c", people("upserts", 2));
    const saved = await conn.upsert("Candidate__c", people("upserts", 4, { City__c: "Sligo" }), "Candidate_Key__c");
    deepEqual(saved.map((each) => each.created), [false, false, true, true]);
    equal(await conn.sobject("Candidate__c").count({ City__c: "Sligo" }), 4);
  },

  "upsert: parents by external id": async ({ conn }) => {
    const { id } = await conn.create("Candidate__c", { Candidate_Key__c: "a-parent", Last_Name__c: "Parent" });
    const point = { Key__c: "child", Kind__c: "Phone", Value__c: "+3531", Candidate__r: { Candidate_Key__c: "a-parent" } };
    const saved = await conn.upsert("Contact_Point__c", point, "Key__c");
    equal((await conn.retrieve("Contact_Point__c", saved.id)).Candidate__c, id);
  },

  "destroy": async ({ conn }) => {
    const { id } = await conn.create("Candidate__c", { Last_Name__c: "Gone" });
    deepEqual(await conn.destroy("Candidate__c", id), { id, success: true, errors: [] });
    await rejects(conn.retrieve("Candidate__c", id), (error) => error.errorCode === "NOT_FOUND" || error.errorCode === "ENTITY_IS_DELETED");
  },

  "destroy: many": async ({ conn }) => {
    const made = await conn.create("Candidate__c", people("gone", 5));
    const gone = await conn.destroy("Candidate__c", made.map((each) => each.id));
    deepEqual(gone.map((each) => [each.id, each.success]), made.map((each) => [each.id, true]));
    equal(await conn.sobject("Candidate__c").count("Candidate_Key__c LIKE 'gone-%'"), 0);
  },

  "record: update, retrieve, delete": async ({ conn }) => {
    const { id } = await conn.create("Candidate__c", { Last_Name__c: "Reference" });
    const record = conn.sobject("Candidate__c").record(id);
    await record.update({ City__c: "Tralee" });
    equal((await record.retrieve()).City__c, "Tralee");
    equal((await record.delete()).success, true);
  },

  "record: blob": async ({ conn }) => {
    const content = Buffer.from(Array.from({ length: 70_000 }, (_, at) => at % 256));
    const version = { Title: "Résumé", PathOnClient: "résumé.pdf", VersionData: content.toString("base64") };
    const { id } = await conn.create("ContentVersion", version);
    const found = await buffer(conn.sobject("ContentVersion").record(id).blob("VersionData"));
    ok(content.equals(found), `${found.length} other bytes came back`);
  },

  "create: a file in several parts": async ({ conn }) => {
    const content = Buffer.from("part one\r\n--not a boundary\r\n\u0000\u00ff", "latin1");
    const values = { Title: "Parts", PathOnClient: "parts.bin", VersionData: content.toString("base64") };
    const parts = { VersionData: { filename: "parts.bin", contentType: "application/octet-stream" } };
    const { id } = await conn.create("ContentVersion", values, { multipartFileFields: parts });
    const found = await buffer(conn.sobject("ContentVersion").record(id).blob("VersionData"));
    ok(content.equals(found), `${found.length} other bytes came back`);
  },

  "request with a body in chunks": async ({ conn, org }) => {
    const body = Readable.from(['{"Last_Name__c": "', "Chunked Ní ", 'Fhloinn"}']);
    const headers = { Authorization: `Bearer ${org.token}`, "Content-Type": "application/json" };
    const url = `${org.url}/services/data/v62.0/sobjects/Candidate__c`;
    const answer = await fetch(url, { method: "POST", headers, body, duplex: "half" });
    equal(answer.status, 201);
    equal((await conn.retrieve("Candidate__c", (await answer.json()).id)).Last_Name__c, "Chunked Ní Fhloinn");
  },

  "requestGet, requestPatch, requestDelete": async ({ conn }) => {
    const { id } = await conn.create("Candidate__c", { Last_Name__c: "Requested" });
    const path = `/sobjects/Candidate__c/${id}`;
    await conn.requestPatch(path, { City__c: "Athlone" });
    equal((await conn.requestGet(`${path}?fields=City__c`)).City__c, "Athlone");
    await conn.requestDelete(path);
    equal(await conn.sobject("Candidate__c").count({ Id: id }), 0);
  },

  "recent": async ({ conn }) => {
    const { id } = await conn.create("Candidate__c", { Last_Name__c: "Recently" });
    const [first] = await conn.recent("Candidate__c", 1);
    deepEqual([first.Id, first.attributes.type], [id, "Candidate__c"]);
    const everything = await conn.recent(5);
    ok(everything.some((each) => each.Id === id), "the record is not among the recent of all objects");
  },

  "updated": async ({ conn }) => {
    const { id } = await conn.create("Candidate__c", { Last_Name__c: "Touched" });
    const found = await conn.sobject("Candidate__c").updated(...around());
    ok(found.ids.includes(id) && found.latestDateCovered, "the record is not among the updated");
  },

  "deleted": async ({ conn }) => {
    const { id } = await conn.create("Candidate__c", { Last_Name__c: "Binned" });
    await conn.destroy("Candidate__c", id);
    const found = await conn.sobject("Candidate__c").deleted(...around());
    const entry = found.deletedRecords.find((each) => each.id === id);
    ok(entry?.deletedDate && found.earliestDateAvailable && found.latestDateCovered, "the record is not among the deleted");
  },

  "refusals": async ({ conn }) => {
    await rejects(conn.create("Candidate__c", { Nothing__c: 1 }), { errorCode: "INVALID_FIELD" });
    await rejects(conn.create("Nothing__c", { Name: "x" }), { errorCode: "NOT_FOUND" });
    await rejects(conn.create("Contact_Point__c", { Kind__c: "Email" }), { errorCode: "REQUIRED_FIELD_MISSING" });
    await rejects(conn.update("Candidate__c", { Id: "a0000000000zzzzAAA", City__c: "x" }), { errorCode: "NOT_FOUND" });
  },
};
