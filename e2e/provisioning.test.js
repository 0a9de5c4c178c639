// Provisioning as people meet it: a real IdP whose groups change, a Jira double with its customer
// portal, a real browser.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { launch } from "./lib/browser.js";
import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { people, startSimpleSamlPhp } from "./lib/simplesamlphp.js";

let site, idp, browser;

before(async () => {
  const port = await freePorts(8);
  site = new Installation(temporaryFolder(), port);
  idp = await startSimpleSamlPhp(temporaryFolder(), port + 5, {
    [`${site.url("jira")}/`]: { acs: `${site.url("jira")}/plugins/servlet/saml/auth` },
  });
  await site.start();
  await site.addDouble("jira", "jira9");
  for (const name of ["jira-software-users", "jira-testgroup1", "jira-testgroup2", "customers"]) {
    await site.cli(["group", "add", name]);
  }
  await site.cli([
    ...["idp", "add", "company", "--metadata", idp.metadataUrl.replace("idp.localhost", "127.0.0.1")],
    ...["--user-id", "attribute:uid", "--full-name", "cn", "--email", "mail", "--groups", "groups"],
    ...["--create-users", "--user-groups", "jira-software-users", "--customer-groups", "customers"],
    ...["--managed-groups", "jira-testgroup*", "--button-label", "Company account"],
  ]);
  await settled();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
  await idp?.stop();
});

/** A running server sees changed settings and ended sessions within a second. */
const settled = () => sleep(1000);

/** Signs in at a page of Jira in a fresh browser; gives the page. */
async function signIn(person, wanted = "/browse/DEMO-1") {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${site.url("jira")}${wanted}`);
  await page.getByRole("link", { name: "Company account" }).click();
  await page.locator("#username").fill(person);
  await page.locator("#password").fill("secret");
  await page.locator("#submit_button, button[type=submit]").first().click();
  return page;
}

const groupsOn = (page) => page.locator("#user-groups li").allTextContents();
const shown = async (name) => JSON.parse(await site.cli(["user", "show", name, "--json"]));

test("a first sign-in creates the user with the groups that exist, and says why", async () => {
  const page = await signIn("camilla");
  await page.waitForURL(`${site.url("jira")}/browse/DEMO-1`);
  assert.equal(await page.locator("#user-full-name").textContent(), "Camilla the Chicken");
  assert.deepEqual(await groupsOn(page), ["jira-software-users", "jira-testgroup1", "jira-testgroup2"]);
  const text = await site.cli(["user", "show", "camilla"]);
  assert.match(text, /jira-testgroup1: the IdP names it by groups = jira-testgroup1, since 20/);
  assert.match(text, /jira-software-users: it is among the IdP's User Groups/);
});

test("a group that the IdP names is joined, one that it no longer names is left", async () => {
  await site.cli(["group", "add", "jira-testgroup3"]);
  await site.cli(["group", "add", "manual"]);
  await site.cli(["group", "add-user", "manual", "camilla"]);
  const groups = ["jira-testgroup2", "jira-testgroup3", "nowhere"];
  idp.setPeople({ ...people, camilla: { ...people.camilla, cn: "Camilla C.", groups } });
  const page = await signIn("camilla");
  await page.waitForURL(`${site.url("jira")}/browse/DEMO-1`);
  assert.equal(await page.locator("#user-full-name").textContent(), "Camilla C.");
  assert.deepEqual(await groupsOn(page), [
    ...["jira-software-users", "jira-testgroup2", "jira-testgroup3", "manual"],
  ]);
  const kept = (await shown("camilla")).groups.find((group) => group.name === "manual");
  assert.deepEqual([kept.source, kept.current], ["manual", true]);
});

test("an untagged user who signs in is left alone", async () => {
  await site.cli(["user", "add", "kermit", "--full-name", "Kermit F.", "--email", "kermit@swamp.org"]);
  await site.cli(["group", "add-user", "jira-software-users", "kermit"]);
  const kermit = { uid: "kermit", cn: "Kermit the Frog", mail: "k@muppets.com", groups: ["jira-testgroup1"] };
  idp.setPeople({ ...people, kermit });
  const page = await signIn("kermit");
  await page.waitForURL(`${site.url("jira")}/browse/DEMO-1`);
  assert.equal(await page.locator("#user-full-name").textContent(), "Kermit F.");
  assert.deepEqual(await groupsOn(page), ["jira-software-users"]);
  assert.equal((await shown("kermit")).idp, null);
});

test("a portal customer signs in at the portal, gets its groups and no others", async () => {
  const piggy = { uid: "piggy", cn: "Miss Piggy", mail: "piggy@muppets.com", groups: [] };
  idp.setPeople({ ...people, piggy });
  const start = await (await browser.newContext()).newPage();
  await start.goto(`${site.url("jira")}/servicedesk/customer/portal/1`);
  assert.match(start.url(), /\/servicedesk\/customer\/user\/login\?destination=portal/);
  await start.locator("#js-login-submit").waitFor();
  await start.locator(".samlgate-login[data-placed]").waitFor();
  assert.equal(await start.locator(".samlgate-login").count(), 1);

  const page = await signIn("piggy", "/servicedesk/customer/portal/1");
  await page.waitForURL(`${site.url("jira")}/servicedesk/customer/portal/1`);
  assert.equal(await page.locator("#user-name").textContent(), "piggy");
  assert.deepEqual(await groupsOn(page), ["customers"], "no licence is consumed");
  assert.equal((await shown("piggy")).groups[0].source, "customer_groups");
  const [attempt] = await site.attempts();
  assert.equal(attempt.outcome, "opened");
});

test("a customer whom the app itself refuses still gets into the portal", async () => {
  await site.cli(["idp", "set", "company", "--user-groups", ""]);
  await settled();
  const refused = await signIn("piggy");
  await refused.waitForURL(/plugins\/servlet\/saml\/open/);
  assert.equal((await site.attempts())[0].code, "app_no_access");
  const page = await signIn("piggy", "/servicedesk/customer/portals");
  await page.waitForURL(`${site.url("jira")}/servicedesk/customer/portals`);
  assert.equal(await page.locator("#user-name").textContent(), "piggy");
  await site.cli(["idp", "set", "company", "--user-groups", "jira-software-users"]);
  await settled();
});

test("the last group goes too, at the latest when the app synchronises", async () => {
  await site.cli(["idp", "set", "company", "--user-groups", ""]);
  await settled();
  idp.setPeople({ ...people, gonzo: { ...people.gonzo, groups: ["jira-testgroup1"] } });
  // Without access to Jira itself; its customer portal lets him in.
  const first = await signIn("gonzo", "/servicedesk/customer/portals");
  await first.waitForURL(`${site.url("jira")}/servicedesk/customer/portals`);
  await site.cli(["idp", "set", "company", "--customer-groups", ""]);
  await site.cli(["group", "remove", "customers"]);
  await settled();
  idp.setPeople({ ...people, gonzo: { ...people.gonzo, groups: ["nowhere"] } });
  const page = await signIn("gonzo", "/servicedesk/customer/portals");
  await page.waitForURL(`${site.url("jira")}/servicedesk/customer/portals`);
  assert.deepEqual((await shown("gonzo")).groups, []);
  await site.control("jira", "POST", "/sync");
  const gonzo = await site.control("jira", "GET", "/users/gonzo");
  assert.deepEqual(gonzo.user.groups, []);
  await site.cli(["idp", "set", "company", "--user-groups", "jira-software-users"]);
});

test("a plan is explained before it is made, by the current settings and by a draft", async () => {
  const attributes = { uid: ["camilla"], cn: ["Camilla"], mail: ["camilla@muppets.com"], groups: ["jira-testgroup1"] };
  const said = JSON.stringify({ attributes });
  const explain = ["provision", "explain", "--idp", "company", "-"];
  const now = await site.cli(explain, said);
  assert.match(now, /^\+ add to group jira-testgroup1: the group attribute names it/m);
  assert.match(now, /^- remove from group jira-testgroup3: /m);
  const draft = path.join(site.folder, "draft.toml");
  const exported = await site.cli(["export"]);
  writeFileSync(draft, exported.replace(/managed = .*/, "managed = []"));
  const then = await site.cli([...explain, "--settings", draft], said);
  assert.doesNotMatch(then, /remove from group/);
  assert.deepEqual((await shown("camilla")).groups.length, 4, "nothing was changed");

  const [attempt] = (await site.attempts()).filter((one) => one.user === "camilla");
  const again = await site.cli(["provision", "explain", "--idp", "company", "--attempt", attempt.id]);
  assert.match(again, /user id camilla/);
  const nobody = await site.tryCli(explain, JSON.stringify({ attributes: {} }));
  assert.equal(nobody.code, 1);
  assert.match(nobody.stdout, /no user id at/);
});

test("shadow mode records what would change and changes nothing", async () => {
  await site.cli(["idp", "set", "company", "--shadow"]);
  await settled();
  idp.setPeople({ ...people, camilla: { ...people.camilla, groups: ["jira-testgroup1"] } });
  const before = await shown("camilla");
  const page = await signIn("camilla");
  await page.waitForURL(`${site.url("jira")}/browse/DEMO-1`);
  const after = await shown("camilla");
  const names = (user) => user.groups.map((group) => group.name);
  assert.deepEqual(names(after), names(before));
  const [attempt] = await site.attempts();
  const would = attempt.timeline.filter((step) => step.step === "shadow").map((step) => step.text);
  assert.ok(would.some((text) => text.startsWith("remove from group jira-testgroup3")), would.join("\n"));
  await site.cli(["idp", "set", "company", "--shadow=false"]);
});

test("removals beyond the limit wait until an administrator approves them", async () => {
  const exported = (await site.cli(["export"])).replace(/most_removed = .*/, "most_removed = 1");
  const file = path.join(site.folder, "limited.toml");
  writeFileSync(file, exported);
  await site.cli(["apply", file]);
  await settled();
  idp.setPeople({ ...people, camilla: { ...people.camilla, groups: ["nowhere"] } });
  const page = await signIn("camilla");
  await page.waitForURL(`${site.url("jira")}/browse/DEMO-1`);
  const waiting = JSON.parse(await site.cli(["provision", "approvals", "--json"]));
  assert.deepEqual(waiting.map((one) => [one.user, one.group]), [["camilla", "jira-testgroup3"]]);
  assert.match(await site.cli(["provision", "approvals"]), /camilla +jira-testgroup3/);
  await site.cli(["provision", "approve", "camilla"]);
  const groups = (await shown("camilla")).groups.map((group) => group.name);
  assert.deepEqual(groups, ["jira-software-users", "manual"]);
  const none = await site.tryCli(["provision", "discard", "camilla"]);
  assert.equal(none.code, 1, "nothing waits any more");
});

test("users and groups of a running Jira are imported once, with a report of collisions", async () => {
  const local = { password: "x", active: true };
  const add = (user) => site.control("jira", "POST", "/users", { ...local, ...user });
  await add({ name: "fozzie", full_name: "Fozzie Bear", email: "fozzie@muppets.com", groups: ["comedians"] });
  await add({ name: "Kermit", full_name: "Kermit the Frog", email: "k@muppets.com", groups: ["comedians"] });
  const double = `http://${site.doubles.jira.address}`;
  const args = ["import", "jira", "--url", double, "--user", "admin", "--pause-ms", "1"];
  const dry = await site.tryCli([...args, "--dry-run"], "admin\n");
  assert.match(dry.stdout, /dry run/, dry.stderr);
  assert.equal((await site.tryCli(["user", "show", "fozzie"])).code, 1);

  const done = await site.tryCli(args, "admin\n");
  assert.match(done.stdout, /user kermit: full name "Kermit F." here, "Kermit the Frog" there/i, done.stderr);
  const fozzie = await shown("fozzie");
  assert.equal(fozzie.email, "fozzie@muppets.com");
  assert.match(fozzie.groups[0].detail, /^imported from http/);
  assert.equal((await shown("kermit")).full_name, "Kermit F.", "who is there stays");
  const again = await site.tryCli([...args, "--json"], "admin\n");
  const report = JSON.parse(again.stdout);
  assert.deepEqual([report.users_created, report.groups_created, report.memberships_added], [0, 0, 0]);

  const wrong = await site.tryCli(args, "guess\n");
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /does not take the account/);
});

test("a CSV file is imported, and names that differ by case alone are a collision", async () => {
  const file = path.join(site.folder, "users.csv");
  writeFileSync(file, 'name,full_name,groups\nrowlf,"Rowlf, the Dog",pianists; band\nAnimal,,\nanimal,,\n');
  const done = await site.tryCli(["import", "csv", file, "--idp", "company"]);
  assert.equal(done.code, 1, "not everybody could be taken over");
  assert.match(done.stdout, /differ by case alone/);
  const rowlf = await shown("rowlf");
  assert.deepEqual([rowlf.full_name, rowlf.idp, rowlf.email], ["Rowlf, the Dog", "company", "rowlf@invalid"]);
  assert.deepEqual(rowlf.groups.map((group) => group.name), ["band", "pianists"]);
});

test("who is disabled has no session any more, and cannot sign in until enabled", async () => {
  const page = await signIn("camilla");
  await page.waitForURL(`${site.url("jira")}/browse/DEMO-1`);
  await site.cli(["user", "disable", "camilla"]);
  await settled();
  await page.reload();
  assert.match(page.url(), /\/login\.jsp\?/, "Jira's own session is gone too");
  const refused = await signIn("camilla");
  await refused.waitForURL(/plugins\/servlet\/saml\/auth/);
  assert.equal((await site.attempts())[0].code, "user_inactive");
  await site.cli(["user", "enable", "camilla"]);
  const back = await signIn("camilla");
  await back.waitForURL(`${site.url("jira")}/browse/DEMO-1`);
});
