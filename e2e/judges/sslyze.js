// sslyze: whether the TLS listener is what Mozilla recommends for servers in general ("intermediate").

import path from "node:path";

import { run } from "../lib/process.js";

const python = path.join(import.meta.dirname, "../.venv/bin/python");

export async function judge({ gateway }) {
  const { code, stdout, stderr } = await run(python, [
    ...["-m", "sslyze", "--mozilla_config=intermediate", "--certinfo_ca_file", gateway.authority],
    `localhost:${gateway.port}`,
  ]);
  const good = code === 0 && /: OK - Compliant\./.test(stdout);
  const found = good ? "compliant" : stdout.slice(Math.max(stdout.indexOf("COMPLIANCE"), 0)) + stderr;
  return [{ what: "sslyze, Mozilla's intermediate configuration", good, found }];
}
