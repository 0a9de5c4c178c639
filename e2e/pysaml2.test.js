// Signing in and out with pysaml2, a real IdP of another make: it signs the response alone, and
// takes a name back only with every qualifier that it gave.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { launch } from "./lib/browser.js";
import { request } from "./lib/http.js";
import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { startPysaml2 } from "./lib/pysaml2.js";

const prefix = "/plugins/servlet/saml";
const pages = { jira: "/browse/DEMO-1", confluence: "/display/DEMO" };
let site, idp, browser;

before(async () => {
  const port = await freePorts(8);
  site = new Installation(temporaryFolder(), port);
  await site.start();
  await site.addDouble("jira", "jira9");
  await site.addDouble("confluence", "confluence7");
  for (const name of ["jira-software-users", "confluence-users"]) await site.cli(["group", "add", name]);
  await site.cli(["sp-key", "rotate"]); // published beside the one that signs
  await sleep(1200);
  idp = await startPysaml2(temporaryFolder(), port + 5, [await metadata("jira"), await metadata("confluence")]);
  await site.cli([
    ...["idp", "add", "pysaml2", "--metadata", idp.metadataUrl, "--create-users", "--single-signout"],
    ...["--user-id", "attribute:urn:oid:0.9.2342.19200300.100.1.1", "--full-name", "urn:oid:2.5.4.3"],
    ...["--email", "urn:oid:0.9.2342.19200300.100.1.3"],
    ...["--user-groups", "jira-software-users,confluence-users", "--button-label", "Company"],
  ]);
  await sleep(1200);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
  await idp?.stop();
});

async function metadata(app) {
  const host = new URL(site.url(app)).host;
  return (await request(site.port, { host, path: `${prefix}/metadata` })).body;
}

const visitor = async () => (await browser.newContext()).newPage();

async function signIn(page, app, person) {
  await page.goto(`${site.url(app)}${pages[app]}`);
  await page.getByRole("link", { name: "Company" }).click();
  if (person) await page.getByRole("button", { name: person }).click();
  await page.waitForURL(`${site.url(app)}${pages[app]}`);
  assert.equal(await page.locator("#user-name").textContent(), person ?? "camilla");
}

async function assertSignedOut(page, app) {
  await page.goto(`${site.url(app)}${pages[app]}`);
  assert.match(page.url(), /login/, `${app} still knows the browser`);
}

test("persistent names come back with every qualifier, and sign out in both directions", async () => {
  const page = await visitor();
  await signIn(page, "jira", "camilla");
  await signIn(page, "confluence");
  await page.goto(`${site.url("jira")}${pages.jira}`);
  await page.locator("#log_out").click();
  await page.getByText("signed out of jira and of your company account").waitFor();
  await assertSignedOut(page, "jira");
  await assertSignedOut(page, "confluence");

  await signIn(page, "jira", "camilla");
  await signIn(page, "confluence");
  await page.goto(`${idp.base}/logout`);
  await page.getByText("Signed out everywhere").waitFor();
  await assertSignedOut(page, "jira");
  await assertSignedOut(page, "confluence");
});

test("a key that stood in the metadata before it signs is taken when it does", async () => {
  const keys = JSON.parse(await site.cli(["sp-key", "list", "--json"]));
  await site.cli(["sp-key", "activate", keys.find(({ state }) => state === "published").id]);
  await sleep(1200);
  const page = await visitor();
  await signIn(page, "jira", "camilla");
  await page.locator("#log_out").click();
  await page.getByText("signed out of jira and of your company account").waitFor();
});

test("log-out by form works as well", async () => {
  await site.cli(["idp", "set", "pysaml2", "--logout-binding", "post", "--request-binding", "post"]);
  await sleep(1200);
  const page = await visitor();
  await signIn(page, "jira", "camilla");
  await page.locator("#log_out").click();
  await page.getByText("signed out of jira and of your company account").waitFor();
  await assertSignedOut(page, "jira");
});

test("an IdP-initiated sign-in works once it is allowed", async () => {
  const page = await visitor();
  const start = `${idp.base}/unsolicited?person=camilla&RelayState=${pages.jira}&sp=${encodeURIComponent(`${site.url("jira")}/`)}`;
  await page.goto(start);
  await page.getByText("Signing in did not work").waitFor();
  await site.cli(["idp", "set", "pysaml2", "--allow-unsolicited"]);
  await sleep(1200);
  await page.goto(start);
  await page.waitForURL(`${site.url("jira")}${pages.jira}`);
  assert.equal(await page.locator("#user-name").textContent(), "camilla");
});
