// Log-out reaches the app: its session ends with Samlgate's, at the next request.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { request } from "./lib/http.js";
import { claims, startIdp } from "./lib/idp.js";
import { Installation } from "./lib/installation.js";
import { startPostgreSql } from "./lib/postgresql.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { Visitor } from "./lib/visitor.js";

const auth = "/plugins/servlet/saml/auth";

for (const database of ["SQLite", "PostgreSQL"]) {
  describe(`two nodes on one ${database}`, () => {
    let first, second, idp, server, host;

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
    });

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
