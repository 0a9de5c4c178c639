// curl: what scripts do. Files go to mod_dav and come back, over each version of HTTP.

import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { run } from "../lib/process.js";

const size = 32 << 20;

export async function judge(stage) {
  const verdicts = [];
  for (const version of ["--http1.0", "--http1.1", "--http2"]) {
    const what = `curl ${version}, mod_dav`;
    verdicts.push(
      await transfers(stage, version).then(
        (same) => ({ what, good: true, found: `${size >> 20} MiB come back as they were: ${same.join(", ")}` }),
        (error) => ({ what, good: false, found: error.message }),
      ),
    );
  }
  return verdicts;
}

/** Sends and fetches; gives what was the same afterwards. */
async function transfers({ folder, gateway }, version) {
  const url = `${gateway.origin}/dav/curl${version}`;
  const body = randomBytes(size);
  const sent = path.join(folder, `sent${version}`);
  const came = path.join(folder, `came${version}`);
  const nowhere = path.join(folder, "nowhere");
  writeFileSync(sent, body);
  /** Asks with these arguments, from a file to a file, and expects this status. */
  const ask = async (status, file, args, input) => {
    const { code, stdout, stderr } = await run(
      "curl",
      [
        ...["-sS", "--noproxy", "*", "-m", "60", "--cacert", gateway.authority, version, "-o", file],
        ...["-w", "%{http_version} %{http_code}", ...args, url],
      ],
      { input },
    );
    const wanted = `${version.slice("--http".length).replace("1.0", "1")} ${status}`; // as curl writes it
    if (code !== 0 || stdout !== wanted) throw new Error(`curl ${args.join(" ")}: ${stdout}, not ${wanted} ${stderr}`);
  };
  const found = [];
  const same = (what) => {
    if (!readFileSync(came).equals(body)) throw new Error(`${what}: not as it was sent`);
    found.push(what);
  };
  await ask(201, nowhere, ["-T", sent]);
  await ask(200, came, []);
  same("a whole file");
  writeFileSync(came, body.subarray(0, size / 3));
  await ask(206, came, ["-C", "-"]);
  same("a download that was interrupted");
  if (version !== "--http1.0") {
    // Of unknown length, which the oldest version cannot send.
    await ask(204, nowhere, ["-X", "DELETE"]);
    await ask(201, nowhere, ["-T", "-"], body);
    await ask(200, came, []);
    same("an upload from a pipe");
  }
  await ask(200, nowhere, ["-I"]);
  await ask(204, nowhere, ["-X", "DELETE"]);
  await ask(404, nowhere, []);
  return found;
}
