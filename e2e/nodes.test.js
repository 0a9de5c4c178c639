// Two nodes on one PostgreSQL, with one key: a person may meet either at every step.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { request } from "./lib/http.js";
import { claims, startIdp } from "./lib/idp.js";
import { Installation } from "./lib/installation.js";
import { startPostgreSql } from "./lib/postgresql.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { Visitor } from "./lib/visitor.js";

const auth = "/plugins/servlet/saml/auth";
let first, second, idp, server, jira, confluence;

before(async () => {
  const port = await freePorts(12);
  const folder = temporaryFolder();
  server = await startPostgreSql();
  const shared = { database: await server.database("nodes"), key: "shared.key" };
  first = new Installation(folder, port, { ...shared, name: "first" });
  second = new Installation(folder, port + 4, { ...shared, name: "second" });
  [jira, confluence] = [`jira.localhost:${port}`, `confluence.localhost:${port + 4}`];
  idp = await startIdp(port + 9, [first.url("jira"), second.url("confluence")]);
  await first.start();
  await second.start();
  // Jira asks the first node, Confluence the second.
  await first.addDouble("jira", "jira9");
  await second.addDouble("confluence", "confluence7");
  for (const name of ["jira-software-users", "confluence-users"]) await first.cli(["group", "add", name]);
  await first.cli([
    ...["idp", "add", "company", "--metadata", `http://127.0.0.1:${port + 9}/metadata`],
    ...["--user-id", `attribute:${claims.account}`, "--email", claims.email, "--create-users"],
    ...["--user-groups", "jira-software-users,confluence-users"],
  ]);
  await sleep(1000);
});

after(async () => {
  await first?.stop();
  await second?.stop();
  await idp?.stop();
  await server?.stop();
});

test("a sign-in begun at one node is finished at the other", async () => {
  for (const host of [jira, confluence]) {
    for (const [begun, finished] of [[first, second], [second, first]]) {
      const visitor = new Visitor(host, begun.port);
      const fields = await visitor.response("camilla");
      visitor.node = finished.port;
      const answer = await visitor.post(fields);
      visitor.node = begun.port;
      assert.equal(await visitor.finish(answer), "camilla", `${host} begun at ${begun.port}`);
    }
  }
});

/** Whether the answer gives the browser a session; who comes again is only led on. */
const givesSession = (answer) => answer.cookies.some((line) => line.startsWith("__Host-samlgate_session="));

test("a response taken by one node gives no session at the other", async () => {
  const visitor = new Visitor(jira, first.port);
  const fields = await visitor.response("gonzo");
  const thief = new Visitor(jira, second.port);
  thief.cookies = new Map(visitor.cookies);
  assert.equal(await visitor.finish(await visitor.post(fields)), "gonzo");
  const answer = await thief.post(fields);
  assert.ok(!givesSession(answer));
  const open = await thief.send(jira, answer.headers.location);
  assert.match(open.headers.location, /saml\/auth/, "the way on leads to a sign-in");
});

test("of the same response at both nodes at once, one signs in", async () => {
  for (let round = 0; round < 5; round++) {
    const visitor = new Visitor(jira, first.port);
    const fields = await visitor.response("gonzo");
    const twin = new Visitor(jira, second.port);
    twin.cookies = new Map(visitor.cookies);
    const answers = await Promise.all([visitor.post(fields), twin.post(fields)]);
    assert.equal(answers.filter(givesSession).length, 1);
  }
});

test("rounds that pass from node to node end at the third, and both nodes tell the same of them", async () => {
  const visitor = new Visitor(jira, first.port);
  visitor.begins = `${auth}?os_destination=/browse/DEMO-1`;
  let rounds = 0;
  for (; rounds < 10 && !visitor.begins.includes("/ended"); rounds += 1) {
    visitor.node = rounds % 2 ? second.port : first.port;
    const start = await visitor.send(jira, visitor.begins);
    if (start.headers.location.includes("/ended")) {
      visitor.begins = start.headers.location;
      break;
    }
    const fields = await visitor.response("gonzo");
    visitor.node = rounds % 2 ? first.port : second.port;
    const answer = await visitor.post(fields);
    visitor.cookies.delete("__Host-samlgate_session");
    visitor.begins = (await visitor.send(jira, answer.headers.location)).headers.location;
  }
  assert.equal(rounds, 3);
  const pages = [];
  for (const { port } of [first, second]) {
    visitor.node = port;
    pages.push((await visitor.send(jira, visitor.begins)).body);
  }
  assert.match(pages[0], /is not keeping the cookie/);
  assert.equal(pages[0], pages[1]);
});

test("an answer without its request leads to the app at either node, where there is a session", async () => {
  const visitor = new Visitor(jira, first.port);
  const fields = await visitor.response("gonzo");
  assert.equal(await visitor.finish(await visitor.post(fields)), "gonzo");
  for (const name of [...visitor.cookies.keys()]) if (name.startsWith("samlgate_request_")) visitor.cookies.delete(name);
  visitor.node = second.port;
  const again = await visitor.post(fields);
  assert.equal(again.status, 400);
  const [, there] = /^0; url=(.*)$/.exec(again.headers.refresh);
  const led = await visitor.send(jira, there);
  assert.equal(led.headers.location, "/plugins/servlet/saml/open");
});

test("two first sign-ins of one person at once make one user", async () => {
  await first.cli(["user", "list", "--json"]);
  const visitors = [new Visitor(jira, first.port), new Visitor(jira, second.port)];
  const fields = await Promise.all(visitors.map((visitor) => visitor.response("søren")));
  const answers = await Promise.all(visitors.map((visitor, n) => visitor.post(fields[n])));
  for (const [n, visitor] of visitors.entries()) {
    // Who came a moment too late finds the user that the other one made, and is let in as well.
    assert.ok(await visitor.finish(answers[n]));
  }
  const users = (await first.cli(["user", "list", "--json"])).trim().split("\n");
  const names = users.flatMap((line) => JSON.parse(line)).map((user) => user.name);
  assert.equal(names.filter((name) => name.startsWith("s")).length, 1, names.join(" "));
});

test("a response as it was posted is explained, as long as its signature verifies", async () => {
  const { SAMLResponse } = await new Visitor(jira, first.port).response("gonzo");
  const explain = ["provision", "explain", "--idp", "company", "-"];
  assert.match(await second.cli(explain, SAMLResponse), /^user id gonzo$/m);
  const xml = Buffer.from(SAMLResponse, "base64").toString();
  assert.match(await first.cli(explain, xml), /^user id gonzo$/m);
  const forged = await first.tryCli(explain, xml.replaceAll(">gonzo<", ">camilla<"));
  assert.equal(forged.code, 1);
  assert.match(forged.stderr, /does not verify with the keys of company/);
});

test("users and groups of a running Confluence are imported, and a second time nothing is new", async () => {
  const user = { name: "waldorf", full_name: "Waldorf", email: "waldorf@muppets.com", password: "x" };
  await second.control("confluence", "POST", "/users", { ...user, groups: ["balcony & co"] });
  const address = `http://${second.doubles.confluence.address}`;
  const args = ["import", "confluence", "--url", address, "--user", "admin", "--pause-ms", "0"];
  const done = await first.tryCli([...args, "--idp", "company"], "admin\n");
  assert.match(done.stdout, /groups: [1-9]/, done.stderr);
  const shown = JSON.parse(await second.cli(["user", "show", "waldorf", "--json"]));
  assert.deepEqual([shown.email, shown.idp], ["waldorf@muppets.com", "company"]);
  assert.deepEqual(shown.groups.map((group) => group.name), ["balcony & co"]);
  const again = await first.tryCli([...args, "--idp", "company", "--json"], "admin\n");
  const report = JSON.parse(again.stdout);
  assert.deepEqual([report.users_created, report.groups_created, report.memberships_added], [0, 0, 0]);
});

test("both nodes see a changed setting within a second", async () => {
  const label = `Company ${Date.now()}`;
  await first.cli(["idp", "set", "company", "--button-label", label]);
  const changed = Date.now();
  for (const node of [first, second]) {
    for (;;) {
      const page = await request(node.port, { host: jira, path: "/login.jsp" });
      if (page.body.includes(label)) break;
      assert.ok(Date.now() - changed < 1500, `${node.port} still shows the old label`);
      await sleep(50);
    }
  }
});

test("when a node is killed in the middle, the other lets the person in", async () => {
  for (let round = 0; round < 4; round++) {
    const visitor = new Visitor(confluence, first.port);
    const fields = await visitor.response("gonzo");
    const posted = visitor.post(fields).catch(() => undefined);
    await sleep(round * 4);
    await first.kill();
    const answer = await posted;
    visitor.node = second.port;
    if (answer?.status === 303) assert.equal(await visitor.finish(answer), "gonzo");
    assert.equal(await new Visitor(confluence, second.port).signIn("gonzo"), "gonzo");
    await first.start();
  }
});
