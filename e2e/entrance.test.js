// The ways into console and Crowd API as a stranger tries them: guesses at full speed, a name that is
// made to lead here, and the output of a start.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { form, request } from "./lib/http.js";
import { Installation } from "./lib/installation.js";
import { Running, freePorts, listening, program, temporaryFolder } from "./lib/process.js";

const PASSWORD = "a frog who reads the logs";
let site, port, browser;

before(async () => {
  port = await freePorts(3);
  site = new Installation(temporaryFolder(), port, { level: "info" });
  await site.start();
  await site.cli(["application", "add", "jira"], "password of jira\n");
  const { pathname, search } = new URL(await site.consoleLink());
  const entered = await ask(1, { path: pathname + search });
  browser = entered.cookies.map((line) => line.split(";")[0]).join("; ");
  const set = await ask(1, { path: "/welcome", cookie: browser, ...form({ password: PASSWORD }) });
  assert.equal(set.headers.location, "/");
  await sleep(1000); // a running server takes settings over within a second
});

after(() => site?.stop());

/** One request to the console (1) or the Crowd API (2), from an address of loopback. */
function ask(listener, { from = "127.0.0.1", at = port, host, cookie = "", headers, ...more }) {
  return request(at + listener, {
    ...{ ...more, host: host ?? `127.0.0.1:${at + listener}`, localAddress: from },
    headers: { ...headers, cookie, "sec-fetch-site": "same-origin" },
  });
}

/** Tries to enter the console; gives the status. */
async function enter(password, from, cookie) {
  const answer = await ask(1, { path: "/sign-in", from, cookie, ...form({ password }) });
  return answer.status;
}

/** Asks the Crowd API with a name and a password; gives the status and the time in milliseconds. */
async function crowd(name, password) {
  const begin = performance.now();
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
  const path = "/crowd/rest/usermanagement/1/config/cookie";
  const { status } = await ask(2, { path, headers: { authorization } });
  return { status, time: performance.now() - begin };
}

/** The largest number of megabytes that the server has had. */
function peak() {
  const status = readFileSync(`/proc/${site.server.child.pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024;
}

const many = (count, one) => Promise.all(Array.from({ length: count }, (_, n) => one(n)));
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];

function tally(statuses) {
  const counts = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

test("of a hundred guesses at once five are looked at, and the administrator gets in meanwhile", async (t) => {
  const before = peak();
  const guesses = many(100, (n) => enter(`wrong number ${n}`, "127.0.0.1"));
  const begin = performance.now();
  assert.equal(await enter(PASSWORD, "127.0.0.2"), 303, "at another address");
  const own = performance.now() - begin;
  const counts = tally(await guesses);
  assert.deepEqual(counts, { 403: 5, 429: 95 });
  t.diagnostic(
    `all answered after ${(performance.now() - begin).toFixed()} ms, the administrator after ` +
      `${own.toFixed()} ms; memory ${before.toFixed()} MB before, at most ${peak().toFixed()} MB`,
  );
  assert.ok(peak() < before + 200, `${before} MB became ${peak()} MB`);
  assert.equal(await enter(PASSWORD, "127.0.0.1"), 429, "a stranger at the guesser's address");
  assert.equal(await enter(PASSWORD, "127.0.0.1", browser), 303, "a browser that has been inside");
});

test("guesses from everywhere at once lock nobody out and take no memory", async (t) => {
  const before = peak();
  const guesses = many(200, (n) => enter(`wrong number ${n}`, `127.0.1.${n + 1}`));
  const known = await enter(PASSWORD, "127.0.0.1", browser);
  assert.equal(known, 303, "a browser that has been inside does not wait behind strangers");
  const counts = tally(await guesses);
  t.diagnostic(`${JSON.stringify(counts)}, at most ${peak().toFixed()} MB`);
  assert.deepEqual(Object.keys(counts), ["403", "429"]);
  assert.ok(peak() < before + 200, `${before} MB became ${peak()} MB`);
  assert.equal(await enter(PASSWORD, "127.0.0.3"), 303, "and the entrance is open");
});

test("an application that works goes on beside guesses at its name, and no name is told", async (t) => {
  assert.equal((await crowd("jira", "password of jira")).status, 200);
  // An unknown name takes as long as a wrong password.
  const [unknown, wrong] = [[], []];
  for (let n = 0; n < 5; n++) {
    unknown.push((await crowd(`nobody${n}`, "x")).time);
    wrong.push((await crowd("jira", `x${n}`)).time);
  }
  const ratio = median(unknown) / median(wrong);
  t.diagnostic(`unknown ${median(unknown).toFixed(1)} ms, wrong ${median(wrong).toFixed(1)} ms`);
  assert.ok(ratio > 0.3 && ratio < 3, `${ratio}`);
  const before = peak();
  const guesses = many(100, (n) => crowd("jira", `wrong number ${n}`));
  const honest = await many(20, () => crowd("jira", "password of jira"));
  assert.deepEqual(tally(honest.map(({ status }) => status)), { 200: 20 });
  const counts = tally((await guesses).map(({ status }) => status));
  assert.deepEqual(counts, { 401: 100 });
  t.diagnostic(
    `the application after ${median(honest.map(({ time }) => time)).toFixed(1)} ms; ` +
      `at most ${peak().toFixed()} MB`,
  );
  assert.ok(peak() < before + 200);
  assert.equal((await crowd("jira", "password of jira")).status, 200);
});

test("a name that is made to lead to the console reaches nothing there", async () => {
  for (const host of ["evil.example", `evil.example:${port + 1}`, "127.0.0.1.evil.example", "10.0.0.9"]) {
    const answer = await ask(1, { path: "/", host, cookie: browser });
    assert.equal(answer.status, 421, host);
    assert.match(answer.body, /listen\.console_names/);
  }
  for (const host of [`localhost:${port + 1}`, `console.localhost:${port + 1}`, "[::1]:9090"]) {
    assert.equal((await ask(1, { path: "/", host, cookie: browser })).status, 200, host);
  }
});

test("only the first start prints the administrator's link, and only to a terminal", async () => {
  const link = /http:\S+\/enter\?token=\w+/;
  assert.doesNotMatch(site.server.output, link, "the output is no terminal");
  assert.match(site.server.output, /samlgate console-link/);
  const first = await freePorts(3);
  const other = new Installation(temporaryFolder(), first, { level: "info" });
  const serve = `${program("samlgate")} serve --config ${other.config}`;
  const atTerminal = async () => {
    // `script` gives the program a terminal, and copies what it says.
    const server = new Running("script", ["--quiet", "--return", "--command", serve, "/dev/null"]);
    await server.line(/console, once|console-link/);
    await listening(first + 1);
    const said = server.output;
    await server.stop();
    return said;
  };
  assert.match(await atTerminal(), link, "there is no administrator yet");
  other.server = new Running(program("samlgate"), ["serve", "--config", other.config]);
  await listening(first + 1);
  const { pathname, search } = new URL(await other.consoleLink());
  const entered = await ask(1, { at: first, path: pathname + search });
  const cookie = entered.cookies.map((line) => line.split(";")[0]).join("; ");
  await ask(1, { at: first, path: "/welcome", cookie, ...form({ password: PASSWORD }) });
  await other.stop();
  const said = await atTerminal();
  assert.doesNotMatch(said, link, "there is one");
  assert.match(said, /samlgate console-link/);
});
