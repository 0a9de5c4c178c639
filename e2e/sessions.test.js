// A session is for the service provider that its assertion was for: it opens the apps of that entity
// ID and no others, whichever IdP serves them all, and however the cookie is sent.

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
async function answerToLogOut(url, { issuer, nameId, format, index, more = "" }) {
  const destination = `${url}/plugins/servlet/saml/logout`;
  const xml =
    `<p:LogoutRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ` +
    `xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomUUID()}" Version="2.0" ` +
    `IssueInstant="${new Date().toISOString()}" Destination="${destination}"><Issuer>${issuer}</Issuer>` +
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
  const hashes = [first, second].map(({ token }) => createHash("sha256").update(token).digest("hex"));
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

test("an app that is given another entity ID is no longer opened by sessions of before", async () => {
  const cookie = `${session}=${await token()}`;
  await site.cli(["app", "set", "jira", "--entity-id", "https://renamed.example.com/"]);
  await sleep(1000);
  const answer = await get(jira, open, cookie);
  assert.equal(answer.status, 303);
  assert.ok(answer.headers.location.startsWith(auth), answer.headers.location);
  await site.cli(["app", "set", "jira", "--entity-id", ""]);
});
