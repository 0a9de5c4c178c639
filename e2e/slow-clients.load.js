// The long form of slow-clients.test.js: clients that are slow, stalled, silent or untaking, in real time
// and in numbers. Prints what it finds and judges it; about twelve minutes.
//
//   node slow-clients.load.js [all|uploads|silent|stop|answers|downloads] [PROGRAM]

import assert from "node:assert/strict";

import { download, served } from "./lib/served.js";
import { silence, stopAmongDownloads, untaken, uploadBeside } from "./lib/slow.js";

const [what = "all", binary] = process.argv.slice(2);

/** Does something at a place of its own. */
async function at(options, act) {
  const place = await served({ binary, ...options });
  await act(place).finally(place.stop);
}

/** Uploads that an app does not read, and a small one beside them. */
const uploads = () =>
  at({}, async (place) => {
    for (const stalled of [1, 5, 40]) {
      const answer = await uploadBeside(place, stalled);
      console.log(`100 kB beside ${stalled} stalled uploads: ${JSON.stringify(answer)}`);
      assert.equal(answer.text, "100000");
    }
  });

/** More silent connections than the usual limit of files. */
async function silent() {
  for (const files of [{ soft: 1024, hard: 20_000 }, { soft: 1024, hard: 1024 }]) {
    await at({ files }, async (place) => {
      const found = await silence(place, 1100);
      console.log(`1100 silent connections, limit ${files.soft} of ${files.hard}: ${JSON.stringify(found)}`);
      assert.ok(Object.values(found.answers).every(Number.isInteger), "a listener is silent");
      assert.ok(found.warnings < 10);
    });
  }
}

/** Five downloads and a SIGTERM, ten times, over each protocol. */
async function stop() {
  for (const protocol of ["1.1", "2"]) {
    await at({}, async (place) => {
      let whole = 0;
      for (let time = 0; time < 10; time++) {
        if (time > 0) await place.start();
        whole += await stopAmongDownloads(place, protocol, 1 + time / 5);
      }
      console.log(`a process that stops: ${whole} of 50 downloads over HTTP/${protocol} came whole`);
      assert.equal(whole, 50);
    });
  }
}

/** Two hundred answers that nobody takes: a hundred, and when these are given up the others. */
const answers = () =>
  at({}, async (place) => {
    const { most, open, seconds } = await untaken(place, 200, 300);
    console.log(`200 untaken answers: ${most} connections to the app, ${open} after ${seconds} s`);
    assert.equal(open, 0);
    assert.ok(most <= 100);
  });

/** Twenty megabytes at sixty kilobytes a second. */
const downloads = () =>
  at({}, async (place) => {
    const all = ["1.1", "2"].map((protocol) => download(`${place.url}/big?20000000`, protocol, 60_000));
    for (const done of await Promise.all(all)) {
      console.log(`20 MB at 60 kB/s: ${JSON.stringify(done)}`);
      assert.deepEqual([done.code, done.bytes], [0, 20_000_000]);
    }
  });

for (const step of [uploads, silent, stop, answers, downloads]) {
  if (what !== "all" && what !== step.name) continue;
  await step().catch((error) => {
    console.log(`${step.name}: ${error.message}`);
    process.exitCode = 1;
  });
}
