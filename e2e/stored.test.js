// What nobody vouches for fills no disk, whoever posts how much of it.

import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { form, request } from "./lib/http.js";
import { stage } from "./lib/stage.js";
import { Visitor } from "./lib/visitor.js";

let here, site, port, host, auth;

before(async () => {
  here = await stage();
  ({ site, port, host, auth } = here);
});

after(() => here?.stop());

/** Bytes of the database and what lies beside it. */
function stored() {
  const files = readdirSync(site.folder).filter((name) => name.startsWith("samlgate.db"));
  return files.reduce((sum, name) => sum + statSync(path.join(site.folder, name)).size, 0);
}

test("a flood of posts takes no more than a ring, and pushes out nothing that an IdP vouches for", async () => {
  for (let n = 0; n < 5; n++) assert.equal(await new Visitor(host).signIn("camilla"), "camilla");
  const nobody = new Visitor(host);
  assert.equal((await nobody.post(await nobody.response("gonzo"))).status, 403, "signed, and unknown here");
  const known = await site.attempts();
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
  assert.ok(known.length === 6 && known.every((attempt) => ids.includes(attempt.id)), "they stay");
});
