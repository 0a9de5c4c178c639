// The console as an administrator uses it: from an empty data folder to Camilla signed in, against
// SimpleSAMLphp and the double of Jira; then every page in every look.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { barriers, launch, picture } from "./lib/browser.js";
import { Installation } from "./lib/installation.js";
import { Running, freePorts, program, temporaryFolder } from "./lib/process.js";
import { startSimpleSamlPhp } from "./lib/simplesamlphp.js";
import { Visitor } from "./lib/visitor.js";

const PASSWORD = "a frog who reads the logs";
let port, site, idp, browser, context, page, double;
const count = { clicks: 0, fields: 0 };

const consoleUrl = () => `http://127.0.0.1:${port + 1}`;
const upstream = () => `127.0.0.1:${port + 6}`;

before(async () => {
  port = await freePorts(8);
  site = new Installation(temporaryFolder(), port);
  idp = await startSimpleSamlPhp(temporaryFolder(), port + 5, {
    [`${site.url("jira")}/`]: { acs: `${site.url("jira")}/plugins/servlet/saml/auth` },
  });
  await site.start();
  browser = await launch();
  context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    reducedMotion: "reduce",
  });
  page = await context.newPage();
});

after(async () => {
  await browser?.close();
  await site?.stop();
  await double?.stop();
  await idp?.stop();
});

/** A click and a typed field of the administrator, counted. */
const click = async (locator) => {
  count.clicks++;
  await locator.click();
};
const type = async (locator, text) => {
  count.fields++;
  await locator.fill(text);
};
const button = (name, on = page) => on.getByRole("button", { name, exact: true });
const link = (name, on = page) => on.getByRole("link", { name, exact: true }).first();
const field = (name, on = page) => on.getByLabel(name);

test("from an empty data folder to Camilla signed in, through the console alone", async () => {
  await page.goto(await site.consoleLink());
  await picture(page, "console-welcome");
  await type(field("Administrator's password"), PASSWORD);
  await click(button("Set the password"));
  await click(link("Begin"));

  await type(field("Public URL"), site.url("jira"));
  await type(field("Upstream URL"), `http://${upstream()}`);
  await click(button("Add the app"));
  // The administrator of Jira enters in its User Directories form what stands here now.
  const shown = async (id) => (await page.locator(`#${id}`).textContent()).trim();
  double = new Running(
    program("samlgate-double"),
    [
      ...["jira", "--profile", "jira9", "--listen", upstream(), "--public-url", site.url("jira")],
      ...["--until-stdin-ends", "--crowd-url", await shown("crowd-url")],
      ...["--crowd-application", await shown("application-name")],
    ],
    { env: { ...process.env, SAMLGATE_DOUBLE_CROWD_PASSWORD: await shown("application-password") } },
  );
  await double.line(/^\{.*\}$/m);
  await page.getByText("jira has synchronised").waitFor();
  await picture(page, "console-guide");

  await click(link("Add an identity provider"));
  await click(field("Kind"));
  await field("Kind").selectOption("simplesamlphp");
  await type(field("Metadata URL"), idp.metadataUrl.replace("idp.localhost", "127.0.0.1"));
  await click(button("Resolve"));
  await page.getByText("The metadata was read").waitFor();
  assert.match(await page.locator("ins").allTextContents().then((all) => all.join()), /login_url/);
  await picture(page, "console-idp-resolved");
  await click(button("Save"));

  await click(link("Groups"));
  await type(field("Names"), "jira-software-users, jira-testgroup1, jira-testgroup2");
  await click(button("Add"));
  await click(link("Identity providers"));
  await click(link("must exist"));
  await click(field("Enable User Creation or Update"));
  await type(field("User Groups", page).first(), "jira-software-users");
  await click(button("Save"));

  await click(link("Sign-ins"));
  await click(link("Test sign-in"));
  await click(button("Make the test"));
  await count.clicks++;
  const [tested] = await Promise.all([context.waitForEvent("page"), link("Open the sign-in").click()]);
  await type(tested.locator("#username"), "camilla");
  await type(tested.locator("#password"), "secret");
  await click(tested.locator("#submit_button, button[type=submit]").first());
  await tested.getByText("The test passed").waitFor();
  await tested.close();
  await page.getByText(/^\d+ of \d+ hold/).waitFor();
  const [held, all] = (await page.getByText(/^\d+ of \d+ hold/).textContent()).match(/\d+/g);
  assert.equal(held, all, "every check is green");
  await picture(page, "console-test");

  const jira = await context.newPage();
  await jira.goto(`${site.url("jira")}/browse/DEMO-1`);
  await click(jira.getByRole("link", { name: "Login with simplesamlphp" }));
  await jira.waitForURL(`${site.url("jira")}/browse/DEMO-1`);
  assert.equal(await jira.locator("#user-name").textContent(), "camilla");
  const groups = await jira.locator("#user-groups li").allTextContents();
  assert.deepEqual(groups.sort(), ["jira-software-users", "jira-testgroup1", "jira-testgroup2"]);
  await jira.close();
  console.log(`from nothing to the first sign-in: ${count.clicks} clicks, ${count.fields} typed fields`);
  assert.ok(count.clicks <= 25, `${count.clicks} clicks`);
  assert.ok(count.fields <= 8, `${count.fields} typed fields`);
});

test("a test sign-in is green only if that person would get in, and says what the cure is", async () => {
  const tried = async (says) => {
    await page.goto(`${consoleUrl()}/test`);
    await button("Make the test").click();
    await page.getByText("The link itself").click();
    const address = await page.locator("code[data-copy='the link']").textContent();
    const theirs = await browser.newContext();
    const person = await theirs.newPage();
    await person.goto(address);
    await person.locator("#username").fill("gonzo");
    await person.locator("#password").fill("secret");
    await person.locator("#submit_button, button[type=submit]").first().click();
    await person.getByRole("heading", { name: says }).waitFor();
    const told = await person.locator("main").textContent();
    await picture(person, `console-test-${says.split(" ").at(-1)}`);
    await person.reload();
    assert.equal(await person.locator("main").textContent(), told, "a reload shows the same page");
    await theirs.close();
    await page.getByText("What it would change").waitFor();
    return `${told} ${await page.locator("main").textContent()}`;
  };
  const users = async () => JSON.parse(await site.cli(["user", "list", "--json"])).length;
  const before = await users();
  await site.cli(["idp", "set", "simplesamlphp", "--create-users=false"]);
  await sleep(1000);
  const failed = await tried("The test failed");
  assert.match(failed, /User ID not found/);
  assert.match(failed, /idp set --create-users/, "the cure");
  assert.match(failed, /user_not_found/, "the cause that a sign-in would have");
  await site.cli(["idp", "set", "simplesamlphp", "--create-users"]);
  await sleep(1000);
  assert.match(await tried("The test passed"), /create user/);
  await site.server.line(/a test sign-in failed.*user_not_found/);
  await site.server.line(/a test sign-in passed/);
  assert.equal(await users(), before, "a test changes nobody");
});

test("the configuration page names every field of the Microsoft plug-in", async () => {
  await page.goto(`${consoleUrl()}/idps/simplesamlphp`);
  for (const name of [
    ...["Metadata URL", "IdP Entity ID", "Login URL", "Logout URL", "Login Button Name"],
    ...["Login Button Description", "Send people to the IdP at once", "Metadata file"],
    ...["SAML User ID Locations", "Attribute Name", "Enable Home Realm Discovery", "Domain Name"],
    "Enable Single Signout",
  ]) {
    assert.equal(await page.getByLabel(name, { exact: true }).count(), 1, name);
  }
  for (const name of ["Identifier", "Reply URL", "Sign On URL"]) {
    assert.equal(await page.locator("dt", { hasText: new RegExp(`^${name}$`) }).count(), 1, name);
  }
  assert.equal(await page.getByRole("group", { name: "X.509 Certificates" }).count(), 1);
  assert.equal(await button("Resolve").count(), 1);
  await page.getByLabel("Enable Home Realm Discovery").check();
  assert.ok(await page.getByLabel("Domain Name").isVisible(), "the box unfolds its field");
});

test("the provisioning page names every field of the commercial plug-in", async () => {
  await page.goto(`${consoleUrl()}/idps/simplesamlphp/provisioning`);
  for (const name of [
    ...["Enable User Creation or Update", "Userid attribute", "Full Name attribute"],
    ...["Email attribute", "Group Attribute", "Update existing users", "User Groups"],
    "JIRA SD Customer Groups",
  ]) {
    assert.equal(await page.getByLabel(name, { exact: true }).count(), 1, name);
  }
  await page.getByText("More about users and groups").click();
  await page.getByText("Transformations, access rules, static names").click();
  for (const name of [
    ...["Find users by", "Shadow mode", "Customers get the User Groups, too", "Managed groups"],
    ...["Kept groups", "Protected groups", "Removals at most", "Days without a sign-in"],
    ...["Transformations", "Access rules", "Static names of groups"],
  ]) {
    assert.equal(await page.getByLabel(name, { exact: true }).count(), 1, name);
  }
  await page.getByLabel("Transformations", { exact: true }).fill('[[user_id]]\nstep = "strip_domain"');
  await page.getByLabel("As the IdP sends it").fill("camilla@muppets.com");
  await button("Show each step").click();
  const steps = await page.locator("section[aria-labelledby=tried]").textContent();
  assert.match(steps, /strip the domain after @: camilla$/);
  await picture(page, "console-transformations");
  await page.goto(`${consoleUrl()}/idps/simplesamlphp/provisioning`);
  const offered = await page.locator("#userid-hints option").evaluateAll((all) => all.map((o) => o.value));
  assert.deepEqual(offered.filter((name) => ["uid", "cn", "mail", "groups"].includes(name)).length, 4);
  await page.getByLabel("User Groups", { exact: true }).fill("jira-software-users, nobody-made-it");
  await button("Try").click();
  const tried = await page.locator("section[aria-labelledby=tried]").textContent();
  assert.match(tried, /ignore group nobody-made-it/, "what is entered is tried, not what is stored");
  await picture(page, "console-provisioning");
});

test("the tracker shows one sign-in as a timeline; values are hidden until somebody asks", async () => {
  await page.goto(`${consoleUrl()}/attempts?outcome=opened`);
  await page.locator("tbody a").first().click();
  await page.getByText("Response, decoded").click();
  const xml = () => page.locator("details:has-text('Response, decoded') pre").textContent();
  assert.match(await xml(), /AttributeValue/);
  assert.doesNotMatch(await xml(), /muppets\.com/);
  for (const name of ["Request", "Response", "Checks", "Claims", "What it changes", "The app's own session", "The end"]) {
    assert.equal(await page.getByRole("heading", { name, exact: true }).count(), 1, name);
  }
  await picture(page, "console-attempt");
  await button("Show personal values").click();
  await page.getByText("Response, decoded").click();
  assert.match(await xml(), /muppets\.com/);
  const [download] = await Promise.all([page.waitForEvent("download"), link("File for support").click()]);
  const file = readFileSync(await download.path(), "utf8");
  assert.doesNotMatch(file, /muppets\.com|argon2|samlgate_console/);
  assert.equal(JSON.parse(file).outcome, "opened");
  await page.goto(`${consoleUrl()}/history?event=attempt.`);
  assert.match(await page.locator("main").textContent(), /Saw personal values/);
});

test("the list of sign-ins renews itself while one looks", async () => {
  await page.goto(`${consoleUrl()}/attempts`);
  const rows = await page.locator("tbody tr").count();
  await new Visitor(`jira.localhost:${site.port}`).postNonsense();
  await page.waitForFunction((rows) => document.querySelectorAll("tbody tr").length > rows, rows);
  assert.match(await page.locator("[data-said]").textContent(), /1 new/);
});

test("a link records one sign-in of somebody else", async () => {
  await page.goto(`${consoleUrl()}/record`);
  await button("Make the link").click();
  await page.getByText("The link itself").click();
  const address = await page.locator("code[data-copy='the link']").textContent();
  const theirs = await browser.newContext();
  const person = await theirs.newPage();
  await person.goto(address);
  await person.locator("#username").fill("gonzo");
  await person.locator("#password").fill("secret");
  await person.locator("#submit_button, button[type=submit]").first().click();
  await person.waitForURL((url) => url.href.startsWith(`${site.url("jira")}/`) && !url.pathname.includes("saml"));
  await theirs.close();
  await page.getByText("••• at jira").waitFor();
  assert.doesNotMatch(await page.locator("main").textContent(), /gonzo/, "hidden until somebody asks");
  assert.equal(await page.getByText("The browser's headers").count(), 1, "recorded in detail");
  assert.doesNotMatch(await page.locator("main").textContent(), /samlgate_request/);
});

test("every change stands in the history and one click returns to before", async () => {
  await page.goto(`${consoleUrl()}/idps/simplesamlphp`);
  await field("Login Button Name").fill("Company account");
  await Promise.all([page.waitForEvent("load"), button("Save").click()]);
  await page.goto(`${consoleUrl()}/history`);
  const entry = page.locator("article").first();
  assert.match(await entry.textContent(), /Changed.*idp simplesamlphp.*administrator/s);
  assert.match(await entry.locator("ins").textContent(), /Company account/);
  await entry.getByRole("button", { name: "Return to before" }).click();
  const again = page.waitForEvent("load");
  await page.getByRole("dialog").getByRole("button", { name: "Return to before" }).click();
  await again;
  await page.goto(`${consoleUrl()}/idps/simplesamlphp`);
  assert.equal(await field("Login Button Name").inputValue(), "");
});

test("the button's description stands below it, as text, and metadata can be given as a file", async () => {
  await page.goto(`${consoleUrl()}/idps/simplesamlphp`);
  await field("Login Button Description").fill("For <b>everybody</b> with an account");
  await button("Save").click();
  const person = await context.newPage();
  await person.goto(`${site.url("jira")}/login.jsp`);
  assert.equal(await person.locator(".samlgate-login small").textContent(), "For <b>everybody</b> with an account");
  await person.close();
  await page.goto(`${consoleUrl()}/idps/new`);
  await page.getByText("Or a file, or its text").click();
  const text = await (await fetch(idp.metadataUrl.replace("idp.localhost", "127.0.0.1"))).text();
  await field("Metadata file").setInputFiles({ name: "metadata.xml", mimeType: "text/xml", buffer: Buffer.from(text) });
  await button("Resolve").click();
  await page.getByText("The metadata was read").waitFor();
  assert.notEqual(await field("IdP Entity ID").inputValue(), "");
  await page.goto(`${consoleUrl()}/idps/simplesamlphp`);
  await field("Login Button Description").fill("");
  await button("Save").click();
});

test("a user is adopted for an identity provider, and the application says when it synchronised", async () => {
  await page.goto(`${consoleUrl()}/users/gonzo`);
  const tag = page.getByLabel("Adopt for", { exact: true });
  for (const value of ["", "simplesamlphp"]) {
    await tag.selectOption(value);
    await button("Set the tag").click();
    const again = page.getByRole("dialog").getByRole("button", { name: "Set the tag" });
    await Promise.all([page.waitForEvent("load"), again.click()]);
    assert.match(page.url(), /users\/gonzo$/);
    assert.equal(await tag.inputValue(), value);
  }
  await page.goto(`${consoleUrl()}/applications`);
  assert.match(await page.locator("dd:right-of(dt:text('Last synchronised'))").first().textContent(), /\d{4}-/);
});

test("settings are exported, shown as a difference, and applied", async () => {
  await page.goto(`${consoleUrl()}/settings`);
  const [download] = await Promise.all([page.waitForEvent("download"), link("Export as TOML").click()]);
  const document = readFileSync(await download.path(), "utf8");
  await field("Document to apply").fill(document.replace("#button_label = ", "button_label = "));
  await button("Show what would change").click();
  assert.match(await page.locator("#changes").textContent(), /1 would change.*button_label/s);
  await button("Apply these changes").click();
  await page.waitForURL(/history/);
});

const PAGES = {
  overview: "/",
  attempts: "/attempts",
  apps: "/apps",
  app: "/apps/jira",
  "app-new": "/apps/new",
  idps: "/idps",
  idp: "/idps/simplesamlphp",
  "idp-new": "/idps/new",
  provisioning: "/idps/simplesamlphp/provisioning",
  guide: "/guide",
  test: "/test",
  record: "/record",
  users: "/users",
  user: "/users/camilla",
  removals: "/removals",
  groups: "/groups",
  group: "/groups/jira-testgroup1",
  applications: "/applications",
  settings: "/settings",
  history: "/history",
  password: "/password",
};

test("axe finds nothing on any page, in light and dark, wide, at 360 px and at 200 % zoom", async () => {
  await page.goto(`${consoleUrl()}/attempts?outcome=opened`);
  const one = await page.locator("tbody a").first().getAttribute("href");
  for (const [name, address] of Object.entries({ ...PAGES, attempt: one })) {
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1280, height: 860 });
    const answer = await page.goto(consoleUrl() + address);
    assert.equal(answer.status(), 200, name);
    assert.ok((await answer.body()).length < 100_000, `${name} is small`);
    for (const part of await page.locator("summary").all()) await part.click();
    await page.evaluate(() => scrollTo(0, 0));
    assert.deepEqual(await barriers(page), [], `${name}, light`);
    await picture(page, `console-${name}-light`);
    await page.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await barriers(page), [], `${name}, dark`);
    await picture(page, `console-${name}-dark`);
    // 640 px is what a window of 1280 px shows at 200 % zoom.
    for (const width of [640, 360]) {
      await page.setViewportSize({ width, height: 740 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${name} at ${width} px is ${wide} px wide`);
    }
    assert.deepEqual(await barriers(page), [], `${name}, small`);
    await picture(page, `console-${name}-small`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 860 });
});

test("what assistive technology is told of each page is what was agreed", async () => {
  const file = path.resolve(import.meta.dirname, "snapshots/console.txt");
  let told = "";
  for (const [name, address] of Object.entries(PAGES)) {
    // What changes with time and place is left out.
    if (["overview", "attempts", "history", "guide", "user"].includes(name)) continue;
    await page.goto(consoleUrl() + address);
    const snapshot = await page.locator("body").ariaSnapshot();
    told += `# ${name}\n${snapshot}\n\n`;
  }
  told = told
    .replaceAll(String(port + 5), "IDP").replaceAll(String(port + 6), "UPSTREAM").replaceAll(String(port), "PORT")
    .replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?Z?/g, "TIME")
    .replace(/\b[0-9a-f]{64}\b/g, "FINGERPRINT")
    // When a key was used last is written down now and then: it is a time, or never.
    .replace(/\bnever\b/g, "TIME")
    .replace(/(cell "TIME"):\n +- time: TIME/g, "$1")
    .replace(/Remove the key [0-9a-f]{8}/g, "Remove the key HEX");
  if (process.env.UPDATE_DOCS || !existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, told);
  }
  assert.equal(told, readFileSync(file, "utf8"), "UPDATE_DOCS=1 writes it anew");
});

test("the console works without scripts and from the keyboard alone", async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const there = await plain.newPage();
  await there.goto(`${consoleUrl()}/apps/jira`);
  await there.keyboard.press("Tab");
  await there.keyboard.type(PASSWORD);
  await there.keyboard.press("Enter");
  await there.getByRole("heading", { name: "jira", exact: true }).waitFor();
  await there.keyboard.press("Tab");
  assert.equal(await there.locator(":focus").textContent(), "Skip to the content");
  await there.keyboard.press("Enter");
  await there.keyboard.press("Tab");
  assert.ok(await there.locator("main :focus").count(), "the focus is in the content");
  await field("Upstream URL", there).fill("not an address");
  await field("Upstream URL", there).press("Enter");
  // The browser itself refuses what is no address; another one is refused by the server.
  await field("Upstream URL", there).fill("http://127.0.0.1:1/with/path");
  await field("Upstream URL", there).press("Enter");
  assert.equal(await field("Upstream URL", there).inputValue(), "http://127.0.0.1:1/with/path");
  assert.equal(await field("Upstream URL", there).getAttribute("aria-invalid"), "true");
  await there.getByRole("alert").getByRole("link").click();
  assert.equal(await there.locator(":focus, :target").first().getAttribute("id"), "upstream");
  await plain.close();
});

test("of two administrators who save at once the second sees the conflict", async () => {
  const [mine, theirs] = [page, await context.newPage()];
  for (const one of [mine, theirs]) await one.goto(`${consoleUrl()}/idps/simplesamlphp`);
  await field("Login Button Name", theirs).fill("Theirs");
  await button("Save", theirs).click();
  await theirs.waitForURL(/idps\/simplesamlphp$/);
  await theirs.close();
  await field("Login Button Name", mine).fill("Mine");
  await button("Save", mine).click();
  await mine.getByText("Somebody else saved a change").waitFor();
  assert.equal(await field("Login Button Name", mine).inputValue(), "Mine", "what was entered stays");
});
