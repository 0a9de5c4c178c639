// What an older version stored, opened by this one: nothing is lost, everybody gets in who may, and
// `check` names what an administrator must decide.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";

import { request } from "./lib/http.js";
import { startIdp } from "./lib/idp.js";
import { Installation } from "./lib/installation.js";
import { startPostgreSql } from "./lib/postgresql.js";
import { freePorts, run, temporaryFolder } from "./lib/process.js";
import { PORT, answer } from "./upgrade/make.js";

const folder = path.join(import.meta.dirname, "upgrade/two-idps");
/** What may be added to: the rest has as many rows as before. */
const grow = ["_sqlx_migrations", "settings_revision", "history", "history_number", "properties", "console_tickets"];
let postgresql, port;
const idps = [], sites = [];

/** A file of the state, with the test's own ports. */
const old = (name) =>
  readFileSync(path.join(folder, name), "utf8").replace(/\b210\d\d\b/g, (at) => at - PORT + port);

/** The rows of the old state by table, as the script inserts them. */
function inserted(sql) {
  const counts = {};
  for (const [, table] of sql.matchAll(/^INSERT INTO (?:public\.)?"?(\w+)"?/gm)) {
    counts[table] = (counts[table] ?? 0) + 1;
  }
  return counts;
}

/** The databases, each with a way to ask it. */
async function databases(at) {
  const file = path.join(at, "samlgate.db");
  await postgresql.execute("old", old("postgresql.sql"));
  const made = await run("sqlite3", [file], { input: old("sqlite.sql") });
  assert.equal(made.code, 0, made.stderr);
  return [
    ["sqlite.sql", "sqlite:samlgate.db", async (sql) => (await run("sqlite3", [file, sql])).stdout],
    ["postgresql.sql", postgresql.url, (sql) => postgresql.query("old", sql)],
  ];
}

/** Signs in at Jira; gives the code of the refusal, or who is signed in. */
async function comes(site, name, person) {
  const { visitor, answer: said } = await answer(port, name, person);
  if (said.status === 303) return visitor.finish(said);
  const [, id] = /<code>([0-9a-f-]{36})<\/code>/.exec(said.body);
  return JSON.parse(await site.cli(["attempts", id, "--json"])).code;
}

before(async () => {
  port = await freePorts(8);
  postgresql = await startPostgreSql();
  postgresql.url = await postgresql.database("old");
  for (const [at, name] of ["company", "partner"].entries()) {
    idps.push(await startIdp(port + 5 + at, [`http://jira.localhost:${port}`], name));
  }
});

after(async () => {
  for (const site of sites) await site.stop();
  for (const one of idps) await one.stop();
  await postgresql?.stop();
});

test("an older version's database opens, loses nothing, and its people get in", async () => {
  const at = temporaryFolder();
  writeFileSync(path.join(at, "samlgate.key"), readFileSync(path.join(folder, "samlgate.key")));
  chmodSync(path.join(at, "samlgate.key"), 0o600);
  for (const [script, database, ask] of await databases(at)) {
    const site = new Installation(at, port, { database });
    sites.push(site);
    const before = inserted(old(script));
    for (const said of [/2 are linked to no IdP: gonzo, kermit\./, /separator = "auto"/, /protect_additions = false/]) {
      assert.match(await site.cli(["check"]), said, `${script}, before the first start`);
    }
    // Counted before the start, which removes what is too old.
    for (const [table, rows] of Object.entries(before)) {
      const now = Number(await ask(`SELECT count(*) FROM ${table}`));
      assert.ok(grow.includes(table) ? now >= rows : now === rows, `${script}: ${table} ${rows} ${now}`);
    }
    await site.startDouble("jira", "jira9");
    await site.cli(["app", "set", "jira", "--upstream", `http://${site.doubles.jira.address}`]);
    // Somebody signed in an hour before the upgrade.
    const [begun, token] = [Date.now() - 3_600_000, "of-an-older-version"];
    const hash = createHash("sha256").update(token).digest("hex");
    await ask(`UPDATE sessions SET token_hash = '${hash}', created_at = ${begun}, expires_at = ${begun + 8 * 3_600_000}`);
    await site.start();
    const cookie = `__Host-samlgate_session=${token}`;
    const jira = { host: `jira.localhost:${port}`, headers: { cookie } };
    const opened = await request(port, { ...jira, path: "/plugins/servlet/saml/open" });
    assert.ok(opened.cookies.some((line) => line.startsWith("JSESSIONID")), `${script}: goes on`);
    const settings = await site.cli(["export"]);
    assert.match(settings, /\[app\.confluence\][^[]*^applications = \["confluence", "jira"\]/m, "as any did");
    assert.match(settings, /\[idp\.company\.provisioning\.groups\][^[]*^separator = "auto"/m);
    assert.match(settings, /\[idp\.partner\.provisioning\.groups\][^[]*^separator = ";"/m);
    assert.match(await site.cli(["check"]), /2 are linked to no IdP: gonzo, kermit\./);

    assert.equal(await comes(site, "company", "camilla"), "camilla");
    assert.equal(await comes(site, "partner", "camilla"), "user_of_other_idp");
    assert.equal(await comes(site, "company", "gonzo"), "user_not_linked");
    await site.cli(["user", "link", "gonzo", "--idp", "company"]);
    assert.equal(await comes(site, "company", "gonzo"), "gonzo");
    assert.match(await site.cli(["check"]), /1 are linked to no IdP: kermit\./);
    await site.stop();
  }
});

test("an older version's settings document is taken as it is", async () => {
  const site = new Installation(temporaryFolder(), port);
  const document = old("settings.toml");
  const applied = await site.tryCli(["apply", "-"], document);
  assert.equal(applied.code, 0, applied.stderr);
  const keys = (text) => text.split("\n").filter((line) => line && !line.startsWith("#"));
  const now = new Set(keys(await site.cli(["export"])));
  assert.deepEqual(keys(document).filter((line) => !now.has(line)), [], "every key has its value");
  assert.match(applied.stdout + applied.stderr, /app confluence: it names none of the Crowd applications/);
});
