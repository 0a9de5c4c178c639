// A server that is killed in the middle of sign-ins leaves whole things or nothing, and the person
// gets in by trying again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { claims, startIdp } from "./lib/idp.js";
import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { Visitor } from "./lib/visitor.js";

let site, idp, host, port;
const auth = "/plugins/servlet/saml/auth";

before(async () => {
  port = await freePorts(8);
  host = `jira.localhost:${port}`;
  site = new Installation(temporaryFolder(), port);
  idp = await startIdp(port + 5, [site.url("jira")]);
  await site.start();
  await site.addDouble("jira", "jira9");
  await site.cli(["group", "add", "jira-software-users"]);
  await site.cli([
    ...["idp", "add", "company", "--metadata", `http://127.0.0.1:${port + 5}/metadata`],
    ...["--user-id", `attribute:${claims.account}`, "--email", claims.email, "--create-users"],
    ...["--user-groups", "jira-software-users"],
  ]);
  await sleep(1000);
});

after(async () => {
  await site?.stop();
  await idp?.stop();
});

/** Every user is whole, and every attempt that signed in has its user. */
async function consistent() {
  const lines = (await site.cli(["user", "list", "--json"])).trim().split("\n").filter(Boolean);
  const users = lines.flatMap((line) => JSON.parse(line));
  const names = new Set(users.map((user) => user.name));
  for (const attempt of await site.attempts()) {
    assert.ok(["refused", "signed_in", "opened", "open_failed"].includes(attempt.outcome));
    if (attempt.outcome !== "refused") assert.ok(names.has(attempt.user ?? attempt.user_name));
  }
  for (const user of users) {
    const shown = JSON.parse(await site.cli(["user", "show", user.name, "--json"]));
    assert.equal(shown.idp, "company");
    assert.ok(JSON.stringify(shown.groups).includes("jira-software-users"), "user and groups together");
  }
}

test("killed at any moment of a sign-in, it lets the person in at the next try", async () => {
  for (const [round, person] of ["camilla", "gonzo", "camilla", "gonzo", "camilla", "gonzo"].entries()) {
    const visitor = new Visitor(host);
    const fields = await visitor.response(person);
    const posted = visitor.post(fields).catch(() => undefined);
    await sleep(round * 3);
    await site.kill();
    await posted;
    await site.start();
    await consistent();
    assert.equal(await new Visitor(host).signIn(person), person);
    await consistent();
  }
});

test("an assertion that was claimed before the kill is not taken again", async () => {
  const visitor = new Visitor(host);
  const fields = await visitor.response("camilla");
  const kept = new Map(visitor.cookies);
  assert.equal(await visitor.finish(await visitor.post(fields)), "camilla");
  await site.kill();
  await site.start();
  const thief = new Visitor(host);
  thief.cookies = kept;
  const answer = await thief.post(fields);
  assert.equal(answer.status, 303, "as the first time");
  assert.ok(!answer.cookies.some((line) => line.includes("samlgate_session")), "but no session");
  const open = await thief.send(host, answer.headers.location);
  assert.match(open.headers.location, /saml\/auth/, "who has no session signs in");
});

test("killed while the app is asked, the session opens the app at the next look", async () => {
  const visitor = new Visitor(host);
  const answer = await visitor.post(await visitor.response("gonzo"));
  assert.equal(answer.status, 303);
  const opening = visitor.send(host, answer.headers.location).catch(() => undefined);
  await sleep(5);
  await site.kill();
  await opening;
  await site.start();
  await consistent();
  assert.equal(await visitor.finish(answer), "gonzo");
});
