// Ways in, and what the org tells of itself.
import { deepEqual, equal, ok, rejects } from "node:assert/strict";

const ADMIN = "admin@warmbench.local";

async function username(conn) {
  return (await conn.identity()).username;
}

export const connection = {
  "access token and instance URL": async ({ conn, org }) => {
    const identity = await conn.identity();
    deepEqual([identity.username, identity.organization_id], [ADMIN, org.org_id]);
    equal(conn.userInfo.id, identity.user_id);
  },

  "userinfo": async ({ conn, org }) => {
    const info = await conn.request(`${org.url}/services/oauth2/userinfo`);
    deepEqual([info.preferred_username, info.organization_id], [ADMIN, org.org_id]);
  },

  "login by password": async ({ jsforce, org, version }) => {
    const own = new jsforce.Connection({ loginUrl: org.url, version });
    const user = await own.login(ADMIN, org.password);
    deepEqual([user.organizationId, own.instanceUrl], [org.org_id, org.url]);
    equal(await username(own), ADMIN);
    const token = own.accessToken;
    await own.logout();
    const ended = new jsforce.Connection({ instanceUrl: org.url, accessToken: token, version });
    await rejects(ended.limits(), { errorCode: "INVALID_SESSION_ID" });
  },

  "login by password: refused": async ({ jsforce, org, version }) => {
    const own = new jsforce.Connection({ loginUrl: org.url, version });
    await rejects(own.login(ADMIN, "wrong"), /INVALID_LOGIN: Invalid username, password, security token/);
  },

  "login by OAuth password": async ({ jsforce, oauth2, org, version }) => {
    const own = new jsforce.Connection({ oauth2, version });
    await own.login(ADMIN, org.password);
    equal(await username(own), ADMIN);
    await rejects(own.login(ADMIN, "wrong"), /authentication failure/);
  },

  "client credentials": async ({ service }) => {
    equal(await username(service), "integration@warmbench.local");
  },

  "an ended session is renewed": async ({ jsforce, oauth2, org, version }) => {
    const own = new jsforce.Connection({ oauth2, version });
    await own.login(ADMIN, org.password);
    const token = own.accessToken;
    await own.oauth2.revokeToken(token);
    equal((await own.query("SELECT Id FROM Organization")).totalSize, 1);
    ok(own.accessToken !== token, "the token is still the old one");
  },

  "without a session": async ({ jsforce, org, version }) => {
    const stranger = new jsforce.Connection({ instanceUrl: org.url, accessToken: "00D000000000001!no", version });
    await rejects(stranger.query("SELECT Id FROM User"), { errorCode: "INVALID_SESSION_ID" });
  },

  "describeGlobal": async ({ conn }) => {
    const found = await conn.describeGlobal();
    equal(found.maxBatchSize, 200);
    const objects = Object.fromEntries(found.sobjects.map((each) => [each.name, each]));
    deepEqual([objects.User.keyPrefix, objects.Candidate__c.custom], ["005", true]);
  },

  "describe": async ({ conn }) => {
    const found = await conn.describe("Candidate__c");
    const key = found.fields.find((each) => each.name === "Candidate_Key__c");
    deepEqual([key.type, key.externalId, key.unique, key.length], ["string", true, true, 26]);
    const children = found.childRelationships.map((each) => each.relationshipName);
    ok(children.includes("Contact_Points__r"), `the children are ${children}`);
  },

  "describe: from the cache": async ({ conn }) => {
    const first = await conn.sobject("Tag__c").describe$();
    equal(await conn.sobject("Tag__c").describe$(), first);
  },

  "limits": async ({ conn }) => {
    const { DailyApiRequests } = await conn.limits();
    ok(DailyApiRequests.Remaining > 0 && DailyApiRequests.Remaining < DailyApiRequests.Max);
    deepEqual(Object.keys(conn.limitInfo.apiUsage).sort(), ["limit", "used"]);
  },

  "search": async ({ conn }) => {
    const made = await conn.create("Candidate__c", { Last_Name__c: "Zwingli", First_Name__c: "Ulrich" });
    const found = await conn.search("FIND {Zwingli} IN ALL FIELDS RETURNING Candidate__c(Id, First_Name__c)");
    const rows = found.searchRecords.map((each) => [each.attributes.type, each.Id, each.First_Name__c]);
    deepEqual(rows, [["Candidate__c", made.id, "Ulrich"]]);
  },

  "composite": async ({ conn }) => {
    const base = "/services/data/v62.0";
    const person = { method: "POST", url: `${base}/sobjects/Candidate__c`, referenceId: "person" };
    const point = { method: "POST", url: `${base}/sobjects/Contact_Point__c`, referenceId: "point" };
    const answer = await conn.requestPost("/composite", {
      allOrNone: true,
      compositeRequest: [
        { ...person, body: { Last_Name__c: "Composed" } },
        { ...point, body: { Candidate__c: "@{person.id}", Kind__c: "Email", Value__c: "c@example.com", Key__c: "c" } },
      ],
    });
    deepEqual(answer.compositeResponse.map((each) => each.httpStatusCode), [201, 201]);
    const made = await conn.retrieve("Contact_Point__c", answer.compositeResponse[1].body.id);
    equal(made.Candidate__c, answer.compositeResponse[0].body.id);
  },

  "composite: undone": async ({ conn }) => {
    const url = "/services/data/v62.0/sobjects/Tag__c";
    const answer = await conn.requestPost("/composite", {
      allOrNone: true,
      compositeRequest: [
        { method: "POST", url, referenceId: "good", body: { Name: "Undone", Key__c: "undone" } },
        { method: "POST", url, referenceId: "bad", body: { Name: "Undone", Kind__c: "Nonsense" } },
      ],
    });
    const codes = answer.compositeResponse.map((each) => each.body[0].errorCode);
    deepEqual(codes, ["PROCESSING_HALTED", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"]);
    equal(await conn.sobject("Tag__c").count({ Key__c: "undone" }), 0);
  },

  "composite batch": async ({ conn }) => {
    const answer = await conn.requestPost("/composite/batch", {
      batchRequests: [
        { method: "GET", url: "v62.0/limits" },
        { method: "GET", url: "v62.0/sobjects/Nothing__c/describe" },
      ],
    });
    deepEqual([answer.hasErrors, answer.results.map((each) => each.statusCode)], [true, [200, 404]]);
  },
};
