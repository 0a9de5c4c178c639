// A PostgreSQL of its own in a temporary folder, from Debian's package, reached by its socket.

import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Running, run } from "./process.js";

const versions = "/usr/lib/postgresql";
const root = process.getuid() === 0;

const bin = (name) =>
  readdirSync(versions).sort().map((version) => path.join(versions, version, "bin", name)).pop();

/** PostgreSQL refuses to run as root: then it runs as Debian's user for it. */
const asOwner = (name, ...args) =>
  root ? ["runuser", ["-u", "postgres", "--", bin(name), ...args]] : [bin(name), args];

/** Starts a server; `database(name)` makes a database and gives its address. */
export async function startPostgreSql() {
  const folder = mkdtempSync(path.join(tmpdir(), "samlgate-pg-"));
  // Its last processes may still be ending.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  if (root) {
    const uid = Number((await run("id", ["-u", "postgres"])).stdout);
    chownSync(folder, uid, -1);
  }
  const data = path.join(folder, "data");
  await must(...asOwner("initdb", "--auth=trust", "--username=samlgate", "-D", data));
  const server = new Running(
    ...asOwner("postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"),
    { cwd: "/tmp" },
  );
  await ready(folder);
  return {
    async database(name) {
      await must(bin("createdb"), ["-h", folder, "-U", "samlgate", name]);
      return `postgres://samlgate@localhost/${name}?host=${folder}`;
    },
    /** Runs the text of a script in a database. */
    async execute(name, sql) {
      await must(bin("psql"), ["-h", folder, "-U", "samlgate", "-qXv", "ON_ERROR_STOP=1", name], sql);
    },
    /** What a query prints, without decoration. */
    async query(name, sql) {
      return must(bin("psql"), ["-h", folder, "-U", "samlgate", "-qAtX", "-c", sql, name]);
    },
    /** The database as a script that makes it again. */
    async dump(name) {
      return must(bin("pg_dump"), ["-h", folder, "-U", "samlgate", "--no-owner", "--inserts", name]);
    },
    // Told by its own tool: a signal to runuser would leave its last processes to end by themselves.
    async stop() {
      await run(...asOwner("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"), { cwd: "/tmp" });
      await server.stop();
    },
  };
}

async function ready(folder) {
  for (let tries = 0; tries < 400; tries++) {
    const socket = existsSync(path.join(folder, ".s.PGSQL.5432"));
    if (socket && (await run(bin("pg_isready"), ["-q", "-h", folder])).code === 0) return;
    await sleep(50);
  }
  throw new Error("PostgreSQL did not start");
}

async function must(command, args, input) {
  const done = await run(command, args, { cwd: "/tmp", input });
  if (done.code !== 0) throw new Error(`${command}: ${done.stderr}`);
  return done.stdout;
}
