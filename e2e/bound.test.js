// Two identity providers that send the same names: each user has one, and the other is refused.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { claims, startIdp } from "./lib/idp.js";
import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { Visitor } from "./lib/visitor.js";

let site, host, port;
const idps = [];

/** Starts an IdP and adds it. */
async function addIdp(name, at) {
  const idp = await startIdp(at, [site.url("jira")], name);
  idps.push(idp);
  await site.cli([
    ...["idp", "add", name, "--metadata", `http://127.0.0.1:${at}/metadata`],
    ...["--user-id", `attribute:${claims.account}`, "--user-groups", "jira-software-users"],
  ]);
  await sleep(1000);
}

/** Signs in by an IdP; gives the code of the refusal, or nothing for whom is let in. */
async function code(person, idp) {
  const visitor = new Visitor(host);
  visitor.idp = idp;
  const answer = await visitor.post(await visitor.response(person));
  if (answer.status === 303) return undefined;
  const [, id] = /<code>([0-9a-f-]{36})<\/code>/.exec(answer.body);
  return JSON.parse(await site.cli(["attempts", id, "--json"])).code;
}

before(async () => {
  port = await freePorts(8);
  host = `jira.localhost:${port}`;
  site = new Installation(temporaryFolder(), port);
  await site.start();
  for (const group of ["jira-software-users", "jira-administrators"]) await site.cli(["group", "add", group]);
  await site.addDouble("jira", "jira9");
  for (const name of ["camilla", "gonzo", "kermit"]) {
    await site.cli(["user", "add", name, "--full-name", name, "--email", `${name}@x`]);
  }
});

after(async () => {
  await site?.stop();
  for (const idp of idps) await idp.stop();
});

test("of two identity providers each user has one", async () => {
  await addIdp("company", port + 5);
  assert.equal(await code("camilla", "company"), undefined, "the only one binds anybody");
  await addIdp("partner", port + 6);
  assert.equal(await code("camilla", "partner"), "user_of_other_idp");
  assert.equal(await code("camilla", "company"), undefined);
  for (const idp of ["company", "partner"]) assert.equal(await code("gonzo", idp), "user_not_linked");
  const check = await site.cli(["check"]);
  assert.match(check, /2 are linked to no IdP: gonzo, kermit\. .*user link NAME/);

  await site.cli(["idp", "set", "partner", "--for-unbound-users"]);
  const twice = await site.tryCli(["idp", "set", "company", "--for-unbound-users"]);
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /set for partner already/);
  await site.cli(["group", "add-user", "jira-administrators", "kermit"]);
  await sleep(1000);
  assert.equal(await code("gonzo", "partner"), undefined);
  assert.equal(await code("gonzo", "company"), "user_of_other_idp");
  assert.match(await site.cli(["user", "show", "gonzo"]), /bound to +partner/);

  await site.cli(["user", "link", "gonzo", "--idp", "company"]);
  assert.equal(await code("gonzo", "partner"), "user_of_other_idp");
  assert.equal(await code("gonzo", "company"), undefined);
  await site.cli(["user", "unlink", "gonzo"]);
  assert.equal(await code("gonzo", "company"), "user_not_linked");
  assert.equal(await code("gonzo", "partner"), undefined);
});

test("another entity under a name has none of its users until somebody confirms", async () => {
  const file = path.join(site.folder, "users.csv");
  writeFileSync(file, "name,full_name,email\nfozzie,Fozzie Bear,fozzie@muppets.com\n");
  await site.cli(["import", "csv", file, "--idp", "partner"]);
  const changed = await site.cli(["idp", "set", "partner", "--entity-id", "https://another.example/"]);
  assert.match(changed, /2 users of partner belong to the entity that it was before.*--keep-users/);
  assert.match(await site.cli(["check"]), /2 users belong to the entity that it was before/);
  const back = `http://partner.localhost:${port + 6}/metadata`;
  const kept = await site.cli(["idp", "set", "partner", "--keep-users"]);
  assert.match(kept, /2 users of another entity are its own now/);
  assert.doesNotMatch(await site.cli(["check"]), /belong to the entity/);
  const again = await site.cli(["idp", "set", "partner", "--entity-id", back]);
  assert.match(again, /are refused/);
  await sleep(1000);
  assert.equal(await code("gonzo", "partner"), "idp_entity_changed");
  await site.cli(["idp", "set", "partner", "--keep-users"]);
  assert.equal(await code("gonzo", "partner"), undefined);
});
