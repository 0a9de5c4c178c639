// Certificates that vouch for themselves, or have an authority that does.

import path from "node:path";

import { run } from "./process.js";

/** Makes a key and its certificate for `host`; gives the paths of both files. */
export async function makeCertificate(folder, name, host) {
  return make(folder, name, ["-days", "3650", "-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`]);
}

/** The same as an authority of its own makes it, for as long as public ones do; and the authority's. */
export async function makeTrustedCertificate(folder, name, host) {
  const authority = await make(folder, `${name}-authority`, [
    ...["-days", "3650", "-subj", "/CN=Authority of a test", "-addext", "keyUsage=critical,keyCertSign"],
  ]);
  const made = await make(folder, name, [
    ...["-days", "90", "-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`],
    ...["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth"],
    ...["-CA", authority.certificate, "-CAkey", authority.key],
  ]);
  return { ...made, authority: authority.certificate };
}

async function make(folder, name, more) {
  const [key, certificate] = ["key", "crt"].map((end) => path.join(folder, `${name}.${end}`));
  const files = ["-keyout", key, "-out", certificate];
  const made = await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...more, ...files]);
  if (made.code !== 0) throw new Error(`openssl: ${made.stderr}`);
  return { key, certificate };
}
