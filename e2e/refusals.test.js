// Bad input at the front door: each is refused in words, and the operator can see why.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { form, request } from "./lib/http.js";
import { makeCertificate } from "./lib/certificate.js";
import { Installation } from "./lib/installation.js";
import { Running, freePorts, program, run, temporaryFolder } from "./lib/process.js";

let site, host, slow;
const auth = "/plugins/servlet/saml/auth";

/** Where a form is read whole, and how an answer names it when it does not come in time. */
const forms = [
  { path: "/login.jsp", told: /did not arrive within 30 seconds/ },
  { path: "/browse/DEMO-1", told: /did not arrive within 30 seconds/ },
  { path: auth, told: /Signing in did not work/ },
  { path: "/plugins/servlet/saml/logout", told: /Signing out did not work/ },
];

/** Sends the beginning of a form, and nothing more; gives the answer. */
function halfSent({ path }) {
  return new Promise((resolve, reject) => {
    const headers = { host, ...form({}).headers, "content-length": 60 };
    const sent = http.request({ port: site.port, host: "127.0.0.1", path, method: "POST", agent: false, headers });
    sent.on("response", async (answer) => {
      let body = "";
      for await (const piece of answer.setEncoding("utf8")) body += piece;
      resolve({ status: answer.statusCode, body });
      sent.destroy();
    });
    sent.on("error", reject);
    sent.write("os_username=admin&");
  });
}

before(async () => {
  const port = await freePorts(8);
  const folder = temporaryFolder();
  site = new Installation(folder, port);
  host = `jira.localhost:${port}`;
  const { certificate } = await makeCertificate(folder, "idp", "idp.localhost");
  await site.start();
  await site.addDouble("jira", "jira9");
  await site.cli([
    ...["app", "add", "gone", "--kind", "confluence", "--public-url", site.url("gone")],
    ...["--upstream", "http://127.0.0.1:9"],
  ]);
  await site.cli([
    ...["idp", "add", "company", "--entity-id", "https://idp.example.org/"],
    ...["--login-url", "https://idp.example.org/sso", "--certificate", certificate],
  ]);
  for (const name of ["camilla", "waldorf"]) {
    await site.cli(["user", "add", name, "--full-name", name, "--email", "c@x", "--idp", "company"]);
  }
  await sleep(1000);
  slow = forms.map(halfSent);
});

after(() => site?.stop());

const get = (address, more = {}) => request(site.port, { host, path: address, ...more });
const post = (fields, more = {}) =>
  request(site.port, { host, path: auth, ...form(fields), ...more });

/** The page has the attempt's number, and its record this code. */
async function refusedWith(answer, code, status) {
  const attempt = (await site.attempts()).find((known) => known.id === numberOn(answer));
  assert.equal(attempt?.code, code);
  if (status) assert.equal(answer.status, status);
  assert.ok(attempt.hint.length > 20, "the operator is told what to do");
}

/** The same for what nobody vouches for: it is logged, and nothing of it is stored. */
async function onlyLoggedWith(answer, code, status) {
  const id = numberOn(answer);
  await site.server.line(new RegExp(`attempt.id="${id}".* attempt.code="${code}"`), 5);
  if (status) assert.equal(answer.status, status);
  assert.ok(!(await site.attempts()).some((known) => known.id === id), "nothing is stored");
}

function numberOn(answer) {
  const [, id] = /<code>([0-9a-f-]{36})<\/code>/.exec(answer.body) ?? [];
  assert.ok(id, answer.body);
  return id;
}

/** What a browser without cookies sends back. */
const cookieOf = (answer) => answer.cookies.map((line) => line.split(";")[0]).join("; ");

/** Begins a sign-in; gives the cookie and the RelayState. */
async function begin() {
  const answer = await get(`${auth}?os_destination=/browse/DEMO-1`);
  assert.equal(answer.status, 303);
  const relayState = new URL(answer.headers.location).searchParams.get("RelayState");
  return { cookie: cookieOf(answer), relayState, answer };
}

test("a start stores nothing and sets one sealed cookie", async () => {
  const { answer, relayState } = await begin();
  assert.equal(answer.cookies.length, 2);
  assert.match(answer.cookies[0], /^samlgate_request_[0-9a-f]{32}=[\w-]+;/);
  for (const word of ["Secure", "HttpOnly", "SameSite=None", "Path=/plugins/servlet;"]) {
    assert.ok(answer.cookies[0].includes(word), word);
  }
  assert.equal(answer.cookies[0].slice("samlgate_request_".length).split("=")[0], relayState);
  const bound = /^__Host-samlgate_browser_[0-9a-f]{8}=[0-9a-f]{32}; Path=\/; .*Secure; HttpOnly; SameSite=None$/;
  assert.match(answer.cookies[1], bound, "the browser that it is sealed for");
  assert.ok(!answer.headers.location.includes("DEMO-1"), "no address travels");
});

test("a browser keeps twenty pending sign-ins at most", async () => {
  const cookies = [];
  for (let n = 0; n < 20; n++) cookies.push((await begin()).cookie);
  const answer = await get(auth, { headers: { cookie: cookies.join("; ") } });
  const cleared = answer.cookies.filter((cookie) => cookie.includes("Max-Age=0"));
  assert.equal(cleared.length, 1);
  assert.ok(cleared[0].startsWith(cookies[0].split("=")[0]), "the oldest makes room");
});

test("messages that are none are refused", async () => {
  const sent = async (response) => {
    const { cookie, relayState } = await begin();
    const fields = form({ SAMLResponse: response, RelayState: relayState });
    return post({}, { ...fields, headers: { ...fields.headers, cookie } });
  };
  await refusedWith(await sent("%%%"), "not_base64", 403);
  await refusedWith(await sent(Buffer.from("hello").toString("base64")), "xml", 403);
  await refusedWith(await sent(Buffer.from("<a>").toString("base64")), "xml", 403);
  await refusedWith(await sent(Buffer.from([0xff, 0xfe]).toString("base64")), "not_utf8", 403);
  const dtd = Buffer.from("<!DOCTYPE a><a/>").toString("base64");
  await refusedWith(await sent(dtd), "xml", 403);
  await refusedWith(await sent(Buffer.alloc(1100000, 65).toString("base64")), "too_large", 403);
});

test("an answer is taken only from the browser that asked", async () => {
  const answering = (id) =>
    Buffer.from(
      `<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" Version="2.0" IssueInstant="2026-11-29T00:00:00Z" InResponseTo="${id}"/>`,
    ).toString("base64");
  const { cookie, relayState } = await begin();
  const response = answering("_0");
  await onlyLoggedWith(await post({ SAMLResponse: response, RelayState: relayState }), "request_unknown", 400);
  const foreign = form({ SAMLResponse: response, RelayState: "https://evil.example/" });
  await onlyLoggedWith(
    await request(site.port, { host, path: auth, ...foreign, headers: { ...foreign.headers, cookie } }),
    "request_unknown",
  );
  const broken = form({ SAMLResponse: response, RelayState: relayState });
  const changed = cookie.replace(/.(?=;)/, (last) => (last === "A" ? "B" : "A"));
  await onlyLoggedWith(
    await request(site.port, {
      ...{ host, path: auth, ...broken },
      headers: { ...broken.headers, cookie: changed },
    }),
    "request_unknown",
  );
});

test("forms of another shape are refused", async () => {
  await onlyLoggedWith(await post({ RelayState: "x" }), "bad_form", 400);
  const twice = "SAMLResponse=YQ&SAMLResponse=Yg";
  await onlyLoggedWith(await post({}, { body: twice }), "bad_form", 400);
  const json = { headers: { "content-type": "application/json" }, body: "{}" };
  await onlyLoggedWith(await post({}, json), "bad_form", 400);
  await onlyLoggedWith(await post({ SAMLResponse: "A".repeat(3 << 20) }), "bad_form", 413);
});

test("return addresses outside the app are refused", async () => {
  for (const destination of [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "/%0d%0aSet-Cookie: a=b".replace("%0d%0a", "\r\n"),
    "javascript:alert(1)",
    "https://jira.localhost@evil.example/",
    "/..//evil.example/",
  ]) {
    const answer = await get(`${auth}?os_destination=${encodeURIComponent(destination)}`);
    await onlyLoggedWith(answer, "return_address", 400);
    assert.equal(answer.headers.location, undefined);
  }
});

test("another host is nobody's", async () => {
  for (const other of ["evil.example", `JIRA.localhost.evil:${site.port}`, "127.0.0.1"]) {
    assert.equal((await request(site.port, { host: other })).status, 421, other);
  }
});

test("an app that is away is named", async () => {
  const answer = await request(site.port, { host: `gone.localhost:${site.port}` });
  assert.equal(answer.status, 502);
  assert.match(answer.body, /gone/);
});

test("the answer to a managed name's password is one for all names, a page only for who asks for one", async () => {
  const page = { accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8" };
  const basic = (name) => ({ authorization: `Basic ${Buffer.from(`${name}:guess`).toString("base64")}` });
  const json = { "content-type": "application/json" };
  const long = (name) => `a=${"x".repeat(100000)}&os_username=${name}&os_password=guess`;
  const ways = [
    (name, headers) => ({ path: "/rest/api/2/myself", headers: { ...basic(name), ...headers } }),
    (name, headers) => ({ path: `/browse/X?os_username=${name}&os_password=guess`, headers }),
    (name, headers) => ({
      ...{ path: "/rest/auth/1/session", method: "POST", headers: { ...json, ...headers } },
      body: JSON.stringify({ username: name, password: "guess" }),
    }),
    (name, headers) => ({ path: "/double/upload", ...form({}), body: long(name), headers: { ...form({}).headers, ...headers } }),
  ];
  for (const way of ways) {
    const bodies = { page: new Set(), script: new Set() };
    for (const name of ["camilla", "CAMILLA", "waldorf"]) {
      const person = await request(site.port, { host, ...way(name, page) });
      assert.equal(person.status, 403, person.body);
      assert.match(person.headers["content-type"], /^text\/html/);
      bodies.page.add(person.body);
      for (const headers of [{}, { accept: "*/*" }, { accept: "application/json" }, { accept: "text/html;q=0" }]) {
        const script = await request(site.port, { host, ...way(name, headers) });
        assert.equal(script.status, 403, script.body);
        assert.match(script.headers["content-type"], /^application\/json/);
        assert.match(JSON.parse(script.body).message, /personal access token of jira/);
        bodies.script.add(script.body);
      }
    }
    for (const [reader, all] of Object.entries(bodies)) {
      assert.equal(all.size, 1, `one text for every name: ${reader}`);
      assert.doesNotMatch([...all][0], /camilla|waldorf/i);
    }
  }
  const away = { host: `gone.localhost:${site.port}`, path: "/" };
  assert.match((await request(site.port, { ...away, headers: page })).headers["content-type"], /^text\/html/);
  const script = await request(site.port, away);
  assert.equal(script.status, 502);
  assert.match(JSON.parse(script.body).message, /gone does not answer/);
});

test("a password typed for a managed name never reaches the app", async () => {
  const before = (await site.control("jira", "GET", "/state")).directories;
  const basic = `Basic ${Buffer.from("camilla:guess").toString("base64")}`;
  const login = { os_username: "Camilla", os_password: "guess" };
  const json = JSON.stringify({ username: "camilla", password: "guess" });
  const tries = [
    request(site.port, { host, path: "/login.jsp", ...form(login) }),
    request(site.port, { host, path: "//login.jsp;x=1", ...form(login) }),
    request(site.port, { host, path: "/browse/DEMO-1", ...form(login) }),
    request(site.port, {
      ...{ host, path: "/rest/auth/1/session", method: "POST", body: json },
      headers: { "content-type": "application/json" },
    }),
    get("/rest/api/2/myself", { headers: { authorization: basic } }),
    get("/browse/DEMO-1?os_username=camilla&os_password=guess"),
    get("/rest/api/2/myself", { headers: { authorization: basic.replace("Basic ", "basic  *").replace(/=+$/, "") } }),
    // A form that is JSON as well, fields twice, a name in Latin-1 letters, a long form in chunks.
    request(site.port, {
      ...{ host, path: "/login.jsp", ...form({}) },
      body: '{"a":"&os_username=camilla&os_password=guess&b="}',
    }),
    request(site.port, {
      ...{ host, path: "/rest/auth/latest/session", method: "POST" },
      headers: { "content-type": "application/json" },
      body: '{"username":"admin","user\\u006eame":"camilla","password":"guess"}',
    }),
    request(site.port, {
      ...{ host, path: "/double/upload", ...form({}) },
      headers: { ...form({}).headers, "transfer-encoding": "chunked" },
      body: `a=${"x".repeat(200000)}&o%73_username=camilla&os_password=guess`,
    }),
    request(site.port, {
      ...{ host, path: "/double/upload", ...form({}) },
      body: `a=${"x".repeat(100000)}&os_password=g&os_username=camilla`,
    }),
    // A resource with an extension, the portal's own log-in.
    request(site.port, {
      ...{ host, path: "/rest/auth/1/session.json", method: "POST", body: json },
      headers: { "content-type": "application/json" },
    }),
    request(site.port, {
      ...{ host, path: "/servicedesk/customer/portal/1/user/login", ...form({ username: "camilla" }) },
    }),
  ];
  for (const answer of await Promise.all(tries)) {
    assert.equal(answer.status, 403, answer.body);
    assert.doesNotMatch(answer.body, /camilla/i, "the page tells nobody a name");
  }
  // A name padded beyond every name, more names than anybody has.
  const nine = [..."abcdefghi"].map((name) => `os_username=${name}`).join("&");
  const names = [`os_username=camilla${"+".repeat(5000)}`, `os_username=${"x".repeat(256)}`, nine];
  for (const body of names.flatMap((name) => [name, `a=${"x".repeat(100000)}&${name}`])) {
    const answer = await request(site.port, { host, path: "/double/upload", ...form({}), body });
    const expected = body.startsWith("os_username=camilla") ? 403 : 400;
    assert.equal(answer.status, expected, answer.body);
    if (expected === 400) assert.match(answer.body, /at most (255 characters|eight users)/);
  }
  // What a container reads as another path, or in other letters.
  const dots = ["/x/../login.jsp", "/x/%2e%2e/login.jsp", "/x/..;a=b/login.jsp", "/x%5c..%5clogin.jsp"];
  for (const path of dots) {
    const answer = await request(site.port, { host, path, ...form(login) });
    assert.equal(answer.status, 400, path);
  }
  const ebcdic = { headers: { "content-type": "text/plain; charset=ibm037" } };
  assert.equal((await get("/browse/DEMO-1?%96%a2=x", ebcdic)).status, 415);
  const after = (await site.control("jira", "GET", "/state")).directories;
  assert.deepEqual(after.map((d) => d.password_checks), before.map((d) => d.password_checks));

  const urlencoded = form({}).headers["content-type"];
  const letters = ["UTF-16", "ISO-8859-2"].map((charset) => `${urlencoded}; charset=${charset}`);
  for (const kind of ["multipart/form-data; boundary=x", ...letters]) {
    const odd = { ...form(login), headers: { "content-type": kind } };
    assert.equal((await request(site.port, { host, path: "/login.jsp", ...odd })).status, 415, kind);
  }
  const pad = form({ a: "x".repeat(100000), os_username: "admin", os_password: "wrong" });
  assert.equal((await request(site.port, { host, path: "/double/upload", ...pad })).status, 200, "a long form passes");
  const large = form({ ...login, os_destination: "x".repeat(20000) });
  assert.equal((await request(site.port, { host, path: "/login.jsp", ...large })).status, 413);
  const admin = form({ os_username: "admin", os_password: "admin" });
  const entered = await request(site.port, { host, path: "/login.jsp", ...admin });
  assert.equal(entered.headers["x-seraph-loginreason"], "OK", "others still log in");
});

test("Samlgate's cookies stay at the gate", async () => {
  const cookie = "samlgate_request_1=a; JSESSIONID=b; __Host-samlgate_session=c; d=e";
  const answer = await get("/double/request", { headers: { cookie, "x-forwarded-for": "6.6.6.6" } });
  assert.match(answer.body, /JSESSIONID=b/);
  assert.match(answer.body, /d=e/);
  assert.doesNotMatch(answer.body, /samlgate_/);
  assert.doesNotMatch(answer.body, /6\.6\.6\.6/, "a forwarded address is not believed");
});

test("settings with unknown keys name file, line and key", async () => {
  const { folder } = site;
  const file = path.join(folder, "wrong.toml");
  writeFileSync(file, '[listen]\npublic = "127.0.0.1:1"\npublik = "x"\n');
  const done = await site.tryCli(["check"]);
  assert.equal(done.code, 0, done.stdout + done.stderr);
  const wrong = await run(program("samlgate"), ["check", "--config", file]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr + wrong.stdout, /wrong\.toml:3.*publik/s);
});

test("a database that is away is said so, and the same request works when it is back", async () => {
  const hold = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
`;
  const database = path.join(site.folder, "samlgate.db");
  const holder = new Running("python3", ["-c", hold, database]);
  await holder.line(/held/);
  const { cookie, relayState } = await begin();
  const fields = form({ SAMLResponse: "YQ==", RelayState: relayState });
  const again = () => post({}, { ...fields, headers: { ...fields.headers, cookie } });
  const away = await again();
  assert.equal(away.status, 503);
  assert.ok(Number(away.headers["retry-after"]) > 0);
  assert.match(away.body, /try again/i);
  await holder.stop();
  await refusedWith(await again(), "xml", 403);
});

test("a form that takes more than half a minute gets 408 and the true reason", async () => {
  for (const [at, { status, body }] of (await Promise.all(slow)).entries()) {
    assert.equal(status, 408, body);
    assert.match(body, forms[at].told);
    assert.doesNotMatch(body, /kB/);
  }
});
