// What a request asks of the authentication travels through the browser of the person whom it
// concerns. The answer is judged by what was asked, whatever became of the request.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { deflateRawSync, inflateRawSync } from "node:zlib";

import { stage } from "./lib/stage.js";
import { Visitor } from "./lib/visitor.js";

const password = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
const stronger = "https://refeds.org/profile/mfa";

let here, site, host;

before(async () => {
  here = await stage();
  ({ site, host } = here);
});

after(() => here?.stop());

const set = async (...args) => {
  await site.cli(["idp", "set", "company", ...args]);
  await sleep(1000);
};

/** The request as it was asked for, changed by whoever sits before the browser. */
const changed = (change) => (sso) => {
  const xml = inflateRawSync(Buffer.from(sso.searchParams.get("SAMLRequest"), "base64"));
  const text = change(xml.toString());
  sso.searchParams.set("SAMLRequest", deflateRawSync(text).toString("base64"));
  return sso;
};

async function outcome(fields, visitor) {
  const answer = await visitor.post(fields);
  if (answer.status === 303) return "signed in";
  return (await site.attempts())[0].code;
}

test("a sign-in at the IdP that is older than was asked is refused, whatever became of the request", async () => {
  const old = { seconds_ago: 600 };
  const visitor = new Visitor(host);
  assert.equal(await outcome(await visitor.response("camilla", { typed: old }), visitor), "signed in");

  await set("--force-authn");
  const dropped = changed((xml) => {
    assert.match(xml, / ForceAuthn="true"/);
    return xml.replace(' ForceAuthn="true"', "");
  });
  for (const on of [(sso) => sso, dropped]) {
    const other = new Visitor(host);
    assert.equal(await outcome(await other.response("camilla", { typed: old, on }), other), "authn_too_old");
  }
  const fresh = new Visitor(host);
  assert.equal(await outcome(await fresh.response("camilla"), fresh), "signed in");

  // What counts is what was asked, also when the setting was taken back meanwhile.
  const late = new Visitor(host);
  const fields = await late.response("camilla", { typed: old });
  await set("--force-authn=false");
  assert.equal(await outcome(fields, late), "authn_too_old");

  await set("--max-authn-age", "5");
  const aged = new Visitor(host);
  assert.equal(await outcome(await aged.response("camilla", { typed: old }), aged), "authn_too_old");
  await set("--max-authn-age", "60");
  const again = new Visitor(host);
  assert.equal(await outcome(await again.response("camilla", { typed: old }), again), "signed in");
  await set("--max-authn-age", "");
});

test("a class that was not asked for is refused, also after the setting was taken back", async () => {
  await set("--authn-context", stronger);
  const dropped = changed((xml) => {
    assert.match(xml, /Comparison="exact"/);
    return xml.replace(/<samlp:RequestedAuthnContext.*RequestedAuthnContext>/, "");
  });
  for (const on of [(sso) => sso, dropped]) {
    const visitor = new Visitor(host);
    assert.equal(await outcome(await visitor.response("camilla", { on }), visitor), "authn_context");
  }
  const late = new Visitor(host);
  const fields = await late.response("camilla");
  await set("--authn-context", password);
  assert.equal(await outcome(fields, late), "authn_context");
  const fitting = new Visitor(host);
  assert.equal(await outcome(await fitting.response("camilla"), fitting), "signed in");

  const weaker = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";
  const order = [weaker, password, stronger].flatMap((of) => ["--authn-context-order", of]);
  const minimum = (of) => set("--authn-context", of, "--authn-context-comparison", "minimum", ...order);
  await minimum(weaker);
  const enough = new Visitor(host);
  assert.equal(await outcome(await enough.response("camilla"), enough), "signed in");
  await minimum(stronger);
  const less = new Visitor(host);
  assert.equal(await outcome(await less.response("camilla"), less), "authn_context");
});
