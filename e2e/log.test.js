// The log of a debug run: a line for each request, an event for each sign-in, and no secret in it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import tls from "node:tls";

import { startGateway } from "./lib/gateway.js";
import { form, request } from "./lib/http.js";
import { claims, startIdp } from "./lib/idp.js";
import { Installation } from "./lib/installation.js";
import { Running, freePorts, program, run, temporaryFolder } from "./lib/process.js";
import { Visitor } from "./lib/visitor.js";

let site, idp, host, port, spy;
const auth = "/plugins/servlet/saml/auth";
/** What must never be logged, each with what it is. */
const secrets = new Map();
const keep = (what, value) => value && value.length > 5 && secrets.set(value, what);

before(async () => {
  port = await freePorts(8);
  host = `jira.localhost:${port}`;
  site = new Installation(temporaryFolder(), port, { format: "json" });
  idp = await startIdp(port + 5, ["jira", "spy"].map((name) => site.url(name)));
  // An app that keeps the one-time password that it is given.
  spy = http.createServer((asked, answer) => {
    let body = "";
    asked.on("data", (piece) => (body += piece));
    asked.on("end", () => {
      if (body.startsWith("{")) keep("one-time password", JSON.parse(body).password);
      answer.writeHead(401).end();
    });
  });
  await new Promise((resolve) => spy.listen(port + 6, "127.0.0.1", resolve));
  await site.start();
  // This version puts new people only into groups that its copy has already.
  await site.cli(["group", "add", "jira-software-users"]);
  await site.addDouble("jira", "jira7");
  keep("application password", "password of jira");
  keep("application credentials", Buffer.from("jira:password of jira").toString("base64"));
  await site.cli([
    ...["app", "add", "spy", "--kind", "jira", "--public-url", site.url("spy")],
    ...["--upstream", `http://127.0.0.1:${port + 6}`],
  ]);
  await site.cli([
    ...["idp", "add", "company", "--metadata", `http://127.0.0.1:${port + 5}/metadata`],
    ...["--user-id", `attribute:${claims.account}`, "--email", claims.email, "--create-users"],
    ...["--user-groups", "jira-software-users"],
  ]);
  await sleep(1000);
});

after(async () => {
  await site?.stop();
  await idp?.stop();
  spy?.close();
});

/** Signs in at an app, keeping every secret on the way. */
async function signIn(at) {
  const visitor = new Visitor(at, port);
  const fields = await visitor.response("camilla");
  keep("RelayState", fields.RelayState);
  for (const [name, value] of visitor.cookies) keep(`cookie ${name}`, value);
  const response = Buffer.from(fields.SAMLResponse, "base64").toString();
  keep("SAMLResponse", fields.SAMLResponse.slice(0, 200));
  keep("signature", /SignatureValue>\s*([^<\s]{20})/.exec(response)[1]);
  const posted = await visitor.post(fields);
  keep("session", visitor.cookies.get("__Host-samlgate_session"));
  const opened = await visitor.send(at, posted.headers.location);
  for (const [name, value] of visitor.cookies) keep(`cookie ${name}`, value);
  return { visitor, opened, posted };
}

test("no secret is in the log, not even at debug", async () => {
  const { visitor, opened } = await signIn(host);
  assert.equal(opened.status, 303);
  await visitor.send(host, "/browse/DEMO-1?token=secret-in-a-query;jsessionid=x");
  await visitor.send(host, "/browse/DEMO-1;jsessionid=SECRETINPATH");
  keep("query", "secret-in-a-query");
  keep("path parameter", "SECRETINPATH");
  assert.equal((await signIn(`spy.localhost:${port}`)).opened.status, 502);

  keep("typed password", "typed-guess");
  const basic = Buffer.from("camilla:typed-guess").toString("base64");
  keep("Basic credentials", basic);
  await request(port, { host, path: "/rest/api/2/myself", headers: { authorization: `Basic ${basic}` } });
  const guess = form({ os_username: "camilla", os_password: "typed-guess" });
  assert.equal((await request(port, { host, path: "/login.jsp", ...guess })).status, 403);
  await request(port, { host, path: "/browse/K?os_username=camilla&os_password=typed-guess" });
  const crowd = (headers, body) =>
    request(port + 2, {
      ...{ host: "127.0.0.1", method: "POST", body },
      path: "/rest/usermanagement/1/authentication?username=camilla",
      headers: { "content-type": "application/xml", ...headers },
    });
  const application = Buffer.from("jira:password of jira").toString("base64");
  const password = "<password><value>typed-guess</value></password>";
  await crowd({ authorization: `Basic ${application}` }, password);
  await crowd({ authorization: `Basic ${basic}` }, password);
  await request(port, { host, path: auth, ...form({ SAMLResponse: "typed-guess" }) });

  const key = readFileSync(path.join(site.folder, "samlgate.key"));
  keep("key", key.toString("utf8").trim());
  for (const encoding of ["hex", "base64"]) keep("key", key.toString(encoding));
  await site.server.stop();
  const { output } = site.server;
  assert.ok(secrets.size > 15, [...secrets.values()].join());
  assert.ok([...secrets.values()].includes("one-time password"));
  for (const [value, what] of secrets) assert.ok(!output.includes(value), `${what} is in the log`);
  assert.ok(output.includes("a response came"), "the response is shown, masked");
  assert.match(output, /SignatureValue>\[\d+ characters\]/);
  assert.doesNotMatch(output, /AttributeValue[^>]*>[^[<]/, "no value of an attribute");
});

test("each request has one line, and each sign-in its events", async () => {
  await site.start();
  const { posted } = await signIn(host);
  assert.equal(posted.status, 303);
  const { visitor } = await signIn(host);
  await visitor.send(host, "/browse/DEMO-1?x=y");
  await site.server.stop();
  const lines = site.server.output.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  const access = lines.filter((line) => line.target === "samlgate::access");
  const page = access.filter((line) => line["http.path"] === "/browse/DEMO-1");
  assert.equal(page.length, 1);
  const { timestamp, duration_ms: duration, "http.bytes": bytes, "request.id": id, ...rest } = page[0];
  assert.ok(Date.parse(timestamp) && duration > 0 && bytes > 500 && /^[0-9a-f]{16}$/.test(id), JSON.stringify(page[0]));
  assert.deepEqual(rest, {
    level: "INFO",
    target: "samlgate::access",
    message: "request",
    listener: "public",
    client: "127.0.0.1",
    "http.method": "GET",
    "http.path": "/browse/DEMO-1",
    "http.status": 200,
    app: "jira",
    "user.name": "camilla",
  });
  const crowd = access.find((line) => line.listener === "crowd" && line["http.path"].endsWith("/authentication"));
  assert.equal(crowd["application.name"], "jira");
  assert.equal(crowd["http.status"], 200);

  const events = lines.filter((line) => line["attempt.id"] && line["attempt.outcome"]);
  assert.deepEqual(events.map((line) => line["attempt.outcome"]), ["signed_in", "opened", "signed_in", "opened"]);
  for (const event of events) {
    assert.equal(event["user.name"], "camilla");
    assert.ok(access.some((line) => line["request.id"] === event["request.id"]), "an event belongs to a request");
  }
});

test("the level can be said on the command line", async () => {
  const wrong = await run(program("samlgate"), ["serve", "--log-level", "loud", "--config", site.config]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /error, warn, info, debug, trace/);
  const quiet = new Running(program("samlgate"), ["serve", "--log-level", "error", "--config", site.config]);
  await quiet.line(/Crowd API/);
  await request(port, { host, path: "/login.jsp" });
  await quiet.stop();
  assert.doesNotMatch(quiet.output, /samlgate::access/);
});

/** An HTTP/2 frame on the connection itself. */
function frame(type, flags, payload) {
  return Buffer.concat([Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, 0]), payload]);
}

test("frames that nobody asked for write no lines", async () => {
  const gateway = await startGateway(temporaryFolder(), await freePorts(3), { "": port + 6 }, { tls: true });
  try {
    const options = { port: gateway.port, host: "127.0.0.1", servername: "localhost", rejectUnauthorized: false };
    const socket = tls.connect({ ...options, ALPNProtocols: ["h2"] });
    const [settings, ping, ack] = [4, 6, 1];
    const last = Buffer.from("the last");
    const answered = new Promise((resolve, reject) => {
      let came = Buffer.alloc(0);
      socket.on("data", (data) => {
        came = Buffer.concat([came, data]);
        if (came.includes(frame(ping, ack, last))) resolve();
      });
      socket.on("error", reject).on("close", () => reject(new Error("closed")));
    });
    socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    socket.write(frame(settings, 0, Buffer.alloc(0)));
    const acknowledged = Array.from({ length: 1000 }, (_, number) => frame(ping, ack, Buffer.from(`ping${1000 + number}`)));
    socket.write(Buffer.concat([...acknowledged, frame(ping, 0, last)]));
    await answered;
    socket.destroy();
    assert.doesNotMatch(gateway.said(), /ping|h2/i);
  } finally {
    await gateway.stop();
  }
});
