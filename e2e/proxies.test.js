// Behind a TLS proxy and in front with its own TLS: the app hears the same, and people see the same
// addresses.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import path from "node:path";
import { after, before, test } from "node:test";
import zlib from "node:zlib";

import { makeCertificate } from "./lib/certificate.js";
import { Installation } from "./lib/installation.js";
import { startNginx } from "./lib/nginx.js";
import { Running, freePorts, listening, program, run, temporaryFolder } from "./lib/process.js";
import { startTomcat } from "./lib/tomcat.js";

const folder = temporaryFolder();
let key, certificate, app, site, nginx, port, host, plain;

/** What a client claims that has no right to. */
const claims = {
  "x-forwarded-for": "198.51.100.66, 203.0.113.9",
  "x-forwarded-host": "evil.example",
  "x-forwarded-proto": "http",
  "x-forwarded-port": "81",
  "x-real-ip": "198.51.100.66",
  forwarded: "for=198.51.100.66;host=evil.example;proto=http",
  "x-forwarded-user": "admin",
  "remote-user": "admin",
  x_remote_user: "admin",
  "true-client-ip": "198.51.100.66",
};

before(async () => {
  ({ key, certificate } = await makeCertificate(folder, "tls", "jira.localhost"));
  app = http.createServer(showing).on("upgrade", agreeing);
  await new Promise((resolve) => app.listen(0, "127.0.0.1", resolve));
  const first = await freePorts(4);
  port = first + 3;
  host = `jira.localhost:${port}`;
  site = new Installation(folder, first);
  plain = readFileSync(site.config, "utf8");
  writeFileSync(site.config, `${plain}[proxies]\ntrusted = ["127.0.0.2"]\n`);
  await site.cli([
    ...["app", "add", "jira", "--kind", "jira", "--public-url", `https://${host}`],
    ...["--upstream", `http://127.0.0.1:${app.address().port}`],
  ]);
  await site.cli([
    ...["idp", "add", "company", "--entity-id", "https://idp.example.org/"],
    ...["--login-url", "https://idp.example.org/sso", "--certificate", certificate],
  ]);
  await site.start();
  nginx = await startNginx(folder, { port, upstream: first, source: "127.0.0.2", certificate, key });
});

after(async () => {
  await nginx?.stop();
  await site?.stop();
  app?.close();
});

/** An app that shows the headers it got, or sends people on by its own idea of its address. */
function showing(request, response) {
  if (request.url === "/away") {
    response.writeHead(302, { location: `http://${request.headers.host}/secure/Dashboard.jspa` });
    return response.end();
  }
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(request.headers));
}

function agreeing(request, socket) {
  socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
  socket.on("data", (data) => socket.write(data));
  socket.on("end", () => socket.end()).on("error", () => socket.destroy());
}

function get(address, headers = {}, localAddress = "127.0.0.1") {
  const options = {
    ...{ host: "127.0.0.1", localAddress, port, path: address },
    ...{ rejectUnauthorized: false, agent: false },
  };
  return new Promise((resolve, reject) => {
    const sent = https.request({ ...options, headers: { host, ...headers } }, (answer) => {
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece)).on("error", reject);
      answer.on("end", () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces).toString() }),
      );
    });
    sent.on("upgrade", (answer, socket) => resolve({ status: answer.statusCode, socket }));
    sent.on("error", reject).end();
  });
}

/** All that the app hears and that people see, without what differs each time. */
async function placement() {
  const heard = async (headers) => {
    const seen = JSON.parse((await get("/browse/KEY-1", headers)).body);
    assert.match(seen["x-request-id"], /^\w{16,}$/);
    delete seen["x-request-id"];
    delete seen.connection;
    return seen;
  };
  const start = await get("/plugins/servlet/saml/auth?os_destination=/browse/KEY-1");
  const request = new URL(start.headers.location).searchParams.get("SAMLRequest");
  const xml = zlib.inflateRawSync(Buffer.from(request, "base64")).toString();
  const { socket } = await get("/synchrony", { connection: "upgrade", upgrade: "websocket" });
  socket.write("any bytes");
  const [echo] = await new Promise((resolve) => socket.once("data", (data) => resolve([data])));
  socket.destroy();
  return {
    heard: await heard({}),
    claimed: await heard(claims),
    redirect: (await get("/away")).headers.location,
    metadata: (await get("/plugins/servlet/saml/metadata")).body.replace(/\b(ID|validUntil)="[^"]*"/g, ""),
    acs: /AssertionConsumerServiceURL="([^"]*)"/.exec(xml)?.[1],
    cookie: start.headers["set-cookie"][0].split(";").slice(1).sort().join(";"),
    echo: echo.toString(),
    stranger: (await get("/", { host: "evil.example" })).status,
  };
}

test("a Tomcat that believes its proxy knows its public address and the person's, whatever is claimed", async () => {
  const upstream = await freePorts(1);
  const valve =
    '<Valve className="org.apache.catalina.valves.RemoteIpValve" internalProxies="127\\.0\\.0\\.1"' +
    ' hostHeader="X-Forwarded-Host" portHeader="X-Forwarded-Port" protocolHeader="X-Forwarded-Proto"/>';
  const name = `wiki.localhost:${port}`;
  const tomcat = await startTomcat(temporaryFolder(), [{ port: upstream, host: "wiki.localhost", valve }]);
  try {
    await site.cli([
      ...["app", "add", "wiki", "--kind", "other", "--public-url", `https://${name}/jira`],
      ...["--upstream", `http://127.0.0.1:${upstream}`],
    ]);
    const place = async (headers) => {
      const answer = await get("/jira/place", { host: name, ...headers }, "127.0.0.9");
      assert.equal(answer.status, 200, answer.body);
      return answer.body.trim().split("\n").map((line) => line.trim());
    };
    const person = ["127.0.0.9", "127.0.0.9", "null"];
    const truth = [`https://${name}/jira/place`, "https", "true", "wiki.localhost", String(port), ...person];
    for (let tries = 0; tries < 20 && (await get("/jira/place", { host: name })).status !== 200; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    assert.deepEqual(await place({}), truth);
    assert.deepEqual(await place(claims), truth);
  } finally {
    await tomcat.stop();
  }
});

test("behind a trusted TLS proxy and with its own TLS the app and people see the same", async () => {
  const behind = await placement();
  await nginx.stop();
  await site.stop();
  const listen = plain.replace(/public = "[^"]*"/, `public = "127.0.0.1:${port}"`);
  writeFileSync(site.config, `${listen}[tls]\ncertificate_file = "${certificate}"\nkey_file = "${key}"\n`);
  site.server = new Running(program("samlgate"), ["serve", "--config", site.config]);
  await listening(port);
  const front = await placement();
  assert.deepEqual(behind, front);
  assert.deepEqual(front.heard, front.claimed, "what a client claims changes nothing");
  assert.deepEqual(front.heard, {
    host,
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-host": host,
    "x-forwarded-port": String(port),
    "x-forwarded-proto": "https",
  });
  assert.equal(front.redirect, `https://${host}/secure/Dashboard.jspa`);
  assert.equal(front.acs, `https://${host}/plugins/servlet/saml/auth`);
  assert.equal(front.echo, "any bytes");
  assert.equal(front.stranger, 421);
});

test("curl with a raw quote or hash in a link is told what to write over HTTP/1.1, and reset over HTTP/2", async () => {
  const curl = (version, target) =>
    run("curl", [
      ...["--silent", "--insecure", `--http${version}`, "--resolve", `${host}:127.0.0.1`, "--max-time", "10"],
      ...["--write-out", "\n%{http_code}", "--request-target", target, `https://${host}/`],
    ]);
  for (const target of ['/issues/?jql=text~"a"', "/issues/?jql=created<-1d", "/collection/#member"]) {
    const { code, stdout } = await curl("1.1", target);
    assert.equal(code, 0);
    assert.match(stdout, /%22.*\n+400$/s, target);
  }
  for (const target of ['/issues/?jql=text~"a"', "/issues/?jql=created<-1d"]) {
    const { code } = await curl("2", target);
    assert.ok([16, 92].includes(code), `${target}: curl ends with ${code}`);
  }
  assert.match((await curl("2", "/issues/?jql=text~%22a%22")).stdout, /\n200$/);
});
