// What an app may answer to the opener: each is understood, told to the person in plain words and
// to the operator exactly, and nothing is handed over unless the app names the very user.

import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { claims, startIdp } from "./lib/idp.js";
import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { Visitor } from "./lib/visitor.js";

let site, idp, host, app, behaviour, asked;
const auth = "/plugins/servlet/saml/auth";
const session = "JSESSIONID=NEW; Path=/; HttpOnly";

before(async () => {
  const port = await freePorts(8);
  host = `jira.localhost:${port}`;
  site = new Installation(temporaryFolder(), port);
  idp = await startIdp(port + 5, [site.url("jira")]);
  app = http.createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      asked.push(`${request.method} ${request.url}`);
      const [status, headers, text] = behaviour(request, body) ?? [404, {}, ""];
      if (status) response.writeHead(status, headers).end(text);
    });
  });
  await new Promise((resolve) => app.listen(port + 6, "127.0.0.1", resolve));
  await site.start();
  await site.cli([
    ...["app", "add", "jira", "--kind", "jira", "--public-url", site.url("jira")],
    ...["--upstream", `http://127.0.0.1:${port + 6}`],
  ]);
  await site.cli(["application", "add", "jira"], "password of jira\n");
  await site.cli([
    ...["idp", "add", "company", "--metadata", `http://127.0.0.1:${port + 5}/metadata`],
    ...["--user-id", `attribute:${claims.account}`, "--email", claims.email, "--create-users"],
  ]);
  await sleep(1000);
});

after(async () => {
  await site?.stop();
  await idp?.stop();
  app?.closeAllConnections();
  app?.close();
});

/** Signs Camilla in at an app that behaves so; gives the opener's answer and the attempt. */
async function open(wanted) {
  asked = [];
  behaviour = wanted;
  const visitor = new Visitor(host);
  const answer = await visitor.post(await visitor.response("camilla"));
  assert.equal(answer.status, 303, answer.body);
  const opened = await visitor.send(host, answer.headers.location);
  return { opened, attempt: (await site.attempts())[0], visitor };
}

const at = (method, address, answer) => (request) =>
  request.method === method && request.url === address ? answer : undefined;
const json = (value, headers = {}) => [200, { "content-type": "application/json", ...headers }, JSON.stringify(value)];
const login = (answer, who) => (request) => {
  if (request.url !== "/rest/auth/1/session") return undefined;
  if (request.method === "POST") return answer;
  return request.method === "GET" ? who : [204, {}, ""];
};

const cases = {
  "an app that fails by itself": {
    behaviour: at("POST", "/rest/auth/1/session", [500, {}, "boom"]),
    ...{ code: "app_error", status: 502, says: /try again/i },
  },
  "an app without any log-in": {
    behaviour: () => undefined,
    ...{ code: "app_login_disabled", status: 502, says: /set up wrongly/ },
  },
  "a log-in that is switched off, and others that are not there": {
    behaviour: at("POST", "/rest/auth/1/session", [403, {}, "Login has been disabled here."]),
    ...{ code: "app_login_disabled", status: 502, says: /set up wrongly/ },
  },
  "a log-in page that comes again without a word": {
    behaviour: at("POST", "/login.jsp", [200, { "content-type": "text/html" }, "<form>"]),
    ...{ code: "app_directory_order", status: 502, says: /set up wrongly/, never: true },
  },
  "an answer that sets no session": {
    behaviour: login(json({}), json({ name: "camilla" })),
    ...{ code: "app_no_session", status: 502, says: /set up wrongly/ },
  },
  "an answer that asks for a second step": {
    behaviour: at("POST", "/rest/auth/1/session", json({ nextStep: "SECOND_FACTOR" })),
    ...{ code: "app_second_step", status: 403, says: /second step/ },
  },
  "a session of somebody else": {
    behaviour: login(json({ session: {} }, { "set-cookie": session }), json({ name: "gonzo" })),
    ...{ code: "app_other_user", status: 502, says: /set up wrongly/, loggedOut: true },
  },
  "a session of nobody": {
    behaviour: login(json({ session: {} }, { "set-cookie": session }), [401, {}, "{}"]),
    ...{ code: "app_directory_order", status: 502, says: /set up wrongly/, loggedOut: true, never: true },
  },
  "a session whose user is not told": {
    behaviour: login(json({ session: {} }, { "set-cookie": session }), [200, {}, "no JSON"]),
    ...{ code: "app_unexpected", status: 502, says: /set up wrongly/, loggedOut: true },
  },
  "a status that no log-in has": {
    behaviour: at("POST", "/rest/auth/1/session", [418, {}, ""]),
    ...{ code: "app_unexpected", status: 502, says: /set up wrongly/ },
  },
  "a CAPTCHA that only a header tells of": {
    behaviour: at("POST", "/rest/auth/1/session", [
      ...[403, { "x-authentication-denied-reason": "CAPTCHA_CHALLENGE; login-url=/login.jsp" }, ""],
    ]),
    ...{ code: "app_captcha", status: 403, says: /CAPTCHA/ },
  },
};

for (const [name, wanted] of Object.entries(cases)) {
  test(`${name} is ${wanted.code}`, async () => {
    const { opened, attempt, visitor } = await open(wanted.behaviour);
    assert.equal(attempt.code, wanted.code, JSON.stringify(attempt));
    assert.equal(opened.status, wanted.status);
    assert.match(opened.body, wanted.says);
    assert.ok(opened.body.includes(attempt.id), "the person can name the attempt");
    assert.ok(attempt.hint.length > 20);
    const never = "jira has never connected to Samlgate's Crowd API";
    assert.equal(attempt.detail.includes(never), wanted.never ?? false, attempt.detail);
    assert.equal(visitor.cookies.get("JSESSIONID"), undefined, "nothing is handed over");
    assert.equal(asked.includes("DELETE /rest/auth/1/session"), wanted.loggedOut ?? false, asked.join());
  });
}

test("an app that hangs is given up after half a minute", async () => {
  const { opened, attempt } = await open(at("POST", "/rest/auth/1/session", [0]));
  assert.equal(attempt.code, "app_slow");
  assert.equal(opened.status, 502);
  assert.match(opened.body, /try again/i);
});

test("a newer log-in is tried when the older ones are not there", async () => {
  const { opened, visitor } = await open((request) => {
    if (request.method === "GET") return json({ name: "Camilla" });
    return at("POST", "/rest/tsv/1.0/authenticate", json({ redirectUrl: "/" }, { "set-cookie": session }))(request);
  });
  assert.equal(opened.status, 303, opened.body);
  assert.equal(visitor.cookies.get("JSESSIONID"), "NEW");
});

test("the app gets the person's address and no cookie of the browser", async () => {
  let first;
  await open((request) => {
    first ??= request.headers;
    return login(json({}, { "set-cookie": session }), json({ name: "camilla" }))(request);
  });
  assert.equal(first.cookie, undefined);
  assert.equal(first["x-forwarded-for"], "127.0.0.1");
  assert.equal(first.host, host);
  assert.equal(first.authorization, undefined, "never by a Basic header");
});

test("an app that names none of several Crowd applications is opened for nobody", async () => {
  await site.cli(["application", "add", "wiki"], "password of wiki\n");
  await sleep(1000);
  const { opened, attempt } = await open(login(json({}, { "set-cookie": session }), json({ name: "camilla" })));
  assert.equal(attempt.code, "app_application_unnamed", JSON.stringify(attempt));
  assert.match(attempt.detail, /samlgate app set APP --application NAME/);
  assert.equal(opened.status, 502);
  assert.match(opened.body, /set up wrongly/);
  assert.deepEqual(asked, [], "the app hears of no password");
  await site.cli(["app", "set", "jira", "--application", "jira"]);
  await sleep(1000);
  const named = await open(login(json({}, { "set-cookie": session }), json({ name: "camilla" })));
  assert.equal(named.opened.status, 303, named.opened.body);
});
