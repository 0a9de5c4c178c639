// An installation of Samlgate in a folder of its own, set up by its own command line, with
// doubles of Jira and Confluence as processes of their own.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";

import { Running, listening, program, run } from "./process.js";

export class Installation {
  /** With the database at `database`, beside others with the same `key`; else one of its own. */
  constructor(
    folder,
    port,
    {
      database = "sqlite:samlgate.db",
      key = "samlgate.key",
      name = "samlgate",
      format = "text",
      level = "debug",
      binary = program("samlgate"),
    } = {},
  ) {
    this.binary = binary;
    this.folder = folder;
    this.port = port;
    this.config = path.join(folder, `${name}.toml`);
    this.doubles = {};
    writeFileSync(
      this.config,
      `[listen]\npublic = "127.0.0.1:${port}"\nconsole = "127.0.0.1:${port + 1}"\n` +
        `crowd = "127.0.0.1:${port + 2}"\n[log]\nlevel = "${level}"\nformat = "${format}"\n` +
        `[database]\nurl = "${database}"\n[secrets]\nkey_file = "${key}"\n`,
    );
  }

  url(app) {
    return `http://${app}.localhost:${this.port}`;
  }

  /** Runs a command that must succeed; gives what it prints. */
  async cli(args, input) {
    const done = await this.tryCli(args, input);
    assert.equal(done.code, 0, `samlgate ${args.join(" ")}: ${done.stderr}${done.stdout}`);
    return done.stdout;
  }

  tryCli(args, input) {
    return run(this.binary, [...args, "--config", this.config], { input });
  }

  async start() {
    this.server = new Running(this.binary, ["serve", "--config", this.config]);
    await listening(this.port);
    await listening(this.port + 2);
  }

  async kill() {
    await this.server.stop("SIGKILL");
  }

  /** A link that opens the console once. */
  async consoleLink() {
    const [link] = /http\S+/.exec(await this.cli(["console-link"]));
    return link;
  }

  /** Adds a Crowd application and a double that uses it, and puts the double behind the gateway. */
  async addDouble(app, profile, more = []) {
    await this.cli(["application", "add", app], `password of ${app}\n`);
    const { kind, address } = await this.startDouble(app, profile, more);
    await this.cli([
      ...["app", "add", app, "--kind", kind, "--public-url", this.url(app)],
      ...["--upstream", `http://${address}`, "--application", app],
    ]);
  }

  /** Starts a double of an app that is there. */
  async startDouble(app, profile, more = []) {
    const kind = app.startsWith("jira") ? "jira" : "confluence";
    const password = `password of ${app}`;
    const double = new Running(
      program("samlgate-double"),
      [
        ...[kind, "--profile", profile, "--public-url", this.url(app), "--until-stdin-ends"],
        ...["--crowd-url", `http://127.0.0.1:${this.port + 2}`, "--crowd-application", app, ...more],
      ],
      { env: { ...process.env, SAMLGATE_DOUBLE_CROWD_PASSWORD: password } },
    );
    const [line] = await double.line(/^\{.*\}$/m);
    const { address, control_address: control } = JSON.parse(line);
    this.doubles[app] = { double, address, control: `http://${control}` };
    return { kind, address };
  }

  /** Speaks with the control surface of a double. */
  async control(app, method, address, body) {
    const answer = await fetch(`${this.doubles[app].control}${address}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${address}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  /** The latest attempts, newest first. */
  async attempts() {
    const text = await this.cli(["attempts", "--json"]);
    const lines = text.trim().split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line)).reverse();
  }

  async stop() {
    await this.server?.stop();
    for (const { double } of Object.values(this.doubles)) await double.stop();
  }
}
