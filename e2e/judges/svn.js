// Subversion: WebDAV with methods, headers and names of its own, at Apache's mod_dav_svn.

import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { run } from "../lib/process.js";

const names = ["plain", "with space", "søren & c.", "50% #1?", "semi;colon", "plus+[x]"];

export async function judge({ folder, gateway }) {
  const home = path.join(folder, "svn");
  mkdirSync(home);
  const svn = svnAt(home, gateway.authority);
  const address = `${gateway.origin}/svn`;
  const file = (copy, name) => path.join(home, copy, "trunk", name);

  mkdirSync(path.join(home, "begin/trunk"), { recursive: true });
  for (const name of names) writeFileSync(file("begin", name), `${name}\n`);
  writeFileSync(file("begin", "large"), randomBytes(3 << 20));
  await svn("import", "-m", "Begin", "begin", address);
  await svn("checkout", address, "author");
  await svn("checkout", address, "reader");

  await svn("copy", "-m", "Branch", `${address}/trunk`, `${address}/branch`);
  for (const name of names) appendFileSync(file("author", name), "a second line\n");
  await svn("lock", file("author", "plain"));
  await svn("move", file("author", "large"), file("author", "moved"));
  await svn("propset", "kind", "an app's own", file("author", "moved"));
  await svn("commit", "-m", "Lines", "author");
  await svn("update", "reader");

  const wrong = names.filter((name) => readFileSync(file("reader", name), "utf8") !== `${name}\na second line\n`);
  const large = readFileSync(file("reader", "moved")).equals(readFileSync(file("begin", "large")));
  const merged = await svn("merge", `${address}/trunk`, path.join(home, "reader/branch"));
  const good = wrong.length === 0 && large && names.every((name) => merged.includes(`/${name}\n`));
  const found = good ? "import, checkout, branch, lock, move, commit, update and merge are whole" : `${wrong} ${large} ${merged}`;
  return [{ what: "svn, mod_dav_svn", good, found }];
}

/** Runs svn in a folder of its own, with no settings but these; gives what it prints. */
function svnAt(home, authority) {
  const env = { PATH: process.env.PATH, HOME: home, LC_ALL: "C.UTF-8" };
  const options = [
    ...["--non-interactive", "--no-auth-cache", "--username", "author", "--password", "secret"],
    ...["--config-option", `servers:global:ssl-authority-files=${authority}`],
  ];
  return async (...args) => {
    const { code, stdout, stderr } = await run("svn", [...options, ...args], { cwd: home, env });
    if (code !== 0) throw new Error(`svn ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
}
