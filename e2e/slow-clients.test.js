// Real clients that are slow, stalled or silent: curl and Node's HTTP/2 against `samlgate serve` with its
// own TLS. In numbers and in real time: slow-clients.load.js.

import assert from "node:assert/strict";
import path from "node:path";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { run, temporaryFolder } from "./lib/process.js";
import { download, served } from "./lib/served.js";
import { silence, stopAmongDownloads, untaken, uploadBeside } from "./lib/slow.js";

let place;

before(async () => {
  place = await served();
});

after(() => place?.stop());

for (const protocol of ["1.1", "2"]) {
  test(`downloads over HTTP/${protocol} come whole from a process that is told to stop`, async () => {
    assert.equal(await stopAmongDownloads(place, protocol, 1.5), 5);
    await place.start();
  });
}

test("stalled uploads hold up no other upload of their HTTP/2 connection", async () => {
  for (const stalled of [1, 20]) {
    const { text } = await uploadBeside(place, stalled);
    assert.equal(text, "100000", `${stalled} stalled`);
  }
});

test("of one HTTP/2 client at most a hundred requests are at the app", async () => {
  const own = await served();
  const { most } = await untaken(own, 150, 4).finally(own.stop);
  assert.ok(most > 0 && most <= 100, `${most}`);
});

test("curl sees the answer to an upload that is refused in its middle", async () => {
  const file = path.join(temporaryFolder(), "large");
  writeFileSync(file, Buffer.alloc(60 << 20, "x"));
  for (const protocol of ["--http1.1", "--http2"]) {
    const { code, stdout } = await run("curl", [
      ...["-sk", protocol, "--limit-rate", "30M", "-o", "/dev/null", "-w", "%{http_code}", "-H", "expect:"],
      ...["-H", "content-type: application/x-www-form-urlencoded", "--data-binary", `@${file}`],
      `${place.url}/login.jsp`,
    ]);
    assert.equal(stdout, "413", protocol);
    // Where the reset that ends an upload comes close behind the answer, curl has read the answer and
    // calls the stream unclean.
    assert.ok(code === 0 || (code === 92 && protocol === "--http2"), `${protocol}: ${code}`);
  }
});

test("silent connections silence no listener, however few files there may be", async () => {
  for (const files of [{ soft: 300, hard: 20_000 }, { soft: 300, hard: 300 }]) {
    const narrow = await served({ files });
    const { answers, warnings } = await silence(narrow, 350).finally(narrow.stop);
    for (const [listener, status] of Object.entries(answers)) {
      assert.ok(Number.isInteger(status), `${listener}: ${status}, of ${files.hard} files`);
    }
    assert.ok(warnings < 10, `${warnings} lines of warnings`);
  }
});

test("a download that is read slowly arrives", async () => {
  const { code, bytes } = await download(`${place.url}/big?3000000`, "2", 500_000);
  assert.deepEqual([code, bytes], [0, 3_000_000]);
});
