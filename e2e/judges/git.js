// git: clones, pushes and partial clones of what `git http-backend` serves, over both versions of HTTP.

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { makeRepository } from "../lib/apache.js";
import { gitAt } from "../lib/git.js";

export async function judge(stage) {
  const verdicts = [];
  for (const version of ["HTTP/1.1", "HTTP/2"]) {
    const good = await work(stage, version).then(() => undefined, (error) => error.message);
    verdicts.push({
      what: `git, ${version}, git http-backend`,
      good: !good,
      found: good ?? "clone, push, large push, fetch, shallow and partial clone are whole",
    });
  }
  return verdicts;
}

async function work({ folder, apache, gateway }, version) {
  const name = version === "HTTP/2" ? "two" : "one";
  await makeRepository(apache, name);
  const home = path.join(folder, `git-${name}`);
  mkdirSync(home);
  const git = gitAt(home, gateway.authority, { "http.version": version });
  const address = `${gateway.origin}/git/${name}`;
  const signedIn = address.replace("//", "//author:secret@");

  await git("clone", "-q", signedIn, "author");
  writeSmallFiles(path.join(home, "author"));
  await git("-C", "author", "add", ".");
  await git("-C", "author", "commit", "-qm", "Small files");
  await git("-C", "author", "push", "-q", "origin", "HEAD:main");
  await git("clone", "-q", "-b", "main", address, "reader");

  // More than http.postBuffer, so that git does not know its length beforehand and sends it as it is made.
  writeFileSync(path.join(home, "author/large"), randomBytes(3 << 20));
  await git("-C", "author", "add", "large");
  await git("-C", "author", "commit", "-qm", "Large file");
  const pushed = await git("-C", "author", "push", "-q", "origin", "HEAD:main");
  if (version === "HTTP/1.1") must(/Transfer-Encoding: chunked/i.test(pushed.stderr), "not sent in chunks");
  must(pushed.stderr.includes(`header: ${version} 200`), `not ${version}`);

  await git("-C", "reader", "pull", "-q");
  await git("clone", "-q", "-b", "main", "--depth=1", address, "shallow");
  await git("clone", "-q", "-b", "main", "--filter=blob:none", "--no-checkout", address, "partial");
  const objects = await git("-C", "partial", "rev-list", "--objects", "--missing=print", "HEAD");
  must(/^\?/m.test(objects.stdout), "the partial clone is whole");
  await git("-C", "partial", "checkout", "-q", "main");

  const wanted = await tree(git, "author");
  for (const copy of ["reader", "shallow", "partial"]) {
    must((await tree(git, copy)) === wanted, `${copy} differs`);
    await git("-C", copy, "fsck", "--strict");
    const { stdout } = await git("-C", copy, "status", "--porcelain");
    must(stdout === "", `${copy}: ${stdout}`);
  }
}

function writeSmallFiles(folder) {
  for (let number = 0; number < 300; number++) {
    writeFileSync(path.join(folder, `file-${number}`), `${number}\n`.repeat(number));
  }
}

const tree = async (git, copy) => (await git("-C", copy, "rev-parse", "HEAD^{tree}")).stdout;

function must(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}
