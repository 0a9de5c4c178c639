// A password for a managed name never reaches the app: a real Tomcat is the judge. Whatever its
// log-in understands as somebody's name must not have come through the gateway.

import assert from "node:assert/strict";
import net from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";

import { makeCertificate } from "./lib/certificate.js";
import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { bodies, lettered, paths, post } from "./lib/spellings.js";
import { startTomcat, understood } from "./lib/tomcat.js";

const managed = ["camilla", "søren", "łukasz", "4711"];
let site, tomcat, places;

before(async () => {
  const port = await freePorts(8);
  const folder = temporaryFolder();
  site = new Installation(folder, port);
  // As it comes, and as careless as it can be set up; Jira comes with the first attribute.
  places = [
    { name: "strict", port: port + 4, host: "strict.localhost", charset: "UTF-8" },
    {
      ...{ name: "loose", port: port + 5, host: "loose.localhost" },
      attributes: {
        ...{ useBodyEncodingForURI: "true", encodedSolidusHandling: "decode", allowBackslash: "true" },
        ...{ parseBodyMethods: "POST,PUT,PATCH,DELETE,GET", rejectIllegalHeader: "false" },
      },
    },
  ];
  tomcat = await startTomcat(path.join(folder), places);
  await site.start();
  const { certificate } = await makeCertificate(folder, "idp", "idp.localhost");
  for (const { name, port: upstream } of places) {
    // Another app has the rest of the host, so that no path is refused for want of one.
    for (const [app, kind, below] of [[name, "jira", "/jira"], [`${name}-rest`, "other", ""]]) {
      await site.cli([
        ...["app", "add", app, "--kind", kind, "--public-url", `${site.url(name)}${below}`],
        ...["--upstream", `http://127.0.0.1:${upstream}`],
      ]);
    }
  }
  await site.cli([
    ...["idp", "add", "company", "--entity-id", "https://idp.example.org/"],
    ...["--login-url", "https://idp.example.org/sso", "--certificate", certificate],
  ]);
  for (const name of managed) {
    await site.cli(["user", "add", name, "--full-name", name, "--email", "c@x", "--idp", "company"]);
  }
  // The running server takes the new settings up.
  for (const { name } of places) await reached(name);
});

after(async () => {
  await site?.stop();
  await tomcat?.stop();
});

async function reached(name) {
  for (let tries = 0; tries < 100; tries++) {
    const { head } = await exchange(site.port, name, { method: "GET", target: "/jira/x", headers: [] }, "-");
    if (/x-received/i.test(head)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${name} is not there:\n${site.server.output.slice(-2000)}`);
}

/** The request as bytes, not made better on the way. */
function written(place, request, id) {
  const { method, target, headers, body = "", chunks, extension = "", trailer = "" } = request;
  const host = `${place}.localhost:${site.port}`;
  const sent = Buffer.from(body);
  const length = chunks ? [["Transfer-Encoding", "chunked"]] : sent.length || method !== "GET" ? [["Content-Length", sent.length]] : [];
  const lines = [["Host", host], ["X-Try", id], ["Connection", "close"], ...headers, ...length];
  const head = `${method} ${target.replace("HOST", host)} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
  const pieces = (chunks ?? []).filter((piece) => piece.length > 0);
  const coded = pieces.map((piece) => `${Buffer.byteLength(piece).toString(16)}${extension}\r\n${piece}\r\n`).join("");
  return Buffer.concat([Buffer.from(head, "latin1"), chunks ? Buffer.from(`${coded}0\r\n${trailer}\r\n`) : sent]);
}

/** Sends the request; gives the status and head of the answer. */
function exchange(port, place, request, id) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1");
    const pieces = [];
    // Some are half a request to whoever counts in another way.
    socket.setTimeout(5000, () => socket.destroy());
    socket.on("data", (piece) => pieces.push(piece));
    // Who is refused early may lose the connection while it still sends.
    socket.on("error", (error) => (/ECONNRESET|EPIPE/.test(error.code) ? undefined : reject(error)));
    socket.on("close", () => {
      const head = Buffer.concat(pieces).toString("latin1");
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), head });
    });
    socket.write(written(place, request, id));
  });
}

/** Runs `work` for each, some at a time. */
async function each(list, work) {
  const rest = list.entries();
  const worker = async () => {
    for (const [at, item] of rest) await work(item, at);
  };
  await Promise.all(Array.from({ length: 12 }, worker));
}

const isManaged = (name) => managed.includes(name.replace(/^[\0- \s]+|[\0- \s]+$/gu, "").toLowerCase());

/**
 * Sends each request straight to Tomcat and through the gateway, in all places. Gives how many
 * Tomcat takes for somebody's log-in, and how many came through.
 */
async function judged(requests) {
  await understood(places);
  const tries = requests.flatMap((request) => places.map((place) => ({ request, place })));
  const statuses = [];
  await each(tries, async ({ request, place }, at) => {
    await exchange(place.port, place.name, request, `direct-${at}`);
    statuses[at] = (await exchange(site.port, place.name, request, `gate-${at}`)).status;
  });
  const names = await understood(places);
  let meant = 0;
  let passed = 0;
  const missed = [];
  tries.forEach(({ request, place }, at) => {
    const through = names.get(`gate-${at}`);
    if (names.get(`direct-${at}`)?.some(isManaged)) meant++;
    if (through) passed++;
    if (through?.some(isManaged)) {
      missed.push(`${statuses[at]} ${through}\n${written(place.name, request, "x").toString("latin1").slice(0, 600)}`);
    }
  });
  assert.deepEqual(missed.slice(0, 10), [], `${missed.length} of ${tries.length} passed unseen`);
  return { sent: tries.length, meant, passed };
}

test("no path leads a managed name's password to the app", async (t) => {
  const requests = paths.flatMap((target) => [
    post(target, "username=camilla&password=x"),
    post(target, '{"username":"camilla","password":"x"}', "application/json"),
  ]);
  const { sent, meant } = await judged(requests);
  t.diagnostic(`${sent} requests, ${meant} of which Tomcat takes for a log-in`);
  assert.ok(meant > 130, `only ${meant} of ${sent} mean anything`);
});

test("no body, query or header leads a managed name's password to the app", async (t) => {
  const { sent, meant } = await judged([...bodies("camilla"), ...lettered]);
  t.diagnostic(`${sent} requests, ${meant} of which Tomcat takes for a log-in`);
  assert.ok(meant > 700, `only ${meant} of ${sent} mean anything`);
});

test("honest log-ins of other names reach the app as they were sent", async () => {
  await understood(places);
  const basic = `Basic ${Buffer.from("admin:x").toString("base64")}`;
  const form = "application/x-www-form-urlencoded";
  const honest = [
    post("/jira/login.jsp", "os_username=admin&os_password=x%26%25"),
    post("/jira/login.jsp;jsessionid=1A.node1", "os_username=admin&os_password=x"),
    post("/jira/login.jsp", "os_username=admin&os_password=s%F8", `${form}; charset=ISO-8859-1`),
    post("/jira/login.jsp", "os_username=admin&os_password=x", `${form}; charset="UTF-8"`),
    post("/jira/rest/auth/1/session", '{"username":"admin","password":"{\\"x\\""}', "application/json; charset=utf-8"),
    post("/jira/rest/auth/1/session.json", '{ "password": "x", "username": "admin" }', "application/json"),
    post("/jira/x", `a=${"x".repeat(100000)}&os_username=admin&os_password=x`),
    { ...post("/jira/x", ""), chunks: ["a=b&os_user", "name=admin"] },
    { method: "GET", target: "/jira/x?os_username=admin&os_password=x", headers: [] },
    { method: "GET", target: "/jira/x", headers: [["Authorization", basic]] },
  ];
  const tries = honest.flatMap((request) => places.map((place) => ({ request, place })));
  await each(tries, async ({ request, place }, at) => {
    const { status, head } = await exchange(site.port, place.name, request, `honest-${at}`);
    assert.equal(status, 200, `${request.target}: ${head}`);
  });
  const names = await understood(places);
  for (const [at, { request }] of tries.entries()) {
    assert.ok(names.get(`honest-${at}`)?.includes("admin"), `${request.target} ${names.get(`honest-${at}`)}`);
  }
  for (const target of ["/jira/job/a%2Fb/c", "/jira//x", "/jira/a%3Bb/%C3%B8;jsessionid=1A", "/jira/x%252Fy"]) {
    const request = { method: "GET", target, headers: [] };
    const { status, head } = await exchange(site.port, "loose", request, "honest");
    assert.equal(status, 200, target);
    assert.equal(/^x-received: (.*)\r$/im.exec(head)?.[1], target, "byte for byte");
  }
});

/** Numbers that look random, the same each time (mulberry32). */
function numbers(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

test("no request put together at random leads a managed name's password to the app", async (t) => {
  const seed = Number(process.env.SAMLGATE_TEST_SEED ?? 2026);
  const random = numbers(seed);
  const one = (list) => list[Math.floor(random() * list.length)];
  const fragments = [
    ..."/;=&%+?.\\\"'{}[]:,", "//", "/../", "/./", "%2e", "%2f", "%5c", "%25", "%3b", "%00", "%20", ";a=b", ";jsessionid=1", "/jira",
    "os_username=", "username", "camilla", "s%F8ren", "s%C3%B8ren", "%6c", "%u0063", "\\u0063", "/**/", "\u{a0}", "\0", "\u{feff}", "4711", ".json",
  ];
  const mutated = (text) => {
    let changed = String(text);
    for (let times = Math.floor(random() * 3); times > 0; times--) {
      const at = Math.floor(random() * (changed.length + 1));
      changed = changed.slice(0, at) + one(fragments) + changed.slice(at + Math.floor(random() * 2));
    }
    return changed;
  };
  // What would end the line or the head would be another request.
  const inLine = (text) => text.replace(/[\r\n \0]/g, "").replace(/[^\0-\xff]/g, "");
  const known = [...bodies("camilla"), ...lettered].filter(({ body }) => !(body?.length > 8000));
  const requests = Array.from({ length: 3000 }, () => {
    const request = { ...one(known) };
    const other = one(known);
    if (random() < 0.4) request.target = one(paths);
    if (random() < 0.2) request.headers = [...other.headers, ...request.headers.slice(1)];
    if (random() < 0.2) request.target += `${request.target.includes("?") ? "&" : "?"}${other.target.split("?")[1] ?? "a=b"}`;
    if (random() < 0.2) request.body = other.body;
    if (random() < 0.6) request.target = inLine(mutated(request.target)) || "/";
    if (random() < 0.6 && !request.chunks && request.body) {
      request.body = Buffer.from(mutated(Buffer.from(request.body).toString("latin1")), "latin1");
    }
    return request;
  });
  const { sent, meant, passed } = await judged(requests);
  t.diagnostic(`seed ${seed}: ${sent} requests, ${meant} are log-ins to Tomcat, ${passed} passed the gate`);
  assert.ok(meant > 800, `only ${meant} of ${sent} mean anything`);
  assert.ok(passed > 200, `only ${passed} of ${sent} passed`);
});
