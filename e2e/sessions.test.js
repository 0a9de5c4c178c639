// A session is for the service provider that its assertion was for: it opens the apps of that entity
// ID and no others, whichever IdP serves them all, and however the cookie is sent. It ends by the limits
// of its app and by what its IdP says, both as they are set at that moment.

import assert from "node:assert/strict";
import { createHash, createSign, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { deflateRawSync, inflateRawSync } from "node:zlib";

import { makeCertificate } from "./lib/certificate.js";
import { request } from "./lib/http.js";
import { claims, startIdp } from "./lib/idp.js";
import { Installation } from "./lib/installation.js";
import { freePorts, run, temporaryFolder } from "./lib/process.js";
import { Visitor } from "./lib/visitor.js";

let site, idp, port, jira, key;
const auth = "/plugins/servlet/saml/auth";
const open = "/plugins/servlet/saml/open";
const session = "__Host-samlgate_session";

before(async () => {
  port = await freePorts(8);
  jira = `jira.localhost:${port}`;
  site = new Installation(temporaryFolder(), port);
  idp = await startIdp(port + 5, [site.url("jira")]);
  await site.start();
  await site.cli(["group", "add", "jira-software-users"]);
  await site.addDouble("jira", "jira9");
  await site.addDouble("confluence", "confluence7");
  // Nothing answers behind these: who gets as far as their upstream was let in.
  for (const [name, url, more] of [
    ["wiki", `${site.url("jira")}/wiki`, []],
    ["own", `${site.url("jira")}/own`, ["--entity-id", "https://own.example.com/"]],
  ]) {
    await site.cli([
      ...["app", "add", name, "--kind", "confluence", "--public-url", url],
      ...["--upstream", "http://127.0.0.1:9", "--application", "confluence", ...more],
    ]);
  }
  await site.cli([
    ...["idp", "add", "company", "--metadata", `http://127.0.0.1:${port + 5}/metadata`],
    ...["--user-id", `attribute:${claims.account}`, "--email", claims.email, "--create-users"],
    ...["--user-groups", "jira-software-users", "--certificate", await secondKey()],
  ]);
  await sleep(1000);
});

after(async () => {
  await site?.stop();
  await idp?.stop();
});

/** A second key of the IdP, with which the test signs in its name; gives the certificate. */
async function secondKey() {
  const made = await makeCertificate(site.folder, "second", "idp.localhost");
  key = readFileSync(made.key);
  return made.certificate;
}

/** A fresh session at jira: its token, and the assertion's words that a log-out repeats. */
async function signIn(name = "camilla") {
  const visitor = new Visitor(jira);
  const fields = await visitor.response(name);
  assert.equal(await visitor.finish(await visitor.post(fields)), name);
  const xml = Buffer.from(fields.SAMLResponse, "base64").toString();
  const said = {
    issuer: /<(?:\w+:)?Issuer[^>]*>([^<]+)</.exec(xml)[1],
    nameId: /<(?:\w+:)?NameID[^>]*>([^<]+)</.exec(xml)[1],
    format: /<(?:\w+:)?NameID[^>]*Format="([^"]+)"/.exec(xml)?.[1],
    index: /SessionIndex="([^"]+)"/.exec(xml)?.[1],
  };
  return { token: visitor.cookies.get(session), said };
}

/** The token of a fresh session at jira. */
const token = async () => (await signIn()).token;

/** The IdP asks at an app's endpoint to log out whom it named; no cookie comes with it. */
async function askForLogOut(url, said) {
  const answer = await answerToLogOut(url, said);
  assert.ok([200, 303].includes(answer.status), `${url}: ${answer.status} ${answer.body}`);
}

/** The same; gives the answer. `more` are further attributes of the NameID. */
async function answerToLogOut(url, { issuer, nameId, format, index, more = "", id = `_${randomUUID()}`, at = Date.now() }) {
  const destination = `${url}/plugins/servlet/saml/logout`;
  const xml =
    `<p:LogoutRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ` +
    `xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" ` +
    `IssueInstant="${new Date(at).toISOString()}" Destination="${destination}"><Issuer>${issuer}</Issuer>` +
    `<NameID${format ? ` Format="${format}"` : ""}${more}>${nameId}</NameID>` +
    `${index ? `<p:SessionIndex>${index}</p:SessionIndex>` : ""}</p:LogoutRequest>`;
  const query = new URLSearchParams({
    SAMLRequest: deflateRawSync(xml).toString("base64"),
    SigAlg: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  }).toString();
  const signature = createSign("RSA-SHA256").update(query).sign(key, "base64");
  const { host, pathname } = new URL(destination);
  return get(host, `${pathname}?${query}&Signature=${encodeURIComponent(signature)}`, "");
}

const get = (host, path, cookie) => request(port, { host, path, headers: { cookie } });

test("a session of one app opens no app of another host", async () => {
  const stolen = await token();
  const other = `confluence.localhost:${port}`;
  const spellings = [
    `${session}=${stolen}`,
    `a=b; ${session}=${stolen}; JSESSIONID=x`,
    `${session}=x; ${session}=${stolen}`,
  ];
  for (const cookie of spellings) {
    for (const path of [open, `${open}?os_destination=/display/DEMO`, `${auth}?os_destination=/`]) {
      const answer = await get(other, path, cookie);
      assert.equal(answer.status, 303, path);
      const leads = answer.headers.location;
      assert.ok(leads.includes(auth) || leads.includes(`idp.localhost:${port + 5}`), `${path}: ${leads}`);
      assert.ok(!answer.cookies.some((line) => line.startsWith("JSESSIONID")), "no session of the app");
    }
  }
  const control = await get(jira, open, `${session}=${stolen}`);
  assert.ok(control.cookies.some((line) => line.startsWith("JSESSIONID")), "its own app opens");
});

test("apps of one host are one service provider, and one session opens all of them", async () => {
  const answer = await get(jira, `/wiki${open}`, `${session}=${await token()}`);
  assert.equal(answer.status, 502, "as far as the upstream, where nobody is");
  assert.match(answer.body, /<code>[0-9a-f-]{36}<\/code>/);
  assert.match(await site.cli(["app", "show", "jira"]), /one sign-in with +wiki\n/);
  assert.match(await site.cli(["app", "show", "own"]), /one sign-in with +no other app\n/);
});

test("an app of the same host with an entity ID of its own needs a session of its own", async () => {
  const stolen = await token();
  const start = await get(jira, `/own${auth}`, "");
  assert.equal(start.status, 303);
  const own = new RegExp(`^${session}_[0-9a-f]{16}=`);
  for (const name of [session, `${session}_0123456789abcdef`]) {
    const answer = await get(jira, `/own${open}`, `${name}=${stolen}`);
    assert.equal(answer.status, 303, name);
    assert.ok(answer.headers.location.startsWith(`/own${auth}`), answer.headers.location);
    assert.ok(!answer.cookies.some((line) => own.test(line)), "nothing is given");
  }
});

test("the log-out of an app leaves the session of another service provider alone", async () => {
  const cookie = `${session}=${await token()}`;
  await get(`confluence.localhost:${port}`, "/logout.action", cookie);
  await get(jira, "/own/logout.action", cookie);
  const control = await get(jira, open, cookie);
  assert.ok(control.cookies.some((line) => line.startsWith("JSESSIONID")), "it still opens its app");
});

test("the IdP's log-out ends the sessions of the service provider that it asks, at whichever of its apps", async () => {
  const { token, said } = await signIn();
  const opens = async () => {
    const answer = await get(jira, open, `${session}=${token}`);
    return answer.cookies.some((line) => line.startsWith("JSESSIONID"));
  };
  for (const other of [site.url("confluence"), `${site.url("jira")}/own`]) {
    await askForLogOut(other, said);
    assert.ok(await opens(), `the log-out was asked of ${other}, which is another service provider`);
  }
  await askForLogOut(`${site.url("jira")}/wiki`, said);
  assert.ok(!(await opens()), "the wiki is the same service provider as jira");
});

/** The status that a LogoutResponse in the answer's redirect tells the IdP. */
function statusTold(answer) {
  const message = new URL(answer.headers.location).searchParams.get("SAMLResponse");
  const xml = inflateRawSync(Buffer.from(message, "base64")).toString();
  return /StatusCode Value="[^"]*:(\w+)"/.exec(xml)[1];
}

const opensJira = async (token) => {
  const answer = await get(jira, open, `${session}=${token}`);
  return answer.cookies.some((line) => line.startsWith("JSESSIONID"));
};

test("the IdP's log-out finds the session, however its NameID is written", async () => {
  const unspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
  const spelt = [
    { format: undefined },
    { format: unspecified },
    { more: ' NameQualifier="" SPNameQualifier=" "' },
    { pad: true },
    { format: undefined, more: ' NameQualifier=""', pad: true, index: undefined },
  ];
  for (const { pad, ...how } of spelt) {
    const { token, said } = await signIn();
    const nameId = pad ? `\n  ${said.nameId}\t ` : said.nameId;
    await askForLogOut(site.url("jira"), { ...said, ...how, nameId });
    assert.ok(!(await opensJira(token)), JSON.stringify({ pad, ...how }));
  }
  const { token, said } = await signIn();
  for (const other of [
    { nameId: `${said.nameId}x` },
    { more: ' NameQualifier="https://other.example.com/"' },
    { index: "_another" },
  ]) {
    await askForLogOut(site.url("jira"), { ...said, ...other });
    assert.ok(await opensJira(token), JSON.stringify(other));
  }
  assert.match(site.server.output, /the IdP asked for a log-out, and there was no such session/);
});

test("a log-out that fits several people ends nobody's session and says so to the IdP", async () => {
  const first = await signIn();
  const second = await signIn("gonzo");
  await site.cli(["idp", "set", "company", "--logout-url", "https://idp.example.com/slo"]);
  await sleep(1200);
  // Two people whom the IdP calls the same, each in a format of its own.
  const shared = { ...first.said, nameId: "shared", format: undefined, index: undefined };
  const hashes = [first, second].map(({ token }) => hashOf(token));
  const rename = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
for at, token_hash in enumerate(sys.argv[2:]):
    values = (f"urn:example:{at}", token_hash)
    database.execute("UPDATE sessions SET name_id = 'shared', name_id_format = ? WHERE token_hash = ?", values)
database.commit()`;
  const done = await run("python3", ["-c", rename, `${site.folder}/samlgate.db`, ...hashes]);
  assert.equal(done.code, 0, done.stderr);
  for (let again = 0; again < 2; again++) {
    const answer = await answerToLogOut(site.url("jira"), shared);
    assert.equal(statusTold(answer), "Responder");
    assert.ok((await opensJira(first.token)) && (await opensJira(second.token)), "both go on");
  }
  assert.equal(statusTold(await answerToLogOut(site.url("jira"), { ...shared, format: "urn:example:1" })), "Success");
  assert.ok((await opensJira(first.token)) && !(await opensJira(second.token)), "the format tells them apart");
  assert.equal(statusTold(await answerToLogOut(site.url("jira"), { ...shared, nameId: "nobody" })), "Success");
});

const hashOf = (token) => createHash("sha256").update(token).digest("hex");

/** What a statement finds in the database, or how many rows it changes. */
async function sql(statement) {
  const done = await run("sqlite3", ["-cmd", ".timeout 5000", `${site.folder}/samlgate.db`, statement]);
  assert.equal(done.code, 0, done.stderr);
  return done.stdout.trim();
}

const hour = 3_600_000;

/** Puts the moments of a session back, by hours. */
const age = (token, moments) =>
  sql(`UPDATE sessions SET ${Object.entries(moments)
    .map(([column, hours]) => `${column} = ${Date.now() - Math.round(hours * hour)}`)
    .join(", ")} WHERE token_hash = '${hashOf(token)}'`);

/** Somebody signed in at jira with all cookies; the moments of the session were put back. */
async function aged(moments) {
  const visitor = new Visitor(jira);
  assert.equal(await visitor.signIn("camilla"), "camilla");
  await age(visitor.cookies.get(session), moments);
  // Longer than a verdict about a cookie is remembered.
  await sleep(1200);
  return visitor;
}

/** Who is signed in on a page of the app, and what the answer does with the app's own cookie. */
async function page(visitor) {
  const answer = await visitor.send(jira, "/browse/DEMO-1");
  const user = /id="user-name"[^>]*>([^<]*)</.exec(answer.body)?.[1];
  return { user, taken: answer.cookies.some((line) => /^JSESSIONID=;.*Max-Age=0/.test(line)) };
}

const set = async (kind, name, ...args) => {
  await site.cli([kind, "set", name, ...args]);
  await sleep(1200);
};

test("a session ends by the limits of its app, also those that were changed since", async () => {
  const used = await aged({ created_at: 20, used_at: 7.9 });
  assert.equal((await page(used)).user, "camilla");
  await sleep(2000);
  const noted = Number(await sql(`SELECT used_at FROM sessions WHERE token_hash = '${hashOf(used.cookies.get(session))}'`));
  assert.ok(Date.now() - noted < 10_000, "the request was a use");

  const idle = await aged({ created_at: 20, used_at: 8.1 });
  assert.deepEqual(await page(idle), { user: undefined, taken: true });
  assert.ok(!(await opensJira(idle.cookies.get(session))), "nor is the app opened");
  assert.deepEqual(await page(idle), { user: undefined, taken: false }, "a stranger from now on");
  const old = await aged({ created_at: 24.1, used_at: 0 });
  assert.deepEqual(await page(old), { user: undefined, taken: true });

  await set("app", "jira", "--session-absolute", "1260", "--session-idle", "120");
  assert.equal((await page(used)).user, "camilla");
  await set("app", "jira", "--session-absolute", "1140");
  assert.deepEqual(await page(used), { user: undefined, taken: true });
  const fresh = await aged({ used_at: 2.1, created_at: 2.1 });
  assert.deepEqual(await page(fresh), { user: undefined, taken: true });
  await set("app", "jira", "--session-absolute", "1440", "--session-idle", "480");
});

test("limits that cannot be are refused in words", async () => {
  for (const [kind, name, flag, value, said] of [
    ["app", "jira", "--session-idle", "1441", /must be 1 to 1440 minutes: no session is longer/],
    ["app", "jira", "--session-idle", "0", /must be 1 to 1440 minutes/],
    ["app", "jira", "--session-absolute", "43201", /must be 1 to 43200 minutes \(30 days\)/],
    ["app", "jira", "--session-remember", "91", /1 to 90 days/],
    ["app", "jira", "--session-remember", "soon", /"soon" is no number of days/],
    ["idp", "company", "--clock-skew", "11", /must be 0 to 10 minutes/],
  ]) {
    const refused = await site.tryCli([kind, "set", name, flag, value]);
    assert.notEqual(refused.code, 0, `${flag} ${value}`);
    assert.match(refused.stderr, said);
  }
  assert.match(await site.cli(["app", "show", "jira"]), /sessions end +after 480 minutes without a request, 1440 minutes at most/);
});

test("people are remembered for as long as is set, and no longer when it is unset", async () => {
  const before = await aged({ used_at: 0 });
  await set("app", "jira", "--session-remember", "14");
  const visitor = new Visitor(jira);
  const letIn = await visitor.post(await visitor.response("camilla"));
  const line = letIn.cookies.find((line) => line.startsWith(`${session}=`));
  assert.match(line, /; Max-Age=1209600$/);
  assert.equal(await visitor.finish(letIn), "camilla");
  const token = visitor.cookies.get(session);
  await age(token, { created_at: 13 * 24, used_at: 13 * 24 });
  await age(before.cookies.get(session), { created_at: 24.1, used_at: 0 });
  await sleep(1200);
  assert.ok(await opensJira(token), "the browser was closed for a fortnight");
  assert.equal((await page(before)).user, undefined, "it was opened before");
  await age(token, { created_at: 14 * 24 + 0.1 });
  await sleep(1200);
  assert.ok(!(await opensJira(token)));
  await age(token, { created_at: 13 * 24 });
  await set("app", "jira", "--session-remember", "");
  assert.ok(!(await opensJira(token)), "two weeks are too long now");
});

test("the IdP's word ends a session, unless it is passed over", async () => {
  const visitor = await aged({ created_at: 2, session_not_on_or_after: 0.1 });
  assert.deepEqual(await page(visitor), { user: undefined, taken: true });
  await set("idp", "company", "--obey-session-end=false");
  assert.ok(await opensJira(visitor.cookies.get(session)));
  await set("idp", "company", "--obey-session-end", "--clock-skew", "8");
  assert.ok(await opensJira(visitor.cookies.get(session)), "six minutes are within eight");
  await set("idp", "company", "--clock-skew", "3");
  assert.ok(!(await opensJira(visitor.cookies.get(session))));
});

test("clocks may differ by as much as is set for the IdP, and refusals say it", async () => {
  const minutes = (count) => Date.now() - count * 60_000;
  const { token: living, said } = await signIn();
  // A request without an end of its own is good for five minutes, and the skew.
  const refused = async (ago, skew) => {
    const answer = await answerToLogOut(site.url("jira"), { ...said, at: minutes(ago) });
    assert.equal(answer.status, 403, answer.body);
    assert.ok(await opensJira(living));
    assert.match(site.server.output, new RegExp(`a clock skew of ${skew} s allowed already`));
  };
  await set("idp", "company", "--clock-skew", "0");
  await refused(6, 0);
  await set("idp", "company", "--clock-skew", "10");
  await refused(16, 600);
  await askForLogOut(site.url("jira"), { ...said, at: minutes(14) });
  assert.ok(!(await opensJira(living)));

  await set("idp", "company", "--max-authn-age", "5");
  const old = { seconds_ago: 600 };
  const lenient = new Visitor(jira);
  assert.equal((await lenient.post(await lenient.response("camilla", { typed: old }))).status, 303);
  await set("idp", "company", "--clock-skew", "4");
  const strict = new Visitor(jira);
  assert.notEqual((await strict.post(await strict.response("camilla", { typed: old }))).status, 303);
  const [{ code, detail }] = await site.attempts();
  assert.equal(code, "authn_too_old");
  assert.match(detail, /a clock skew of 240 s allowed already/);
  await set("idp", "company", "--clock-skew", "3", "--max-authn-age", "");
});

test("a log-out request that was used is remembered for the largest skew there is", async () => {
  const { said } = await signIn();
  const [id, at] = [`_${randomUUID()}`, Date.now()];
  await askForLogOut(site.url("jira"), { ...said, id, at });
  const until = Number(await sql(`SELECT expires_at FROM claims WHERE id = 'assertion ${id}'`));
  assert.equal(until, at + (5 + 10) * 60_000, "however the skew is set, now and later");
});

test("an app that is given another entity ID is no longer opened by sessions of before", async () => {
  const cookie = `${session}=${await token()}`;
  await site.cli(["app", "set", "jira", "--entity-id", "https://renamed.example.com/"]);
  await sleep(1000);
  const answer = await get(jira, open, cookie);
  assert.equal(answer.status, 303);
  assert.ok(answer.headers.location.startsWith(auth), answer.headers.location);
  await site.cli(["app", "set", "jira", "--entity-id", ""]);
});
