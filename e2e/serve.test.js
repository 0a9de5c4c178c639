// A real IdP, real processes, a real browser: `samlgate serve`, set up by its command line, on both
// databases.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { launch } from "./lib/browser.js";
import { Installation } from "./lib/installation.js";
import { startPostgreSql } from "./lib/postgresql.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { people, startSimpleSamlPhp } from "./lib/simplesamlphp.js";

/** Clicks the button, signs in at SimpleSAMLphp if it asks. */
async function signIn(page, address, person) {
  await page.goto(address);
  await page.getByRole("link", { name: "SimpleSAMLphp" }).click();
  if (person) {
    await page.locator("#username").fill(person);
    await page.locator("#password").fill("secret");
    await page.locator("#submit_button, button[type=submit]").first().click();
  }
}

const text = (page) => page.locator("body").textContent();

for (const database of ["SQLite", "PostgreSQL"]) {
  describe(`on ${database}`, () => {
    let site, idp, browser, server;

    before(async () => {
      const port = await freePorts(8);
      server = database === "PostgreSQL" ? await startPostgreSql() : undefined;
      site = new Installation(temporaryFolder(), port, { database: await server?.database("story") });
      const acs = (app) => ({ acs: `${site.url(app)}/plugins/servlet/saml/auth` });
      idp = await startSimpleSamlPhp(temporaryFolder(), port + 5, {
        [`${site.url("jira")}/`]: acs("jira"),
        [`${site.url("confluence")}/`]: acs("confluence"),
      });
      await site.start();
      await site.addDouble("jira", "jira9");
      await site.addDouble("confluence", "confluence7");
      for (const name of ["jira-software-users", "confluence-users", "jira-testgroup1"]) {
        await site.cli(["group", "add", name]);
      }
      await site.cli([
        ...["idp", "add", "company", "--metadata", idp.metadataUrl.replace("idp.localhost", "127.0.0.1")],
        ...["--user-id", "attribute:uid", "--full-name", "cn", "--email", "mail", "--groups", "groups"],
        ...["--button-label", "Sign in with <b>SimpleSAMLphp</b>"],
        ...["--user-groups", "jira-software-users,confluence-users"],
      ]);
      await sleep(1000); // a running server takes settings over within a second
      browser = await launch();
    });

    after(async () => {
      await browser?.close();
      await site?.stop();
      await idp?.stop();
      await server?.stop();
    });

    test("the button's label is escaped", async () => {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`${site.url("jira")}/login.jsp`);
      const label = await page.locator(".samlgate-login a").textContent();
      assert.equal(label, "Sign in with <b>SimpleSAMLphp</b>");
    });

    test("an unknown user is refused in words while creation is off", async () => {
      const page = await (await browser.newContext()).newPage();
      await signIn(page, `${site.url("jira")}/browse/DEMO-1`, "camilla");
      await page.waitForURL(/plugins\/servlet\/saml\/auth/);
      assert.match(await text(page), /User ID not found/);
      const [attempt] = await site.attempts();
      assert.equal(attempt.code, "user_not_found");
      assert.ok((await text(page)).includes(attempt.id));
    });

    test("with creation on, a running server lets new people in with their groups", async () => {
      await site.cli(["idp", "set", "company", "--create-users"]);
      await sleep(1000);
      const context = await browser.newContext();
      const page = await context.newPage();
      await signIn(page, `${site.url("jira")}/browse/DEMO-1`, "camilla");
      await page.waitForURL(`${site.url("jira")}/browse/DEMO-1`);
      assert.equal(await page.locator("#user-name").textContent(), "camilla");
      assert.equal(await page.locator("#user-email").textContent(), people.camilla.mail);
      // jira-testgroup2 does not exist here: it is left out, and the sign-in goes on.
      const groups = await page.locator("#user-groups li").allTextContents();
      assert.deepEqual(groups, ["confluence-users", "jira-software-users", "jira-testgroup1"]);

      await signIn(page, `${site.url("confluence")}/display/DEMO`);
      await page.waitForURL(`${site.url("confluence")}/display/DEMO`);
      assert.equal(await page.locator("#user-name").textContent(), "camilla");
      const shown = JSON.parse(await site.cli(["user", "show", "camilla", "--json"]));
      assert.equal(shown.idp, "company");
    });

    test("a name outside ASCII arrives unchanged", async () => {
      const page = await (await browser.newContext()).newPage();
      await signIn(page, `${site.url("jira")}/browse/DEMO-1`, "søren");
      await page.waitForURL(`${site.url("jira")}/browse/DEMO-1`);
      assert.equal(await page.locator("#user-name").textContent(), "søren");
      assert.equal(await page.locator("#user-full-name").textContent(), "Søren Ålborg");
    });

    test("what the app answers is understood: CAPTCHA, no access, directory order, form off", async () => {
      const attemptOf = async (person, status) => {
        const page = await (await browser.newContext()).newPage();
        await signIn(page, `${site.url("jira")}/browse/DEMO-1`, person);
        await page.waitForURL(/plugins\/servlet\/saml\/open/);
        assert.match(await text(page), status);
        const [attempt] = await site.attempts();
        return attempt.code;
      };
      await site.control("jira", "POST", "/captcha/camilla");
      assert.equal(await attemptOf("camilla", /CAPTCHA/), "app_captcha");
      await site.control("jira", "DELETE", "/captcha/camilla");

      await site.control("jira", "PUT", "/modes", { login_form: false, session_resource: false });
      assert.equal(await attemptOf("camilla", /set up wrongly/), "app_login_disabled");
      await site.control("jira", "PUT", "/modes", {});

      const user = { name: "gonzo", password: "his own", full_name: "Gonzo", email: "g@x", groups: [] };
      await site.control("jira", "POST", "/users", user);
      assert.equal(await attemptOf("gonzo", /set up wrongly/), "app_directory_order");

      await site.cli(["idp", "set", "company", "--user-groups", ""]);
      await site.cli(["group", "remove", "jira-software-users"]);
      await site.control("jira", "POST", "/sync");
      await sleep(1000);
      assert.equal(await attemptOf("camilla", /no access|may not use/), "app_no_access");
    });
  });
}
