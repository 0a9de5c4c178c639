// Records of sign-ins: what has ended stands, whatever is posted later; and what nobody vouches for
// fills no disk.

import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { form, request } from "./lib/http.js";
import { Installation } from "./lib/installation.js";
import { Running, freePorts, program, temporaryFolder } from "./lib/process.js";
import { Visitor } from "./lib/visitor.js";

let site, idp, host, port;
const auth = "/plugins/servlet/saml/auth";

before(async () => {
  port = await freePorts(8);
  host = `jira.localhost:${port}`;
  site = new Installation(temporaryFolder(), port);
  idp = new Running(program("samlgate-double"), [
    ...["idp", "--listen", `127.0.0.1:${port + 5}`, "--public-url", `http://idp.localhost:${port + 5}`],
    ...["--until-stdin-ends", "--service-provider", `${site.url("jira")}/=${site.url("jira")}${auth}`],
  ]);
  await idp.line(/^\{.*\}$/m);
  await site.start();
  await site.cli(["group", "add", "jira-software-users"]);
  await site.addDouble("jira", "jira9");
  const claim = "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname";
  await site.cli([
    ...["idp", "add", "company", "--metadata", `http://127.0.0.1:${port + 5}/metadata`],
    ...["--user-id", `attribute:${claim}`, "--user-groups", "jira-software-users"],
  ]);
  await site.cli(["user", "add", "camilla", "--full-name", "Camilla", "--email", "c@x", "--idp", "company"]);
  await site.cli(["group", "add-user", "jira-software-users", "camilla"]);
  await sleep(1000);
});

after(async () => {
  await site?.stop();
  await idp?.stop();
});

const show = async (id) => JSON.parse(await site.cli(["attempts", id, "--json"]));
const numberOn = (page) => /<code>([0-9a-f-]{36})<\/code>/.exec(page.body)[1];

test("a response that is posted again leads to the app again and rewrites nothing", async () => {
  const visitor = new Visitor(host);
  const fields = await visitor.response("camilla");
  assert.equal(await visitor.finish(await visitor.post(fields)), "camilla");
  const [first] = await site.attempts();
  const before = await show(first.id);
  // Reload and Back, the same response changed, and something else altogether.
  for (const response of [fields.SAMLResponse, `${fields.SAMLResponse.slice(0, -8)}AAAAAAA=`, "%%%"]) {
    const again = await visitor.post({ ...fields, SAMLResponse: response });
    assert.equal(again.status, 303, response.slice(0, 20));
    const at = new URL(again.headers.location, site.url("jira"));
    assert.equal(at.searchParams.get("os_destination"), "/browse/DEMO-1");
    assert.ok(!again.cookies.some((line) => line.includes("samlgate_session")), "no new session");
  }
  assert.deepEqual(await show(first.id), before);
  assert.equal((await site.attempts()).length, 1, "and none is listed beside it");
});

test("a refusal that is posted again shows the first page again, with its number and cause", async () => {
  const visitor = new Visitor(host);
  const fields = await visitor.response("gonzo");
  const refused = await visitor.post(fields);
  assert.equal(refused.status, 403);
  assert.match(refused.body, /User ID not found/);
  const before = await show(numberOn(refused));
  assert.equal(before.code, "user_not_found");
  for (const response of [fields.SAMLResponse, "%%%", "PGEvPg=="]) {
    const again = await visitor.post({ ...fields, SAMLResponse: response });
    assert.equal(again.body, refused.body);
  }
  assert.deepEqual(await show(numberOn(refused)), before);
});

test("what came first is no obstacle to an honest answer", async () => {
  const visitor = new Visitor(host);
  const fields = await visitor.response("camilla");
  const junk = await visitor.post({ ...fields, SAMLResponse: "PGEvPg==" });
  assert.equal(junk.status, 403);
  assert.equal(await visitor.finish(await visitor.post(fields)), "camilla");
  const [good, bad] = await site.attempts();
  assert.deepEqual([good.outcome, bad.outcome, bad.code], ["opened", "refused", "not_a_response"]);
});

test("each opening of the app is a row of its own, and the sign-in shows the latest", async () => {
  const visitor = new Visitor(host);
  const posted = await visitor.post(await visitor.response("camilla"));
  assert.equal(await visitor.finish(posted), "camilla");
  const [once] = await site.attempts();
  const dialogue = (attempt) => attempt.timeline.filter((step) => step.step === "opener").length;
  assert.equal(await visitor.finish(posted), "camilla");
  const twice = await show(once.id);
  assert.equal(twice.outcome, "opened");
  assert.equal(dialogue(twice), dialogue(once), "the latest dialogue, not both");
  assert.ok(twice.updated_at > once.updated_at);
});

/** Bytes of the database and what lies beside it. */
function stored() {
  const files = readdirSync(site.folder).filter((name) => name.startsWith("samlgate.db"));
  return files.reduce((sum, name) => sum + statSync(path.join(site.folder, name)).size, 0);
}

test("a flood of posts takes no more than a ring, and pushes out nothing that an IdP vouches for", async () => {
  const known = (await site.attempts()).filter((one) => one.code !== "not_a_response");
  const size = stored();
  const database = () => statSync(path.join(site.folder, "samlgate.db")).size;
  const file = database();
  // Nobody's: they answer no request, and nobody signed them.
  const stranger = form({ SAMLResponse: Buffer.from(`<a>${"x".repeat(100000)}`).toString("base64") });
  const one = () => request(port, { host, path: auth, ...stranger });
  for (let n = 0; n < 20; n++) await Promise.all(Array.from({ length: 10 }, one));
  assert.equal(stored(), size, "nothing is written");
  // Answers to requests of their own, 40 kB each: 1,500 of them are 60 MB.
  const junk = Buffer.from(`<a>${"x".repeat(40000)}`).toString("base64");
  const several = async () => {
    const visitor = new Visitor(host);
    for (let n = 0; n < 50; n++) {
      visitor.cookies.clear();
      assert.equal((await visitor.postNonsense(junk)).status, 403);
    }
  };
  for (let n = 0; n < 10; n++) await Promise.all([several(), several(), several()]);
  const grown = stored() - size;
  console.log(`1,500 posts of 40 kB: the database grew by ${database() - file} bytes, with its log by ${grown}`);
  // Beside the ring, the log of the database may be as long as it is anyway.
  assert.ok(database() - file < 5_000_000, `${database() - file} bytes`);
  assert.ok(grown < 5_000_000 + 17_000_000, `${grown} bytes`);
  const kept = await site.cli(["attempts", "--json", "--limit", "10000"]);
  const ids = kept.trim().split("\n").map((line) => JSON.parse(line).id);
  assert.ok(ids.length < 1000, `${ids.length} records`);
  assert.ok(known.length > 3 && known.every((attempt) => ids.includes(attempt.id)), "they stay");
});
