// Certificates that vouch for themselves.

import path from "node:path";

import { run } from "./process.js";

/** Makes a key and its certificate for `host`; gives the paths of both files. */
export async function makeCertificate(folder, name, host) {
  const [key, certificate] = ["key", "crt"].map((end) => path.join(folder, `${name}.${end}`));
  const made = await run("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", `/CN=${host}`],
    ...["-addext", `subjectAltName=DNS:${host}`, "-keyout", key, "-out", certificate],
  ]);
  if (made.code !== 0) throw new Error(`openssl: ${made.stderr}`);
  return { key, certificate };
}
