// Records of sign-ins: what has ended stands, whatever is posted later.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { stage } from "./lib/stage.js";
import { Visitor } from "./lib/visitor.js";

let here, site, host;

before(async () => {
  here = await stage();
  ({ site, host } = here);
});

after(() => here?.stop());

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
