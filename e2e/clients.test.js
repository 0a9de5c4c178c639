// Crowd clients that others wrote, from PyPI, against a running Samlgate.

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import { program, run } from "./lib/process.js";

test("the clients Crowd and atlassian-python-api read users, groups and check passwords", async () => {
  const python = path.join(import.meta.dirname, ".venv/bin/python");
  const script = path.join(import.meta.dirname, "clients/test_crowd_clients.py");
  const done = await run(python, [script], {
    env: { ...process.env, SAMLGATE_BIN: program("samlgate") },
  });
  assert.equal(done.code, 0, done.stdout + done.stderr);
  const [, count] = /Ran (\d+) tests/.exec(done.stderr) ?? [];
  assert.ok(Number(count) >= 10, done.stderr);
  assert.doesNotMatch(done.stderr, /skipped/);
});
