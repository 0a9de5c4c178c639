// The request that a browser holds while its person is at the IdP: bound to the browser, good for both
// Reply URLs, and for as many tabs as are restored at once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { deflateRawSync, inflateRawSync } from "node:zlib";

import { stage } from "./lib/stage.js";
import { Visitor } from "./lib/visitor.js";

const auth = "/plugins/servlet/saml/auth";
const samlsso = "/plugins/servlet/samlsso";

let here, site, host;

before(async () => {
  here = await stage();
  ({ site, host } = here);
});

after(() => here?.stop());

/** An IdP that answers at this address, whichever the request names. */
const answering = (address) => (sso) => {
  const xml = inflateRawSync(Buffer.from(sso.searchParams.get("SAMLRequest"), "base64")).toString();
  const url = /AssertionConsumerServiceURL="[^"]*"/;
  const other = `AssertionConsumerServiceURL="${site.url("jira")}${address}"`;
  sso.searchParams.set("SAMLRequest", deflateRawSync(xml.replace(url, other)).toString("base64"));
  return sso;
};

test("an answer at the other Reply URL is taken, both ways round, and at no third", async () => {
  for (const [asked, answered] of [[auth, samlsso], [samlsso, auth]]) {
    await site.cli(["app", "set", "jira", "--reply-path", asked === auth ? "auth" : "samlsso"]);
    await sleep(1000);
    const visitor = new Visitor(host);
    const fields = await visitor.response("camilla", { on: answering(answered) });
    // What is meant for one of the two is not taken at the other.
    assert.equal((await visitor.post(fields, asked)).status, 403);
    assert.equal((await site.attempts())[0].code, "destination");
    assert.equal(await visitor.finish(await visitor.post(fields, answered)), "camilla");
  }
  await site.cli(["app", "set", "jira", "--reply-path", "auth"]);
  await sleep(1000);
});

test("a request that another host of the domain plants lets nobody in", async () => {
  const attacker = new Visitor(host);
  const fields = await attacker.response("camilla");
  const planted = [...attacker.cookies].filter(([name]) => name.startsWith("samlgate_request_"));
  assert.equal(planted.length, 1);
  const [bound] = [...attacker.cookies].filter(([name]) => name.startsWith("__Host-samlgate_browser_"));
  const fresh = new Visitor(host);
  const begun = new Visitor(host);
  await begun.send(host, `${auth}?os_destination=/browse/DEMO-1`);
  for (const victim of [fresh, begun]) {
    for (const [name, value] of planted) victim.cookies.set(name, value);
    // No browser lets another host set a name that begins with __Host-.
    for (const prefix of ["", "__Secure-", "__host-"]) {
      victim.cookies.set(bound[0].replace("__Host-", prefix), bound[1]);
    }
    for (const address of [auth, samlsso]) {
      const answer = await victim.post(fields, address);
      assert.equal(answer.status, 400);
      assert.ok(!answer.cookies.some((line) => line.includes("samlgate_session")));
    }
  }
  assert.equal(await attacker.finish(await attacker.post(fields)), "camilla", "his own browser");
});

test("twenty tabs that are restored at once reach their own pages", async () => {
  const shared = new Map();
  const tabs = Array.from({ length: 20 }, (_, n) => {
    const tab = new Visitor(host);
    tab.cookies = shared;
    tab.page = `/browse/DEMO-${n}`;
    return tab;
  });
  const answers = await Promise.all(tabs.map((tab) => tab.response("camilla")));
  const names = [...shared.keys()].filter((name) => name.startsWith("samlgate_request_"));
  assert.equal(names.length, 20);
  const header = [...shared].map(([name, value]) => `${name}=${value}`).join("; ");
  assert.ok(header.length < 8000, `${header.length} bytes`);
  for (const [n, tab] of tabs.entries()) {
    const answer = await tab.post(answers[n]);
    assert.equal(answer.status, 303, answer.body);
    const there = new URL(answer.headers.location, site.url("jira"));
    assert.equal(there.searchParams.get("os_destination"), tab.page);
  }
});

test("a request is answered once, also when the IdP sends another assertion for it", async () => {
  const visitor = new Visitor(host);
  let location;
  const fields = await visitor.response("camilla", { on: (sso) => (location = sso) });
  const before = new Map([...visitor.cookies].filter(([name]) => name.includes("samlgate")));
  assert.equal(await visitor.finish(await visitor.post(fields)), "camilla");
  visitor.cookies = before;
  const second = await visitor.response("camilla", { on: () => location });
  const again = await visitor.post(second);
  assert.ok(!again.cookies.some((line) => line.includes("samlgate_session")), "no new session");
});
