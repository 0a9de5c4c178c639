// Log-out reaches the app: its session ends with Samlgate's, at the next request, and so do its tunnels.

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { request } from "./lib/http.js";
import { claims, startIdp } from "./lib/idp.js";
import { Installation } from "./lib/installation.js";
import { startPostgreSql } from "./lib/postgresql.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { Visitor } from "./lib/visitor.js";

/**
 * The app at `address`, behind something that keeps WebSockets to itself, renews "remember me" at
 * `/renewed`, and notes how the dashboard was asked for.
 */
async function startRelay(port, address) {
  const app = new URL(`http://${address}`);
  const relay = http.createServer((request, response) => {
    if (request.url.startsWith("/renewed")) {
      response.setHeader("set-cookie", `seraph.rememberme.cookie=${request.url.slice(9)}; Path=/; HttpOnly`);
      return response.end();
    }
    const { method, url, headers } = request;
    if (url === "/secure/Dashboard.jspa") relay.dashboard = headers;
    const there = { host: app.hostname, port: app.port, path: url, method, headers, agent: false };
    const onward = http.request(there, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    request.pipe(onward.on("error", () => response.destroy()));
  });
  relay.on("upgrade", (_, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
    socket.on("data", (data) => socket.write(data)).on("error", () => socket.destroy());
  });
  relay.listen(port, "127.0.0.1");
  await once(relay, "listening");
  return relay;
}

for (const database of ["SQLite", "PostgreSQL"]) {
  describe(`two nodes on one ${database}`, () => {
    let first, second, idp, server, host, relay;

    before(async () => {
      const port = await freePorts(12);
      const folder = temporaryFolder();
      server = database === "PostgreSQL" ? await startPostgreSql() : undefined;
      const shared = { database: await server?.database("cookies"), key: "shared.key" };
      first = new Installation(folder, port, { ...shared, name: "first" });
      second = new Installation(folder, port + 4, { ...shared, name: "second" });
      host = `jira.localhost:${port}`;
      idp = await startIdp(port + 9, [first.url("jira")]);
      await first.start();
      await second.start();
      await first.addDouble("jira", "jira9");
      relay = await startRelay(port + 10, first.doubles.jira.address);
      await first.cli(["app", "set", "jira", "--upstream", `http://127.0.0.1:${port + 10}`]);
      await first.cli(["group", "add", "jira-software-users"]);
      await first.cli([
        ...["idp", "add", "company", "--metadata", `http://127.0.0.1:${port + 9}/metadata`],
        ...["--user-id", `attribute:${claims.account}`, "--email", claims.email, "--create-users"],
        ...["--user-groups", "jira-software-users"],
      ]);
      await sleep(1000);
    });

    after(async () => {
      await first?.stop();
      await second?.stop();
      await idp?.stop();
      await server?.stop();
      relay?.close();
      relay?.closeAllConnections();
    });

    /** A tunnel through a node; it says when it has ended. */
    async function tunnel(node, session) {
      const headers = { host, connection: "upgrade", upgrade: "websocket", cookie: `JSESSIONID=${session}` };
      const asked = http.get({ host: "127.0.0.1", port: node.port, path: "/synchrony", headers, agent: false });
      const [answer, socket] = await once(asked, "upgrade");
      assert.equal(answer.statusCode, 101);
      const ended = new Promise((resolve) => socket.on("close", () => resolve(Date.now())).resume());
      const open = { socket, ended, isOpen: () => !socket.destroyed };
      socket.on("end", () => socket.end()).on("error", () => socket.destroy());
      return open;
    }

    /** Who the app says the browser with this session is. */
    async function who(session, node) {
      const headers = { cookie: `a=b; JSESSIONID=${session}` };
      const answer = await request(node.port, { host, path: "/secure/Dashboard.jspa", headers });
      return { name: answer.headers["x-ausername"], cookies: answer.cookies };
    }

    /** A signed-in visitor with two sessions of the app, both of one session of Samlgate. */
    async function twice(person) {
      const visitor = new Visitor(host, first.port);
      assert.equal(await visitor.signIn(person), person);
      const old = visitor.cookies.get("JSESSIONID");
      const again = await visitor.send(host, "/plugins/servlet/saml/open");
      assert.equal(again.status, 303, again.body);
      const now = visitor.cookies.get("JSESSIONID");
      assert.notEqual(now, old);
      return { visitor, old };
    }

    test("a log-out at one node ends the app's other session at both", async () => {
      const { visitor, old } = await twice("camilla");
      for (const node of [first, second]) assert.equal((await who(old, node)).name, "camilla");
      visitor.node = second.port;
      await visitor.send(host, "/secure/Logout.jspa");
      assert.equal(visitor.cookies.get("__Host-samlgate_session"), undefined);
      const { name, cookies } = await who(old, second);
      assert.equal(name, "anonymous", "at once where it was ended");
      assert.ok(cookies.some((cookie) => cookie.startsWith("JSESSIONID=")), "the browser's cookie is replaced");
      await sleep(1000);
      assert.equal((await who(old, first)).name, "anonymous", "within a second elsewhere");
    });

    test("a log-out at one node closes the tunnels at both", async () => {
      const { visitor, old } = await twice("camilla");
      const { old: others } = await twice("gonzo");
      const tunnels = [await tunnel(first, old), await tunnel(second, old)];
      const [another, local] = [await tunnel(first, others), await tunnel(first, "local")];
      await sleep(1200);
      assert.ok(tunnels.every((tunnel) => tunnel.isOpen()), "as long as the session lives");
      await visitor.send(host, "/secure/Logout.jspa");
      const left = Date.now();
      for (const { ended } of tunnels) {
        const after = (await Promise.race([ended, sleep(3000, Infinity)])) - left;
        assert.ok(after < 1700, `closed after ${after} ms`);
      }
      assert.ok(another.isOpen() && local.isOpen());
      another.socket.destroy();
      local.socket.destroy();
    });

    test("an app's cookie that is renewed without Samlgate's own ends with the session", async () => {
      const { visitor, old } = await twice("camilla");
      const renewed = `renewed-${Date.now()}`;
      const cookie = `JSESSIONID=${old}`;
      const answer = await request(first.port, { host, path: `/renewed/${renewed}`, headers: { cookie } });
      assert.match(answer.cookies.join(), new RegExp(renewed));
      const seen = async (node) => {
        const headers = { cookie: `seraph.rememberme.cookie=${renewed}` };
        return (await request(node.port, { host, path: "/double/request", headers })).body;
      };
      for (const node of [first, second]) assert.match(await seen(node), new RegExp(renewed));
      await visitor.send(host, "/secure/Logout.jspa");
      await sleep(1000);
      for (const node of [first, second]) assert.doesNotMatch(await seen(node), new RegExp(renewed));
    });

    test("who logs out without Samlgate's own cookie ends the session, too", async () => {
      const { old } = await twice("gonzo");
      const tunnels = [await tunnel(first, old), await tunnel(second, old)];
      const headers = { cookie: `JSESSIONID=${old}` };
      await request(first.port, { host, path: "/secure/Logout.jspa", headers });
      for (const { ended } of tunnels) assert.ok(await Promise.race([ended, sleep(3000, false)]));
    });

    test("whom the app knows gets the dashboard as the browser asked for it", async () => {
      const { old } = await twice("camilla");
      const asked = { "accept-encoding": "gzip, br", "if-none-match": '"1"' };
      const heard = async (cookie) => {
        const headers = { ...asked, cookie };
        await request(first.port, { host, path: "/secure/Dashboard.jspa", headers });
        const { "accept-encoding": encoding, "if-none-match": tag } = relay.dashboard;
        return { "accept-encoding": encoding, "if-none-match": tag };
      };
      assert.deepEqual(await heard(`JSESSIONID=${old}`), asked);
      const stranger = { "accept-encoding": "identity", "if-none-match": undefined };
      assert.deepEqual(await heard("JSESSIONID=unknown"), stranger);
    });

    test("the browser loses a cookie that the app does not replace", async () => {
      const { visitor, old } = await twice("gonzo");
      await visitor.send(host, "/secure/Logout.jspa");
      const headers = { cookie: `JSESSIONID=${old}` };
      const answer = await request(first.port, { host, path: "/rest/api/2/serverInfo", headers });
      assert.deepEqual(answer.cookies, [
        "JSESSIONID=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly",
      ]);
    });

    test("a session in the path or in quotes is found too, and a local user's is left alone", async () => {
      const { visitor, old } = await twice("camilla");
      await visitor.send(host, "/secure/Logout.jspa");
      const seen = async (path, headers) =>
        (await request(first.port, { host, path, headers })).body;
      assert.doesNotMatch(await seen("/double/request", { cookie: `a=b; JSESSIONID="${old}"` }), new RegExp(old));
      assert.doesNotMatch(await seen("/double/request", { cookie: `a=b,JSESSIONID=${old}` }), new RegExp(old));
      const login = await request(first.port, {
        ...{ host, path: "/rest/auth/1/session", method: "POST" },
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ username: "admin", password: "admin" }),
      });
      const [, session] = /JSESSIONID=([^;]+)/.exec(login.cookies.join("\n"));
      assert.equal((await who(session, second)).name, "admin");
    });
  });
}
