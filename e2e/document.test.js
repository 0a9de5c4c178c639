// All settings as one document: from one installation to another, and from SQLite to PostgreSQL.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { request } from "./lib/http.js";
import { makeCertificate } from "./lib/certificate.js";
import { Installation } from "./lib/installation.js";
import { startPostgreSql } from "./lib/postgresql.js";
import { freePorts, run, temporaryFolder } from "./lib/process.js";

let old, fresh, server, document;

before(async () => {
  const port = await freePorts(8);
  const folder = temporaryFolder();
  server = await startPostgreSql();
  const key = "shared.key";
  old = new Installation(folder, port, { name: "old", key });
  fresh = new Installation(folder, port, { name: "new", key, database: await server.database("settings") });
  const { certificate } = await makeCertificate(folder, "idp", "idp.localhost");
  await old.cli(["application", "add", "jira", "--allow", "10.0.0.0/8"], "its password\n");
  await old.cli([
    ...["app", "add", "jira", "--kind", "jira", "--public-url", old.url("jira")],
    ...["--upstream", "http://127.0.0.1:9", "--application", "jira"],
  ]);
  await old.cli([
    ...["idp", "add", "company", "--entity-id", "https://idp.example.org/", "--create-users"],
    ...["--login-url", "https://idp.example.org/sso", "--certificate", certificate],
    ...["--button-label", "Firma \"Ä\" = [x] # y"],
  ]);
  document = path.join(folder, "settings.toml");
  writeFileSync(document, await old.cli(["export"]));
});

after(async () => {
  await fresh?.stop();
  await server?.stop();
});

test("a document from SQLite applies on PostgreSQL, and then changes nothing", async () => {
  const empty = await fresh.cli(["export"]);
  const dry = await fresh.cli(["apply", "--dry-run", document]);
  assert.match(dry, /^idp company$/m);
  assert.match(dry, /^ {2}\+ upstream = "http:\/\/127\.0\.0\.1:9"$/m);
  assert.match(dry, /would change; nothing was changed/);
  assert.doesNotMatch(dry, /\$argon2/, "no hash in a diff");
  assert.equal(await fresh.cli(["export"]), empty, "a dry run changes nothing");

  assert.match(await fresh.cli(["apply", document]), /changed/);
  assert.equal(await fresh.cli(["export"]), await old.cli(["export"]));
  assert.match(await fresh.cli(["apply", document]), /^nothing changes$/m);

  await fresh.start();
  const page = await request(fresh.port, { host: new URL(old.url("jira")).host, path: "/plugins/servlet/saml/metadata" });
  assert.equal(page.status, 200, "the settings work there");
});

test("a wrong document names line and key, and changes nothing", async () => {
  const exported = await fresh.cli(["export"]);
  const lines = exported.split("\n");
  const at = lines.findIndex((line) => line.startsWith("upstream"));
  for (const [line, says] of [
    ['upstreem = "http://127.0.0.1:9"', /upstreem/],
    ['upstream = "no address"', /upstream/],
    ["upstream = 5", /upstream|string/],
    ["upstream = ", /line/],
  ]) {
    const wrong = `${document}.wrong`;
    // Another change before the wrong line must not be taken either.
    const changed = lines.with(at, line).join("\n").replace("https://idp.example.org/sso", "https://other.example/");
    writeFileSync(wrong, changed);
    const done = await fresh.tryCli(["apply", wrong]);
    assert.equal(done.code, 1, line);
    assert.match(done.stderr, /line \d+/, line);
    assert.match(done.stderr, says, line);
    assert.equal(await fresh.cli(["export"]), exported, line);
  }
});
