// SOQL as text, built from calls, and as a stream.
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { text } from "node:stream/consumers";

const TAGS = 2_300;
const PAGED = "SELECT Key__c FROM Tag__c WHERE Key__c LIKE 'page-%' ORDER BY Key__c";
const KEYS = Array.from({ length: TAGS }, (_, at) => `page-${String(at).padStart(4, "0")}`);

let loaded;
/** Makes the tags that the paging calls read, once. */
function tags(conn) {
  loaded ??= conn.create("Tag__c", KEYS.map((key) => ({ Key__c: key, Name: key })), { allowRecursive: true });
  return loaded;
}

let pool;
/** Three candidates of one city, two of them with a way to reach them, once. */
function team(conn) {
  pool ??= (async () => {
    const rows = ["Áine", "Bríd", "Ciara"].map((name, at) => ({
      First_Name__c: name, Last_Name__c: "Team", City__c: "Ennis", Rating__c: at + 1, Candidate_Key__c: `team-${at}`,
    }));
    const made = await conn.create("Candidate__c", rows);
    const points = made.slice(0, 2).map((each, at) => ({
      Candidate__c: each.id, Kind__c: "Email", Value__c: `t${at}@example.com`, Key__c: `team-${at}`,
    }));
    await conn.create("Contact_Point__c", points);
    return made;
  })();
  return pool;
}

export const queries = {
  "query": async ({ conn }) => {
    const [first] = await team(conn);
    const found = await conn.query(
      "SELECT Id, First_Name__c, Owner.Username, (SELECT Value__c FROM Contact_Points__r) FROM Candidate__c" +
        " WHERE City__c = 'ennis' ORDER BY Rating__c",
    );
    deepEqual([found.totalSize, found.done], [3, true]);
    equal(found.records[0].Id, first.id);
    equal(found.records[0].Owner.Username, "admin@warmbench.local");
    deepEqual(found.records.map((each) => each.Contact_Points__r?.records.map((point) => point.Value__c) ?? null), [["t0@example.com"], ["t1@example.com"], null]);
  },

  "query: aggregates": async ({ conn }) => {
    await team(conn);
    const { records } = await conn.query(
      "SELECT City__c, COUNT(Id) number, AVG(Rating__c) FROM Candidate__c WHERE City__c = 'Ennis' GROUP BY City__c",
    );
    deepEqual(records, [{ attributes: { type: "AggregateResult" }, City__c: "Ennis", number: 3, expr0: 2 }]);
  },

  "query: refused": async ({ conn }) => {
    await rejects(conn.query("SELECT Id FROM"), { errorCode: "MALFORMED_QUERY" });
    await rejects(conn.query("SELECT Nothing__c FROM Tag__c"), { errorCode: "INVALID_FIELD" });
    await rejects(conn.query("SELECT Id FROM Nothing__c"), { errorCode: "INVALID_TYPE" });
  },

  "queryMore": async ({ conn }) => {
    await tags(conn);
    const first = await conn.query(PAGED);
    deepEqual([first.totalSize, first.records.length, first.done], [TAGS, 2000, false]);
    const rest = await conn.queryMore(first.nextRecordsUrl);
    deepEqual([rest.records.length, rest.done], [TAGS - 2000, true]);
    deepEqual([...first.records, ...rest.records].map((each) => each.Key__c), KEYS);
  },

  "query: autoFetch": async ({ conn }) => {
    await tags(conn);
    const found = await conn.query(PAGED, { autoFetch: true, maxFetch: 10_000 });
    deepEqual(found.records.map((each) => each.Key__c), KEYS);
    const few = await conn.query(PAGED, { autoFetch: true, maxFetch: 2_100 });
    equal(few.records.length, 2_100);
  },

  "query: events": async ({ conn }) => {
    await tags(conn);
    const seen = [];
    await new Promise((resolve, reject) => {
      const query = conn.query(PAGED);
      query.on("record", (record) => seen.push(record.Key__c)).on("end", resolve).on("error", reject);
      query.run({ autoFetch: true, maxFetch: 10_000 });
    });
    deepEqual(seen, KEYS);
  },

  "query: as a stream of CSV": async ({ conn }) => {
    await tags(conn);
    const csv = await text(conn.query(PAGED, { autoFetch: true, maxFetch: 10_000 }).stream("csv"));
    const lines = csv.trim().split("\n");
    deepEqual([lines[0].includes("Key__c"), lines.length], [true, TAGS + 1]);
  },

  "query: scanAll": async ({ conn }) => {
    const { id } = await conn.create("Tag__c", { Name: "Binned", Key__c: "binned" });
    await conn.destroy("Tag__c", id);
    const soql = "SELECT IsDeleted FROM Tag__c WHERE Key__c = 'binned'";
    equal((await conn.query(soql)).totalSize, 0);
    equal((await conn.query(soql, { scanAll: true })).records[0].IsDeleted, true);
  },

  "find": async ({ conn }) => {
    await team(conn);
    const found = await conn
      .sobject("Candidate__c")
      .find({ City__c: "Ennis", Rating__c: { $gte: 2 }, First_Name__c: { $in: ["Bríd", "Ciara", "O'Shea"] } }, ["First_Name__c"])
      .sort({ Rating__c: -1 })
      .limit(5)
      .skip(0)
      .execute();
    deepEqual(found.map((each) => each.First_Name__c), ["Ciara", "Bríd"]);
  },

  "find: by date": async ({ conn, jsforce }) => {
    await team(conn);
    const recent = { $gte: jsforce.Date.YESTERDAY };
    equal((await conn.sobject("Candidate__c").find({ City__c: "Ennis", CreatedDate: recent })).length, 3);
    const later = { $gt: jsforce.SfDate.toDateTimeLiteral(new Date(Date.now() + 3_600_000)) };
    equal((await conn.sobject("Candidate__c").find({ City__c: "Ennis", CreatedDate: later })).length, 0);
  },

  "findOne and count": async ({ conn }) => {
    await team(conn);
    const found = await conn.sobject("Candidate__c").findOne({ Candidate_Key__c: "team-1" });
    equal(found.First_Name__c, "Bríd");
    equal(await conn.sobject("Candidate__c").findOne({ Candidate_Key__c: "nobody" }), null);
    equal(await conn.sobject("Candidate__c").count({ City__c: { $like: "Enn%" } }), 3);
  },

  "select, where, include": async ({ conn }) => {
    await team(conn);
    const found = await conn
      .sobject("Candidate__c")
      .select("First_Name__c, Owner.Name")
      .where("City__c = 'Ennis' AND Rating__c < 3")
      .orderby("Rating__c", "DESC")
      .include("Contact_Points__r").select("Value__c").where({ Kind__c: "Email" }).limit(2).end();
    deepEqual(
      found.map((each) => [each.First_Name__c, each.Owner.Name, each.Contact_Points__r.records[0].Value__c]),
      [["Bríd", "Demo Admin", "t1@example.com"], ["Áine", "Demo Admin", "t0@example.com"]],
    );
  },

  "select: every field": async ({ conn }) => {
    await team(conn);
    const [found] = await conn.sobject("Candidate__c").select("*").where({ Candidate_Key__c: "team-0" });
    const names = (await conn.describe("Candidate__c")).fields.map((each) => each.name);
    deepEqual(Object.keys(found).filter((name) => name !== "attributes").sort(), names.sort());
  },

  "query: update and destroy what it finds": async ({ conn }) => {
    const made = await conn.create("Tag__c", ["x", "y"].map((name) => ({ Name: name, Key__c: `found-${name}` })));
    const changed = await conn.sobject("Tag__c").find("Key__c LIKE 'found-%'").update({ Kind__c: "Skill" });
    ok(changed.every((each) => each.success));
    equal(await conn.sobject("Tag__c").count("Key__c LIKE 'found-%' AND Kind__c = 'Skill'"), 2);
    const gone = await conn.sobject("Tag__c").find("Key__c LIKE 'found-%'").destroy();
    deepEqual(gone.map((each) => each.id).sort(), made.map((each) => each.id).sort());
  },

  "explain": async ({ conn }) => {
    const { plans } = await conn.query("SELECT Id FROM Candidate__c WHERE Candidate_Key__c = 'x'").explain();
    ok(plans.length > 0 && plans.every((each) => each.sobjectType === "Candidate__c" && each.leadingOperationType));
  },
};
