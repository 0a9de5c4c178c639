// `samlgate backup` beside a running server, and `samlgate restore` into an installation with the
// key, in words that help when something is not as it must be.

import assert from "node:assert/strict";
import { copyFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";

describe("a backup", () => {
  let site, other, file;

  before(async () => {
    site = new Installation(temporaryFolder(), await freePorts(3));
    other = new Installation(temporaryFolder(), await freePorts(3));
    file = path.join(site.folder, "backup.db");
    await site.start();
  });

  after(async () => {
    await site?.stop();
    await other?.stop();
  });

  const add = (name) =>
    site.cli(["user", "add", name, "--full-name", name, "--email", `${name}@muppets.com`]);
  const users = async (where) =>
    JSON.parse(await where.cli(["user", "list", "--json"])).map((user) => user.name);

  test("is made while the server runs, and is not written over", async () => {
    await add("camilla");
    assert.match(await site.cli(["backup", file]), /1 MiB\. Keep a copy of the key file .*samlgate\.key/);
    const again = await site.tryCli(["backup", file]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /cannot write .*backup\.db: File exists/);
  });

  test("takes the database's place once the server is stopped", async () => {
    await add("gonzo");
    const refused = await site.tryCli(["restore", file]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /samlgate\.db is in use; stop samlgate on this machine first/);
    assert.deepEqual(await users(site), ["camilla", "gonzo"]);

    await site.server.stop();
    assert.match(await site.cli(["restore", file]), /signs in anew\.\nThe database before is /);
    await site.start();
    assert.deepEqual(await users(site), ["camilla"]);
    const kept = readdirSync(site.folder).filter((name) => /^samlgate\.db\.before-\d{8}T\d{6}Z$/.test(name));
    assert.equal(kept.length, 1);
  });

  test("goes to another machine with its key, and not without", async () => {
    const missing = await other.tryCli(["restore", file]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /needs key \w+; put the key file of its installation at .*samlgate\.key/);
    assert.deepEqual(readdirSync(other.folder), ["samlgate.toml"], "nothing was made");

    const nothing = await other.tryCli(["backup", path.join(other.folder, "backup.db")]);
    assert.match(nothing.stderr, /there is no database .*samlgate\.db to back up/);
    assert.deepEqual(readdirSync(other.folder), ["samlgate.toml"], "nothing was made");

    copyFileSync(path.join(site.folder, "samlgate.key"), path.join(other.folder, "samlgate.key"));
    await other.cli(["restore", file]);
    assert.deepEqual(await users(other), ["camilla"]);
    await other.start();
  });

  test("of another installation's key is refused", async () => {
    const third = new Installation(temporaryFolder(), await freePorts(3));
    await third.start();
    await third.stop();
    const refused = await third.tryCli(["restore", file]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /samlgate\.key holds key \w+, but the backup needs key \w+; put/);
  });
});
