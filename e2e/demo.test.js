// What a newcomer sees: `./demo`, clicked through.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { barriers, launch, picture } from "./lib/browser.js";
import { Running, freePorts, program } from "./lib/process.js";

let port, demo, browser, consoleLink;

before(async () => {
  port = await freePorts(16);
  demo = new Running(program("samlgate-demo"), ["--port", String(port)]);
  [consoleLink] = await demo.line(/http:\/\/127\.0\.0\.1:\d+\/enter\?token=\w+/);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

const jira = () => `http://jira.localhost:${port}`;
const confluence = () => `http://confluence.localhost:${port}`;

/** From a protected page through the button and the IdP, back to the page. */
async function signIn(page, address, person) {
  await page.goto(address);
  await page.getByRole("link", { name: "Login with Demo IdP" }).click();
  if (person) await page.locator(`button[name=person][value=${person}]`).click();
}

const who = async (page) => ({
  name: await page.locator("#user-name").textContent(),
  fullName: await page.locator("#user-full-name").textContent(),
  groups: await page.locator("#user-groups li").allTextContents(),
});

test("one click signs Camilla in to the page that she asked for, with her groups", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${jira()}/browse/DEMO-1`);
  assert.match(page.url(), /\/login\.jsp\?/);
  await picture(page, "login-button");
  assert.equal(await page.locator(".samlgate-login a").count(), 1);
  await signIn(page, `${jira()}/browse/DEMO-1`, "camilla");
  await page.waitForURL(`${jira()}/browse/DEMO-1`);
  await picture(page, "signed-in");
  const person = await who(page);
  assert.equal(person.name, "camilla");
  assert.equal(person.fullName, "Camilla the Chicken");
  assert.deepEqual(
    person.groups.filter((name) => name.startsWith("jira-testgroup")),
    ["jira-testgroup1", "jira-testgroup2"],
  );

  await signIn(page, `${confluence()}/display/DEMO`);
  await page.waitForURL(`${confluence()}/display/DEMO`);
  assert.equal((await who(page)).name, "camilla");

  for (const cookie of await context.cookies()) {
    if (!cookie.name.includes("samlgate")) continue;
    assert.ok(cookie.secure && cookie.httpOnly, cookie.name);
    // The request's cookie outlives its sign-in by minutes, so that Reload and Back are known again.
    if (cookie.name.startsWith("samlgate_request_")) {
      assert.equal(cookie.sameSite, "None");
      assert.equal(cookie.path, "/plugins/servlet");
      assert.ok(cookie.expires - Date.now() / 1000 <= 600, "it ends by itself");
      continue;
    }
    // What the request was sealed for, which no other host can set.
    if (cookie.name.startsWith("__Host-samlgate_browser_")) {
      assert.equal(cookie.sameSite, "None");
      assert.equal(cookie.path, "/");
      continue;
    }
    assert.equal(cookie.name, "__Host-samlgate_session");
    assert.equal(cookie.sameSite, "Lax");
  }
  await context.close();
});

test("without scripts the same clicks lead to the same page", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, `${jira()}/browse/DEMO-1`, "gonzo");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(`${jira()}/browse/DEMO-1`);
  assert.equal((await who(page)).name, "gonzo");
  await context.close();
});

test("a name with letters outside ASCII passes through every part", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${jira()}/browse/DEMO-1`);
  await page.getByRole("link", { name: "Login with Demo IdP" }).click();
  const button = page.locator("button[name=person]").filter({ hasText: /[^\x00-\x7f]/ });
  const id = await button.getAttribute("value");
  await button.click();
  await page.waitForURL(`${jira()}/browse/DEMO-1`);
  const person = await who(page);
  assert.equal(person.name, id);
  assert.match(person.fullName, /[^\x00-\x7f]/);
  await context.close();
});

test("who logs out at the app is asked again", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, `${jira()}/browse/DEMO-1`, "camilla");
  await page.waitForURL(`${jira()}/browse/DEMO-1`);
  await page.getByText("Log Out").click();
  const names = (await context.cookies(jira())).map((cookie) => cookie.name);
  assert.ok(!names.includes("__Host-samlgate_session"), names.join());
  await page.goto(`${jira()}/browse/DEMO-1`);
  assert.match(page.url(), /\/login\.jsp\?/);
  await context.close();
});

test("the button is inserted once and the dashboard of a signed-in person has none", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${jira()}/secure/Dashboard.jspa`);
  assert.equal(await page.locator(".samlgate-login").count(), 1);
  await signIn(page, `${jira()}/secure/Dashboard.jspa`, "camilla");
  await page.waitForURL(`${jira()}/secure/Dashboard.jspa`);
  assert.equal(await page.locator(".samlgate-login").count(), 0);
  await context.close();
});

test("the console shows the sign-ins behind a link that works once", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(consoleLink);
  assert.deepEqual(await barriers(page), []);
  await page.getByRole("link", { name: "Decide later" }).click();
  const text = await page.locator("main").textContent();
  assert.match(text, /camilla/);
  assert.match(text, /confluence/);
  await picture(page, "console");
  assert.deepEqual(await barriers(page), []);
  await page.locator("tbody a[href^='/attempts/']").first().click();
  assert.deepEqual(await barriers(page), []);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "console-small-dark");
  assert.deepEqual(await barriers(page), []);
  await context.close();

  const stranger = await (await browser.newContext()).newPage();
  const again = await stranger.goto(consoleLink);
  assert.notEqual(again.status(), 200);
  assert.doesNotMatch(await stranger.locator("main").textContent(), /camilla/);
});

test("a refusal is a calm page that helps", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${jira()}/plugins/servlet/saml/auth?os_destination=https://evil.example/`);
  const text = await page.locator("main").textContent();
  assert.match(text, /[0-9a-f]{8}-[0-9a-f]{4}-7/, "the attempt's number");
  assert.deepEqual(await barriers(page), []);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "refused-small-dark");
  assert.deepEqual(await barriers(page), []);
  await context.close();
});
