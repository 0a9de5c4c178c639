// h2load: many requests at once over HTTP/2 and HTTP/1.1, each of which must be answered.

import { run } from "../lib/process.js";

const requests = 2000;

export async function judge({ gateway }) {
  const verdicts = [];
  for (const [what, ...options] of [
    ["HTTP/2, 10 connections with 20 streams each", "-m20"],
    ["HTTP/1.1, 10 connections", "--h1"],
  ]) {
    const { stdout, stderr } = await run("h2load", [
      ...["-n", `${requests}`, "-c", "10", ...options, `${gateway.origin}/`],
    ]);
    const [, good] = /^status codes: (\d+) 2xx, 0 3xx, 0 4xx, 0 5xx$/m.exec(stdout) ?? [];
    const all = stdout.includes(`${requests} succeeded, 0 failed, 0 errored, 0 timeout`) && Number(good) === requests;
    const found = all ? `${good} of ${requests} answered` : stdout + stderr;
    verdicts.push({ what: `h2load, ${what}`, good: all, found });
  }
  return verdicts;
}
