// h2spec: whether a server speaks HTTP/2 as RFC 7540 and RFC 7541 demand, with the tests it calls strict.

import path from "node:path";

import { run } from "../lib/process.js";

const here = path.join(import.meta.dirname, "../h2spec");
const tools = path.join(import.meta.dirname, "../.bin");

export async function judge({ gateway }) {
  const built = await run("go", ["install", "github.com/summerwind/h2spec/cmd/h2spec"], {
    cwd: here,
    env: { ...process.env, GOBIN: tools },
  });
  if (built.code !== 0) throw new Error(`go install: ${built.stderr}`);
  const { code, stdout } = await run(path.join(tools, "h2spec"), [
    ...["--host", "localhost", "--port", `${gateway.port}`, "--tls", "--insecure", "--strict"],
  ]);
  const [, tests, passed] = /^(\d+) tests, (\d+) passed, 0 skipped, \d+ failed$/m.exec(stdout) ?? [];
  const good = code === 0 && tests === passed && Number(tests) >= 146;
  return [{ what: "h2spec, strict, over TLS", good, found: good ? `${passed} of ${tests}` : failures(stdout) }];
}

/** The tests that failed, as h2spec repeats them at its end. */
const failures = (text) => text.slice(Math.max(text.lastIndexOf("Failures:"), 0));
