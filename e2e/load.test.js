// What others notice while a stranger posts the dearest messages at full speed. Times are printed
// and not judged, because they mean little on shared machines; `crates/saml/tests/work` judges
// counts of instructions.

import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";

import { request } from "./lib/http.js";
import { Running } from "./lib/process.js";
import { stage } from "./lib/stage.js";
import { Visitor } from "./lib/visitor.js";

let here, site, port, host;

before(async () => {
  // At the level "debug" each message is written to the log, which nobody does who serves people.
  here = await stage({ level: "info" });
  ({ site, port, host } = here);
});

after(() => here?.stop());

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
