// Reads from standard input how to get into the org, tries every call and writes one JSON line about each.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { bulk2 } from "./bulk2.mjs";
import { connection } from "./connection.mjs";
import { queries } from "./queries.mjs";
import { records } from "./records.mjs";

const org = JSON.parse(await text(process.stdin));
const jsforce = createRequire(`${org.library}/package.json`)("jsforce");
const version = "62.0";

const conn = new jsforce.Connection({ instanceUrl: org.url, accessToken: org.token, version });
const oauth2 = { loginUrl: org.url, clientId: org.client_id, clientSecret: org.client_secret };
const service = new jsforce.Connection({ oauth2, version });
await service.authorize({ grant_type: "client_credentials" });

const world = { org, jsforce, version, conn, service, oauth2 };
for (const [group, calls] of Object.entries({ connection, records, queries, bulk2 })) {
  for (const [name, call] of Object.entries(calls)) {
    let detail = "";
    try {
      await call(world);
    } catch (error) {
      detail = `${error.errorCode ?? error.name}: ${error.message}`.slice(0, 900);
    }
    console.log(JSON.stringify({ id: `${group}: ${name}`, detail }));
  }
}
