// Writes the state that `../upgrade.test.js` opens, with the program of the version that is left behind:
//
//   node e2e/upgrade/make.js PROGRAM e2e/upgrade/NAME
//
// Two apps, two identity providers, users with and without one, on both databases. A version that
// changes what is stored keeps a folder of the version before it.

import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { claims, startIdp } from "../lib/idp.js";
import { Installation } from "../lib/installation.js";
import { startPostgreSql } from "../lib/postgresql.js";
import { run, temporaryFolder } from "../lib/process.js";
import { Visitor } from "../lib/visitor.js";

/** The first of the ports of the state; a test puts its own in their place. */
export const PORT = 21000;

/** What `person` gets from an identity provider at Jira: the answer to the response. */
export async function answer(port, name, person) {
  const visitor = new Visitor(`jira.localhost:${port}`);
  visitor.idp = name;
  return { visitor, answer: await visitor.post(await visitor.response(person)) };
}

async function fill(site, idps) {
  await site.start();
  for (const group of ["jira-software-users", "jira-administrators", "jira-testgroup1", "staff"]) {
    await site.cli(["group", "add", group]);
  }
  await site.addDouble("jira", "jira9");
  // An app that names no Crowd application: any of them could ask for its users.
  await site.cli(["application", "add", "confluence"], "password of confluence\n");
  await site.cli([
    ...["app", "add", "confluence", "--kind", "confluence", "--public-url", site.url("confluence")],
    ...["--upstream", "http://127.0.0.1:9"],
  ]);
  for (const [name, at, more] of idps) {
    await site.cli([
      ...["idp", "add", name, "--metadata", `http://127.0.0.1:${at}/metadata`, "--create-users"],
      ...["--user-id", `attribute:${claims.account}`, "--full-name", claims.fullName],
      ...["--email", claims.email, "--groups", claims.role],
      ...["--user-groups", "jira-software-users", ...more],
    ]);
  }
  for (const name of ["gonzo", "kermit"]) {
    await site.cli(["user", "add", name, "--full-name", `${name} the Old`, "--email", `${name}@example.com`]);
  }
  await site.cli(["group", "add-user", "jira-administrators", "kermit"]);
  await site.cli(["group", "add-user", "staff", "gonzo"]);
  await site.cli(["group", "add-user", "jira-software-users", "gonzo"]);
  await sleep(1000);
  const { visitor, answer: letIn } = await answer(site.port, "company", "camilla");
  await visitor.finish(letIn);
  await answer(site.port, "partner", "camilla");
}

async function make(binary, to) {
  mkdirSync(to, { recursive: true });
  const app = `http://jira.localhost:${PORT}`;
  const running = [await startIdp(PORT + 5, [app], "company"), await startIdp(PORT + 6, [app], "partner")];
  const idps = [["company", PORT + 5, []], ["partner", PORT + 6, ["--group-separator", ";"]]];
  const postgresql = await startPostgreSql();
  const folder = temporaryFolder();
  for (const database of ["sqlite:samlgate.db", await postgresql.database("old")]) {
    const site = new Installation(folder, PORT, { database, binary });
    await fill(site, idps);
    if (database.startsWith("sqlite")) writeFileSync(path.join(to, "settings.toml"), await site.cli(["export"]));
    await site.stop();
  }
  copyFileSync(path.join(folder, "samlgate.key"), path.join(to, "samlgate.key"));
  chmodSync(path.join(to, "samlgate.key"), 0o644);
  const sqlite = await run("sqlite3", [path.join(folder, "samlgate.db"), ".dump"]);
  writeFileSync(path.join(to, "sqlite.sql"), sqlite.stdout);
  writeFileSync(path.join(to, "postgresql.sql"), await postgresql.dump("old"));
  await postgresql.stop();
  for (const one of running) await one.stop();
}

if (import.meta.main ?? process.argv[1] === import.meta.filename) await make(...process.argv.slice(2));
