// Starts programs for a test and ends exactly those, by their process.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = path.resolve(import.meta.dirname, "../..");
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");

/** The path of one of the project's own programs. */
export const program = (name) => path.join(target, "debug", name);

/** A program that runs until the test is over. */
export class Running {
  constructor(command, args, options = {}) {
    this.output = "";
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
    this.child.stdout.on("data", (data) => (this.output += data));
    this.child.stderr.on("data", (data) => (this.output += data));
    this.ended = once(this.child, "exit");
    this.child.on("error", (error) => (this.output += error));
  }

  /** Waits until the output fits `pattern` and gives the match. */
  async line(pattern, seconds = 30) {
    for (let waited = 0; waited < seconds * 20; waited++) {
      const match = pattern.exec(this.output);
      if (match) return match;
      if (this.child.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(`${this.child.spawnargs.join(" ")} did not say ${pattern}:\n${this.output}`);
  }

  /** Asks it to stop, or kills it, and waits until it has ended. */
  async stop(signal = "SIGTERM") {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill(signal);
    const late = setTimeout(() => this.child.kill("SIGKILL"), 15000);
    await this.ended;
    clearTimeout(late);
  }
}

/** Runs a program to its end; gives exit code and output. */
export async function run(command, args, { input = "", ...options } = {}) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data) => (stdout += data));
  child.stderr.on("data", (data) => (stderr += data));
  // A program that reads nothing may have ended already.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

/** Waits until something listens at a port of loopback. */
export async function listening(port, seconds = 20) {
  for (let waited = 0; waited < seconds * 20; waited++) {
    const open = await new Promise((resolve) => {
      const socket = net.connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    await sleep(50);
  }
  throw new Error(`nothing listens at port ${port}`);
}

/** `count` ports in a row that are free now, below those that the system gives to outgoing connections. */
export async function freePorts(count) {
  for (let tries = 0; tries < 50; tries++) {
    const first = 20000 + Math.floor(Math.random() * 12000);
    const all = await Promise.all(Array.from({ length: count }, (_, n) => isFree(first + n)));
    if (all.every(Boolean)) return first;
  }
  throw new Error("no free ports");
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** A temporary folder, removed when the test's process ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), "samlgate-e2e-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
