// Signing in and out with SimpleSAMLphp, a real IdP, in both directions: by redirect, by form, in
// frames, and without being asked.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inflateRawSync } from "node:zlib";

import { barriers, launch, picture } from "./lib/browser.js";
import { request } from "./lib/http.js";
import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { startSimpleSamlPhp } from "./lib/simplesamlphp.js";

const prefix = "/plugins/servlet/saml";
let site, idp, browser, certificate;

/** Our two service providers as SimpleSAMLphp knows them; all it takes must be signed. */
const providers = (more = {}) =>
  Object.fromEntries(
    ["jira", "confluence"].map((app) => [
      `${site.url(app)}/`,
      {
        acs: `${site.url(app)}${prefix}/auth`,
        SingleLogoutService: [
          { Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", Location: `${site.url(app)}${prefix}/logout` },
        ],
        certData: certificate,
        "validate.logout": true,
        ...more,
      },
    ]),
  );

/** Changes the IdP's settings; a running server takes them over within a second. */
async function set(...args) {
  await site.cli(["idp", "set", "company", ...args]);
  await sleep(1200);
}

before(async () => {
  const port = await freePorts(8);
  site = new Installation(temporaryFolder(), port);
  await site.start();
  await site.addDouble("jira", "jira9");
  await site.addDouble("confluence", "confluence7");
  for (const name of ["jira-software-users", "confluence-users"]) await site.cli(["group", "add", name]);
  const hosted = { "sign.logout": true, SingleSignOnServiceBinding: redirectAndPost, SingleLogoutServiceBinding: redirectAndPost };
  idp = await startSimpleSamlPhp(temporaryFolder(), port + 5, {}, hosted);
  await site.cli([
    ...["idp", "add", "company", "--metadata", idp.metadataUrl.replace("idp.localhost", "127.0.0.1")],
    ...["--user-id", "attribute:uid", "--full-name", "cn", "--email", "mail", "--create-users"],
    ...["--user-groups", "jira-software-users,confluence-users", "--button-label", "Company"],
    ...["--single-signout", "--sign-requests"],
  ]);
  [certificate] = await ownCertificates();
  idp.know(providers());
  browser = await launch();
});

const redirectAndPost = [
  "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
  "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
];

after(async () => {
  await browser?.close();
  await site?.stop();
  await idp?.stop();
});

/** The SP's certificates, from its metadata. */
async function ownCertificates() {
  const host = new URL(site.url("jira")).host;
  const { body } = await request(site.port, { host, path: `${prefix}/metadata` });
  return [...body.matchAll(/X509Certificate>([^<]+)</g)].map(([, base64]) => base64.replace(/\s/g, ""));
}

const visitor = async (options) => (await browser.newContext(options)).newPage();
const text = (page) => page.locator("body").textContent();
const pages = { jira: "/browse/DEMO-1", confluence: "/display/DEMO" };

/** Signs in at the app; with a name also at the IdP, which else must not ask. */
async function signIn(page, app, person) {
  await page.goto(`${site.url(app)}${pages[app]}`);
  await page.getByRole("link", { name: "Company" }).click();
  if (person) await password(page, person);
  await page.waitForURL(`${site.url(app)}${pages[app]}`);
  assert.equal(await page.locator("#user-name").textContent(), person ?? "camilla");
}

async function password(page, person) {
  await page.locator("#username").fill(person);
  await page.locator("#password").fill("secret");
  await page.locator("#submit_button, button[type=submit]").first().click();
}

/** The app does not know the browser any more. */
async function assertSignedOut(page, app) {
  await page.goto(`${site.url(app)}${pages[app]}`);
  assert.match(page.url(), /login/, `${app} still knows the browser`);
}

/** The IdP does not know the browser any more. */
async function assertAsked(page) {
  await page.goto(`${site.url("jira")}${prefix}/auth`);
  await page.locator("#username").waitFor();
}

test("logging out of the app signs out at the IdP and at the other app", async () => {
  const page = await visitor();
  await signIn(page, "jira", "camilla");
  await signIn(page, "confluence");
  await page.goto(`${site.url("jira")}${pages.jira}`);
  await page.locator("#log_out").click();
  await page.waitForURL(new RegExp(`${prefix}/logout`));
  assert.match(await text(page), /signed out of jira and of your company account/);
  await picture(page, "signed-out");
  assert.deepEqual(await barriers(page), []);
  await assertSignedOut(page, "jira");
  await assertSignedOut(page, "confluence");
  await assertAsked(page);
  const left = (await page.context().cookies()).filter((cookie) => cookie.name.includes("samlgate"));
  const living = left.filter((cookie) => !/^(samlgate_request|__Host-samlgate_browser)_/.test(cookie.name));
  assert.deepEqual(living, [], "no session and no pending log-out is left");
});

test("a page that asks before logging out is no log-out", async () => {
  const page = await visitor();
  await signIn(page, "jira", "camilla");
  await page.goto(`${site.url("jira")}/secure/Logout!default.jspa`);
  assert.match(await text(page), /You are trying to log out/);
  await page.goto(`${site.url("jira")}${pages.jira}`);
  assert.equal(await page.locator("#user-name").textContent(), "camilla");
  await page.goto(`${site.url("jira")}/logoutconfirm.jsp`);
  await page.locator("#confirm-logout-submit").click();
  await page.waitForURL(new RegExp(`${prefix}/logout`));
  await assertSignedOut(page, "jira");
});

test("Confluence's log-out leads to the IdP too", async () => {
  const page = await visitor();
  await signIn(page, "confluence", "camilla");
  await page.locator("#logout-link").click();
  await page.waitForURL(new RegExp(`${prefix}/logout`));
  assert.match(await text(page), /signed out of confluence and of your company account/);
  await assertAsked(page);
});

test("the IdP's log-out ends the sessions of both apps, one redirect after the other", async () => {
  const page = await visitor();
  await signIn(page, "jira", "camilla");
  await signIn(page, "confluence");
  await page.goto(`${idp.base}saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent(idp.base)}`);
  await page.waitForURL((url) => url.host === new URL(idp.base).host);
  await assertSignedOut(page, "jira");
  await assertSignedOut(page, "confluence");
});

test("a log-out that the IdP signs with a new key ends the session like any other", async () => {
  const page = await visitor();
  await signIn(page, "jira", "camilla");
  await idp.changeKey();
  await page.goto(`${idp.base}saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent(idp.base)}`);
  await page.waitForURL((url) => url.host === new URL(idp.base).host);
  await assertSignedOut(page, "jira");
});

test("the IdP's log-out reaches the apps in frames, where no session cookie comes", async () => {
  idp.host({ logouttype: "iframe" });
  const page = await visitor();
  const inFrames = [];
  page.on("request", (asked) => {
    if (asked.url().includes(`${prefix}/logout?SAMLRequest=`)) {
      inFrames.push([asked.frame() !== page.mainFrame(), asked.headers().cookie ?? ""]);
    }
  });
  await signIn(page, "jira", "camilla");
  await signIn(page, "confluence");
  const other = await visitor();
  await signIn(other, "jira", "gonzo");
  await page.goto(`${idp.base}saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent(idp.base)}`);
  await page.locator("text=/Yes, all services/").click();
  await page.waitForURL(/frontpage_welcome/); // when each frame has come back
  assert.equal(inFrames.length, 2, "one frame for each app");
  for (const [framed, cookie] of inFrames) {
    assert.ok(framed && !cookie.includes("samlgate_session"), cookie);
  }
  await assertSignedOut(page, "jira");
  await assertSignedOut(page, "confluence");
  await other.goto(`${site.url("jira")}${pages.jira}`);
  assert.equal(await other.locator("#user-name").textContent(), "gonzo", "somebody else's session stays");
  idp.host({ logouttype: "traditional" });
});

test("an encrypted name signs in, and out at the IdP's wish", async () => {
  idp.know(providers({ "nameid.encryption": true }));
  const page = await visitor();
  const encrypted = [];
  page.on("request", (asked) => {
    const sent = new URL(asked.url()).searchParams.get("SAMLRequest");
    if (asked.url().includes(`${prefix}/logout`) && sent) {
      encrypted.push(inflateRawSync(Buffer.from(sent, "base64")).toString().includes("EncryptedID"));
    }
  });
  await signIn(page, "jira", "camilla");
  await page.goto(`${idp.base}saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent(idp.base)}`);
  await page.waitForURL((url) => url.host === new URL(idp.base).host);
  assert.deepEqual(encrypted, [true]);
  await assertSignedOut(page, "jira");
  idp.know(providers());
});

test("by form in both directions, with scripts and without", async () => {
  idp.know(providers({ "validate.authnrequest": true }));
  await set("--request-binding", "post", "--logout-binding", "post");
  const page = await visitor();
  await signIn(page, "jira", "camilla");
  await signIn(page, "confluence");
  await page.goto(`${site.url("jira")}${pages.jira}`);
  await page.locator("#log_out").click();
  await page.getByText("signed out of jira and of your company account").waitFor();
  await assertSignedOut(page, "confluence");

  const plain = await visitor({ javaScriptEnabled: false });
  await plain.goto(`${site.url("jira")}${prefix}/auth?os_destination=${pages.jira}`);
  assert.deepEqual(await plain.locator("h1").allTextContents(), ["One moment"]);
  await plain.getByRole("button", { name: "Continue" }).click();
  await plain.locator("#username").waitFor();
  await set("--request-binding", "redirect", "--logout-binding", "redirect");
});

test("a signed request is what the IdP asks for, and the hints travel beside it", async () => {
  idp.know(providers({ "validate.authnrequest": true }));
  await set("--home-realm", "muppets.com", "--login-hint", "--force-authn");
  const host = new URL(site.url("jira")).host;
  const path = `${prefix}/auth?login_hint=camilla%40muppets.com`;
  const { headers } = await request(site.port, { host, path });
  const sent = new URL(headers.location);
  assert.equal(sent.searchParams.get("whr"), "muppets.com");
  assert.equal(sent.searchParams.get("login_hint"), "camilla@muppets.com");
  assert.match(headers.location, /&SAMLRequest=[^&]+&RelayState=[^&]+&SigAlg=[^&]+&Signature=[^&]+$/);
  const page = await visitor();
  await signIn(page, "jira", "camilla");
  await set("--home-realm", "", "--login-hint=false", "--sign-requests=false");
  await page.goto(`${site.url("confluence")}${prefix}/auth`);
  assert.match(await text(page), /signature|Unhandled exception|error/i, "unsigned, it is refused");
  assert.equal(await page.locator("#username").count(), 0);
  await set("--sign-requests", "--force-authn=false");
  idp.know(providers());
});

test("while our key changes, the IdP takes what is signed by either", async () => {
  const made = /sp-key activate (\w+)/.exec(await site.cli(["sp-key", "rotate"]))[1];
  await sleep(1200);
  const keys = (await ownCertificates()).map((one) => ({ type: "X509Certificate", signing: true, X509Certificate: one }));
  assert.equal(keys.length, 2);
  idp.know(providers({ "validate.authnrequest": true, certData: null, keys }));
  for (const id of [null, made]) {
    if (id) await site.cli(["sp-key", "activate", id]);
    await sleep(1200);
    const page = await visitor();
    await signIn(page, "jira", "camilla");
    await page.locator("#log_out").click();
    await page.getByText("signed out of jira and of your company account").waitFor();
  }
  certificate = (await ownCertificates()).at(-1);
  idp.know(providers());
});

test("whom the IdP does not know comes back to the app's log-in page when it may not ask", async () => {
  await set("--passive");
  const page = await visitor();
  await page.goto(`${site.url("jira")}${pages.jira}`);
  await page.getByRole("link", { name: "Company" }).click();
  await page.waitForURL(/login\.jsp\?nosso$/);
  const [attempt] = await site.attempts();
  assert.equal(attempt.code, "status");
  await set("--passive=false");
});

test("people are sent to the IdP at once when that is set, with a way around", async () => {
  await set("--at-once");
  const page = await visitor();
  for (const query of ["nosso", "force_azure_login=false"]) {
    await page.goto(`${site.url("jira")}/login.jsp?${query}`);
    assert.match(page.url(), /login\.jsp/, query);
    assert.equal(await page.locator(".samlgate-login a").count(), 1, "the button is there");
  }
  await page.goto(`${site.url("jira")}${pages.jira}`);
  await password(page, "camilla");
  await page.waitForURL(`${site.url("jira")}${pages.jira}`);
  await page.goto(`${site.url("jira")}/login.jsp?permissionViolation=true`);
  assert.match(page.url(), /login\.jsp/, "who is signed in is not sent in circles");
  await set("--single-signout=false");
  await page.goto(`${site.url("confluence")}${pages.confluence}`);
  await page.waitForURL(`${site.url("confluence")}${pages.confluence}`);
  await page.locator("#logout-link").click();
  await page.waitForURL(/login\.action\?logout=true/); // who has just left is not signed in again
  await set("--single-signout", "--at-once=false");
});

test("a sign-in that the IdP begins is refused until it is allowed, and leads to a path only", async () => {
  const start = (relayState) =>
    `${idp.base}saml2/idp/SSOService.php?spentityid=${encodeURIComponent(`${site.url("jira")}/`)}` +
    `&RelayState=${encodeURIComponent(relayState)}`;
  const page = await visitor();
  await page.goto(start(pages.jira));
  await password(page, "camilla");
  await page.waitForURL(new RegExp(`${prefix}/auth`));
  assert.match(await text(page), /Signing in did not work/);

  await set("--allow-unsolicited");
  // A tile's RelayState may be a path, or the whole address of the page.
  for (const relayState of [pages.jira, `${site.url("jira")}${pages.jira}`]) {
    await page.goto(start(relayState));
    await page.waitForURL(`${site.url("jira")}${pages.jira}`);
    assert.equal(await page.locator("#user-name").textContent(), "camilla");
  }

  const elsewhere = await visitor();
  await elsewhere.goto(start("https://evil.example.org/"));
  await password(elsewhere, "camilla");
  await elsewhere.waitForURL(new RegExp(`^${site.url("jira")}/`));
  await elsewhere.waitForLoadState();
  assert.equal(new URL(elsewhere.url()).origin, site.url("jira"));

  // What requests ask for holds for an answer that nobody asked for, too.
  await set("--authn-context", "https://refeds.org/profile/mfa");
  const weaker = await visitor();
  await weaker.goto(start(pages.jira));
  await password(weaker, "camilla");
  await weaker.waitForURL(new RegExp(`${prefix}/auth`));
  assert.equal((await site.attempts())[0].code, "authn_context");
  await set("--authn-context", "");
  await set("--allow-unsolicited=false");
});

test("without a logout URL only the app is left, and the person is told", async () => {
  await set("--logout-url", "");
  const page = await visitor();
  await signIn(page, "jira", "camilla");
  await page.locator("#log_out").click();
  await page.locator("text=/company account may still be signed in/").waitFor();
  await assertSignedOut(page, "jira");
  await signIn(page, "jira");
  await set("--single-signout=false");
  await page.locator("#log_out").click();
  await page.locator("text=/You are now logged out/").waitFor();
  await assertSignedOut(page, "jira");
});

test("what is no log-out message, or not signed, changes nothing and is told calmly", async () => {
  const host = new URL(site.url("jira")).host;
  for (const query of ["", "?SAMLRequest=x", "?SAMLRequest=a&SAMLRequest=b", "?SAMLResponse=PGEvPg%3D%3D"]) {
    const answer = await request(site.port, { host, path: `${prefix}/logout${query}` });
    assert.ok([400, 403].includes(answer.status), `${query}: ${answer.status}`);
    assert.match(answer.body, /Nothing was changed/);
  }
});
