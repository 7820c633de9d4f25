// Bulk API 2.0: load and query, whole and step by step.
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";

const POLLING = { pollInterval: 50, pollTimeout: 60_000 };
const CITY = 'A "quoted", one\nline';

function people(prefix, number) {
  return Array.from({ length: number }, (_, at) => ({
    Candidate_Key__c: `bulk-${prefix}-${String(at).padStart(4, "0")}`,
    Last_Name__c: `Ó ${prefix} ${at}`,
    City__c: CITY,
    Rating__c: "3.0",
  }));
}

function load(conn, operation, input, more = {}) {
  return conn.bulk2.loadAndWaitForResults({ object: "Candidate__c", operation, input, ...POLLING, ...more });
}

function counts(results) {
  return [results.successfulResults.length, results.failedResults.length, results.unprocessedRecords.length];
}

async function idsOf(conn, prefix, options = {}) {
  const soql = `SELECT Id FROM Candidate__c WHERE Candidate_Key__c LIKE 'bulk-${prefix}-%' ORDER BY Candidate_Key__c`;
  return (await conn.query(soql, options)).records.map((each) => each.Id);
}

async function collected(stream) {
  const rows = [];
  for await (const row of stream) rows.push(row);
  return rows;
}

export const bulk2 = {
  "load: insert": async ({ conn }) => {
    const results = await load(conn, "insert", people("insert", 300));
    deepEqual(counts(results), [300, 0, 0]);
    const { sf__Id, sf__Created, ...first } = results.successfulResults.find((each) => each.Candidate_Key__c === "bulk-insert-0000");
    deepEqual([sf__Created, first], ["true", people("insert", 1)[0]]);
    deepEqual((await idsOf(conn, "insert"))[0], sf__Id);
  },

  "load: insert from a stream": async ({ conn }) => {
    const lines = ["Candidate_Key__c;Last_Name__c\r\n", "stream-1;Ní Shruth\r\n", "stream-2;\r\n"];
    const format = { lineEnding: "CRLF", columnDelimiter: "SEMICOLON" };
    // This client reads the results with commas whatever the job says, so only the rows are looked at.
    const job = conn.bulk2.createJob({ object: "Candidate__c", operation: "insert", ...format });
    await job.open();
    await job.uploadData(Readable.from(lines));
    await job.close();
    await job.poll(POLLING.pollInterval, POLLING.pollTimeout);
    deepEqual((await job.check()).numberRecordsProcessed, 2);
    const found = await conn.sobject("Candidate__c").find("Candidate_Key__c LIKE 'stream-%'", "Last_Name__c").sort("Candidate_Key__c");
    deepEqual(found.map((each) => each.Last_Name__c), ["Ní Shruth", null]);
  },

  "load: upsert": async ({ conn }) => {
    await load(conn, "insert", people("upsert", 2));
    const rows = people("upsert", 4).map((each) => ({ ...each, Last_Name__c: "Upserted" }));
    const results = await load(conn, "upsert", rows, { externalIdFieldName: "Candidate_Key__c" });
    const created = results.successfulResults.map((each) => [each.Candidate_Key__c, each.sf__Created]);
    deepEqual(created.sort(), rows.map((each, at) => [each.Candidate_Key__c, String(at > 1)]));
    equal(await conn.sobject("Candidate__c").count({ Last_Name__c: "Upserted" }), 4);
  },

  "load: update": async ({ conn }) => {
    await load(conn, "insert", people("update", 3));
    const ids = await idsOf(conn, "update");
    const results = await load(conn, "update", ids.map((Id) => ({ Id, City__c: "Updated" })));
    deepEqual(counts(results), [3, 0, 0]);
    equal(await conn.sobject("Candidate__c").count({ City__c: "Updated" }), 3);
  },

  "load: delete": async ({ conn }) => {
    await load(conn, "insert", people("delete", 3));
    const ids = await idsOf(conn, "delete");
    deepEqual(counts(await load(conn, "delete", ids.map((Id) => ({ Id })))), [3, 0, 0]);
    deepEqual([await idsOf(conn, "delete"), await idsOf(conn, "delete", { scanAll: true })], [[], ids]);
  },

  "load: hardDelete": async ({ conn, service }) => {
    await load(service, "insert", people("hard", 3));
    const ids = await idsOf(service, "hard");
    deepEqual(counts(await load(service, "hardDelete", ids.map((Id) => ({ Id })))), [3, 0, 0]);
    deepEqual(await idsOf(conn, "hard", { scanAll: true }), []);
  },

  "load: some refused": async ({ conn }) => {
    const rows = people("refused", 3);
    rows[1].Rating__c = "9";
    const results = await load(conn, "insert", rows);
    deepEqual(counts(results), [2, 1, 0]);
    const [failed] = results.failedResults;
    deepEqual([failed.sf__Id, failed.Candidate_Key__c, failed.City__c], ["", "bulk-refused-0001", CITY]);
    match(failed.sf__Error, /^FIELD_CUSTOM_VALIDATION_EXCEPTION:.*:Rating__c --$/s);
  },

  "load: a job that cannot be made": async ({ conn }) => {
    await rejects(load(conn, "upsert", people("no", 1), { externalIdFieldName: "City__c" }), (error) => Boolean(error.errorCode));
    await rejects(load(conn, "insert", people("no", 1), { object: "Nothing__c" }), { errorCode: "INVALIDENTITY" });
  },

  "job: abort and delete": async ({ conn }) => {
    const job = conn.bulk2.createJob({ object: "Candidate__c", operation: "insert" });
    await job.open();
    await job.uploadData("Last_Name__c\nNever\n");
    await job.abort();
    equal((await conn.bulk2.job("ingest", { id: job.id }).check()).state, "Aborted");
    deepEqual(await job.getUnprocessedRecords(), [{ Last_Name__c: "Never" }]);
    await job.delete();
    await rejects(job.check(), { errorCode: "NOT_FOUND" });
  },

  "job: results as text": async ({ conn }) => {
    const job = conn.bulk2.createJob({ object: "Candidate__c", operation: "insert" });
    await job.open();
    await job.uploadData(people("text", 1));
    await job.close();
    await job.poll(POLLING.pollInterval, POLLING.pollTimeout);
    match(await job.getSuccessfulResults(true), /^"sf__Id","sf__Created",/);
    match(await job.getFailedResults(true), /^"sf__Id","sf__Error",/);
  },

  "query": async ({ conn }) => {
    await load(conn, "insert", people("query", 250));
    const soql = "SELECT Candidate_Key__c, Last_Name__c, City__c, Rating__c FROM Candidate__c WHERE Candidate_Key__c LIKE 'bulk-query-%'";
    const rows = await collected(await conn.bulk2.query(soql, POLLING));
    rows.sort((one, other) => (one.Candidate_Key__c < other.Candidate_Key__c ? -1 : 1));
    deepEqual(rows, people("query", 250));
  },

  "query: as a stream of CSV": async ({ conn }) => {
    const csv = await text((await conn.bulk2.query("SELECT Name FROM Organization", POLLING)).stream("csv"));
    equal(csv, '"Name"\n"Warmbench Local"\n');
  },

  "query: scanAll": async ({ conn }) => {
    await load(conn, "insert", people("scan", 2));
    const [id] = await idsOf(conn, "scan");
    await conn.destroy("Candidate__c", id);
    const soql = "SELECT Id, IsDeleted FROM Candidate__c WHERE Candidate_Key__c LIKE 'bulk-scan-%'";
    const rows = await collected(await conn.bulk2.query(soql, { ...POLLING, scanAll: true }));
    deepEqual(rows.map((each) => [each.Id === id, each.IsDeleted]).sort(), [[false, "false"], [true, "true"]]);
  },

  "query: refused": async ({ conn }) => {
    await rejects(conn.bulk2.query("SELECT COUNT() FROM Tag__c", POLLING), (error) => Boolean(error.errorCode));
  },
};
