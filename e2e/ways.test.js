// Every way to the wanted page: links in every spelling, answers that come back oddly, Reload and Back, what
// stands behind the `#`, and rounds that would never end.

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inflateRawSync } from "node:zlib";

import { barriers, launch, picture } from "./lib/browser.js";
import { stage } from "./lib/stage.js";
import { Visitor } from "./lib/visitor.js";

const auth = "/plugins/servlet/saml/auth";
const samlsso = "/plugins/servlet/samlsso";

let here, site, host, browser;

before(async () => {
  here = await stage();
  ({ site, host } = here);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await here?.stop();
});

const set = async (...settings) => {
  await site.cli(["idp", "set", "company", ...settings]);
  await sleep(1000);
};

const inflated = (sso) =>
  inflateRawSync(Buffer.from(sso.searchParams.get("SAMLRequest"), "base64")).toString();

/** Where an answer of ours leads on to open the app. */
const opens = (answer) => {
  assert.equal(answer.status, 303, answer.body);
  const there = new URL(answer.headers.location, site.url("jira"));
  assert.equal(there.pathname, "/plugins/servlet/saml/open");
  return there.searchParams.get("os_destination");
};

test("links that older plug-ins left behind, and whole addresses, lead to their page", async () => {
  const own = site.url("jira");
  for (const [address, page] of [
    [`${samlsso}?redirectTo=/browse/DEMO-1`, "/browse/DEMO-1"],
    [`${auth}?redirectTo=${encodeURIComponent("/browse/DEMO-1?a=b#comment-2")}`, "/browse/DEMO-1?a=b#comment-2"],
    [`${samlsso}?redirectTo=/browse/DEMO-2&os_destination=/browse/DEMO-1`, "/browse/DEMO-1"],
    [`${auth}?os_destination=${encodeURIComponent(`${own}/browse/DEMO-1`)}`, "/browse/DEMO-1"],
    [`${auth}?os_destination=${encodeURIComponent(`${own.toUpperCase()}/browse/DEMO-1`)}`, "/browse/DEMO-1"],
    [`${auth}?os_destination=`, "/"],
    [`${auth}?os_destination=${encodeURIComponent(`/issues/?jql=${"x".repeat(2480)}`)}`, `/issues/?jql=${"x".repeat(2480)}`],
    [`${auth}?os_destination=${encodeURIComponent(`/issues/?jql=${"x".repeat(4000)}`)}`, "/"],
  ]) {
    const visitor = new Visitor(host);
    visitor.begins = address;
    const answer = await visitor.post(await visitor.response("camilla"));
    assert.equal(opens(answer), page, address);
  }
  const detail = await site.cli(["attempts", "--json", "--limit", "1"]);
  assert.match(detail, /too long/);
  const foreign = await new Visitor(host).send(host, `${auth}?os_destination=https://evil.example.org/`);
  assert.equal(foreign.status, 400);
  assert.match(foreign.body, /leads to a page outside/);
});

test("whatever the IdP does to RelayState, its answer is taken for the request that it names", async () => {
  for (const relayState of [undefined, "", "/browse/DEMO-2", "https://idp.example.org/", "0".repeat(32)]) {
    const visitor = new Visitor(host);
    const { SAMLResponse } = await visitor.response("camilla");
    const fields = { SAMLResponse, ...(relayState !== undefined && { RelayState: relayState }) };
    assert.equal(opens(await visitor.post(fields)), "/browse/DEMO-1", relayState);
  }
  // Two tabs, and the IdP mixes them up.
  const [one, two] = [new Visitor(host), new Visitor(host)];
  two.cookies = one.cookies;
  two.page = "/browse/DEMO-2";
  const [first, second] = [await one.response("camilla"), await two.response("camilla")];
  const mixed = await one.post({ ...first, RelayState: second.RelayState });
  assert.equal(opens(mixed), "/browse/DEMO-1");
  assert.equal(opens(await two.post({ ...second, RelayState: first.RelayState })), "/browse/DEMO-2");
});

test("an answer by redirect is no start: the page says so, and the operator learns what to set", async () => {
  for (const address of [auth, samlsso]) {
    const visitor = new Visitor(host);
    const { RelayState } = await visitor.response("camilla");
    const answer = await visitor.send(host, `${address}?SAMLResponse=fZ&RelayState=${RelayState}`);
    assert.equal(answer.status, 400);
    const [attempt] = await site.attempts();
    assert.equal(attempt.code, "response_by_get");
    assert.match(attempt.hint, /HTTP-POST/);
  }
});

test("after a refusal, Start again leads to the same page, also with another account", async () => {
  const visitor = new Visitor(host);
  const { RelayState } = await visitor.response("camilla");
  const refused = await visitor.post({ SAMLResponse: "%%%", RelayState });
  assert.equal(refused.status, 403);
  const links = [...refused.body.matchAll(/href="([^"]*saml\/auth[^"]*)"/g)].map(([, link]) => link.replaceAll("&amp;", "&"));
  assert.equal(links.length, 2, refused.body);
  for (const link of links) {
    const query = new URL(link, site.url("jira")).searchParams;
    assert.equal(query.get("os_destination"), "/browse/DEMO-1");
    assert.equal(query.get("idp"), "company");
  }
  visitor.begins = links[1];
  let request;
  const fields = await visitor.response("camilla", { on: (sso) => (request = sso) });
  assert.match(inflated(request), /ForceAuthn="true"/);
  assert.equal(opens(await visitor.post(fields)), "/browse/DEMO-1");
});

/** A person's click at the IdP, and what goes on by itself with scripts. */
const click = async (tab, scripts = true) => {
  await tab.locator("button[value=camilla]").click();
  if (!scripts) await tab.getByRole("button", { name: "Continue" }).click();
};

test("what stands behind the # arrives by the button and at once, in several tabs", async () => {
  const page = `${site.url("jira")}/browse/DEMO-1`;
  for (const atOnce of [false, true]) {
    await set(`--at-once=${atOnce}`);
    const context = await browser.newContext();
    const tabs = [];
    for (const n of [1, 2, 3]) {
      const tab = await context.newPage();
      await tab.goto(`${page}#comment-${n}`);
      if (!atOnce) await tab.locator(".samlgate-login a").click();
      await tab.locator("button[value=camilla]").waitFor();
      tabs.push(tab);
    }
    for (const [n, tab] of tabs.entries()) {
      await click(tab);
      await tab.waitForURL(`${page}#comment-${n + 1}`);
      assert.equal(await tab.locator("#user-name").textContent(), "camilla");
    }
    await context.close();
    // Without scripts only the page is known.
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const tab = await plain.newPage();
    await tab.goto(`${page}#comment-2`);
    if (!atOnce) await tab.locator(".samlgate-login a").click();
    await click(tab, false);
    await tab.waitForURL((url) => url.href.startsWith(page));
    assert.equal(await tab.locator("#user-name").textContent(), "camilla");
    await plain.close();
  }
  await set("--at-once=false");
});

test("Reload and Back lead to the app after a good sign-in, to the same refusal after a bad one", async () => {
  const page = `${site.url("jira")}/browse/DEMO-1`;
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(page);
  await tab.locator(".samlgate-login a").click();
  await click(tab);
  await tab.waitForURL(page);
  for (const again of ["reload", "goBack"]) {
    await tab[again]();
    if (again === "goBack" && (await tab.locator("button[value=camilla]").count())) await click(tab);
    await tab.waitForURL(page);
    assert.equal(await tab.locator("#user-name").textContent(), "camilla", again);
  }
  // Long after: the request's cookie has gone, the session lives.
  const requests = (await context.cookies()).filter(({ name }) => name.startsWith("samlgate_request_"));
  assert.ok(requests.length > 0);
  await context.clearCookies({ name: /^samlgate_request_/ });
  await tab.goto(`${site.url("jira")}/secure/elsewhere`);
  const late = new Visitor(host);
  const fields = await late.response("camilla");
  await tab.setContent(form(`${site.url("jira")}${auth}`, fields));
  await tab.locator("button").click();
  await tab.waitForURL(`${site.url("jira")}/`);
  assert.equal(await tab.locator("#user-name").textContent(), "camilla");

  // A browser that nobody is signed in with is told both causes, and a reload changes nothing.
  const stranger = await (await browser.newContext()).newPage();
  await stranger.setContent(form(`${site.url("jira")}${auth}`, fields));
  await stranger.locator("button").click();
  await stranger.waitForURL(/saml\/ended/);
  const told = await stranger.locator("main").innerText();
  assert.match(told, /blocks cookies from jira, or you opened a bookmark/);
  await stranger.reload();
  assert.equal(await stranger.locator("main").innerText(), told);
  assert.deepEqual(await barriers(stranger), []);
  await picture(stranger, "no-cookie");
});

const form = (action, fields) => {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`);
  return `<form method="post" action="${action}">${inputs.join("")}<button>Go</button></form>`;
};

test("rounds end: an app whose cookie is not kept, and our own", async () => {
  await set("--at-once");
  // The app says that its cookie is for another path, as behind a proxy that rewrites one.
  const astray = await misplacing(site.doubles.jira.address);
  await site.cli(["app", "set", "jira", "--upstream", `http://127.0.0.1:${astray.address().port}`]);
  await sleep(1000);
  const context = await browser.newContext();
  const tab = await context.newPage();
  let visits = 0;
  tab.on("request", (request) => (visits += request.url().includes("SAMLRequest=") ? 1 : 0));
  await tab.goto(`${site.url("jira")}/browse/DEMO-1`);
  await click(tab);
  await tab.waitForURL(/saml\/ended/);
  assert.ok(visits <= 3, `${visits} visits of the IdP`);
  const told = await tab.locator("main").innerText();
  assert.match(told, /Signing in goes round in circles/);
  assert.match(told, /You are signed in as camilla, but jira keeps asking you to sign in/);
  const [attempt, before] = await site.attempts();
  assert.equal(attempt.code, "going_round");
  assert.ok(told.includes(attempt.id), "the number of the sign-in");
  assert.notEqual(before?.code, "going_round", "one record");
  await tab.reload();
  assert.equal(await tab.locator("main").innerText(), told);
  assert.equal((await site.attempts())[0].updated_at, attempt.updated_at, "a reload records nothing");
  assert.deepEqual(await barriers(tab), []);
  await picture(tab, "going-round");
  await tab.setViewportSize({ width: 360, height: 640 });
  await tab.emulateMedia({ colorScheme: "dark" });
  await picture(tab, "going-round-dark");
  await tab.getByRole("link", { name: "Use another account" }).click();
  await tab.locator("button[value=camilla]").waitFor();
  await context.close();
  await site.cli(["app", "set", "jira", "--upstream", `http://${site.doubles.jira.address}`]);
  await sleep(1000);

  const forgetful = new Visitor(host);
  let there = `${auth}?os_destination=/browse/DEMO-1`;
  let rounds = 0;
  for (; rounds < 10 && !there.includes("/ended"); rounds += 1) {
    forgetful.begins = there;
    const start = await forgetful.send(host, there);
    if (!start.headers.location.includes("SAMLRequest")) {
      there = start.headers.location;
      break;
    }
    const answer = await forgetful.post(await forgetful.response("camilla"));
    forgetful.cookies.delete("__Host-samlgate_session");
    there = (await forgetful.send(host, answer.headers.location)).headers.location;
  }
  assert.equal(rounds, 3);
  const stopped = await forgetful.send(host, there);
  assert.match(stopped.body, /is not keeping the cookie/);
  await set("--at-once=false");
});

/** Stands before the app at `address` and says that its cookies are for another path. */
async function misplacing(address) {
  const [hostname, port] = address.split(":");
  const server = http.createServer((request, response) => {
    const { method, url, headers } = request;
    const asked = http.request({ hostname, port, method, path: url, headers }, (answer) => {
      const cookies = answer.headers["set-cookie"]?.map((line) => line.replace(/Path=[^;]*/i, "Path=/elsewhere"));
      response.writeHead(answer.statusCode, { ...answer.headers, ...(cookies && { "set-cookie": cookies }) });
      answer.pipe(response);
    });
    asked.on("error", () => response.destroy());
    request.pipe(asked);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return server;
}
