// What others notice while a stranger posts the dearest messages at full speed. Times are printed
// and not judged, because they mean little on shared machines; `crates/saml/tests/work` judges
// counts of instructions.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { request } from "./lib/http.js";
import { Installation } from "./lib/installation.js";
import { Running, freePorts, program, temporaryFolder } from "./lib/process.js";
import { Visitor } from "./lib/visitor.js";

let site, idp, host, port;
const auth = "/plugins/servlet/saml/auth";

before(async () => {
  port = await freePorts(8);
  host = `jira.localhost:${port}`;
  site = new Installation(temporaryFolder(), port);
  // At the level "debug" each message is written to the log, which nobody does who serves people.
  writeFileSync(site.config, readFileSync(site.config, "utf8").replace('"debug"', '"info"'));
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
  await new Promise((resolve) => setTimeout(resolve, 1000));
});

after(async () => {
  await site?.stop();
  await idp?.stop();
});

/** The median time in milliseconds of requests one after the other, for so long. */
async function median(seconds) {
  const times = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const begin = performance.now();
    const answer = await request(port, { host, path: "/browse/DEMO-1" });
    times.push(performance.now() - begin);
    assert.ok(answer.status < 400, `${answer.status}`);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

/** The same while a stranger keeps so many connections busy; and what the stranger got. */
async function beside(connections, seconds) {
  const flood = new Running(process.execPath, [
    ...[path.join(import.meta.dirname, "lib/flood.js"), `${port}`, host, `${connections}`],
  ]);
  await flood.line(/^first /m);
  const time = await median(seconds);
  flood.child.stdin.end();
  const [line] = await flood.line(/^\{.*\}$/m);
  await flood.stop();
  return { time, answers: JSON.parse(line) };
}

test("who works is served beside a stranger who posts the dearest messages at full speed", async (t) => {
  await median(1);
  const alone = await median(3);
  for (const connections of [1, 8]) {
    const { time, answers } = await beside(connections, 4);
    const statuses = Object.keys(answers);
    assert.ok(statuses.every((status) => ["403", "503"].includes(status)), JSON.stringify(answers));
    t.diagnostic(
      `median ${alone.toFixed(2)} ms alone, ${time.toFixed(2)} ms beside ${connections} connections: ` +
        `${(time / alone).toFixed(1)} times; the stranger got ${JSON.stringify(answers)}`,
    );
  }
  const visitor = new Visitor(host);
  const stranger = beside(8, 4);
  assert.equal(await visitor.signIn("camilla"), "camilla", "and signing in goes on");
  await stranger;
});
