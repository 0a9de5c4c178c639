// Every version of the apps that a double plays: the button is on its log-in page and on its
// dashboard, with and without scripts, and the opener signs in.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { launch, picture } from "./lib/browser.js";
import { claims, startIdp } from "./lib/idp.js";
import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";

const profiles = {
  jira52: { page: "/browse/DEMO-1", gadget: "#gadget-0" },
  jira7: { page: "/browse/DEMO-1", gadget: "#loginform" },
  jira9: { page: "/browse/DEMO-1", gadget: "#loginform" },
  "jira10-tsv": { page: "/browse/DEMO-1", form: "#username-field" },
  confluence5: { page: "/display/DEMO" },
  confluence7: { page: "/display/DEMO" },
  "confluence10-tsv": { page: "/display/DEMO", form: "#username-field" },
};
let site, idp, browser;

before(async () => {
  const port = await freePorts(6);
  site = new Installation(temporaryFolder(), port);
  idp = await startIdp(port + 5, Object.keys(profiles).map((name) => site.url(name)));
  await site.start();
  const groups = ["jira-users", "jira-software-users", "confluence-users"];
  for (const name of groups) await site.cli(["group", "add", name]);
  // Old versions put a new user into groups that their copy has already.
  for (const name of Object.keys(profiles)) await site.addDouble(name, name);
  for (const name of Object.keys(profiles)) await site.control(name, "POST", "/sync");
  await site.cli([
    ...["idp", "add", "company", "--metadata", `http://127.0.0.1:${port + 5}/metadata`],
    ...["--user-id", `attribute:${claims.account}`, "--email", claims.email, "--create-users"],
    ...["--user-groups", groups.join(","), "--button-label", "Company account"],
  ]);
  await sleep(1000);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
  await idp?.stop();
});

/** Through the IdP, back to `address`, signed in there. */
async function signIn(page, button, address, scripts) {
  await button.click();
  await page.locator("button[name=person][value=camilla]").click();
  if (!scripts) await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(address);
  assert.equal(await page.locator("#user-name").textContent(), "camilla");
}

for (const [name, { page: wanted, form, gadget }] of Object.entries(profiles)) {
  describe(name, () => {
    for (const scripts of [true, false]) {
      const how = scripts ? "with scripts" : "without scripts";

      test(`the button beside the form leads to the page that was asked for, ${how}`, async () => {
        const context = await browser.newContext({ javaScriptEnabled: scripts });
        const page = await context.newPage();
        await page.goto(site.url(name) + wanted);
        if (form && scripts) {
          await page.locator(form).waitFor();
          // It moves to the form that a script drew, once.
          await page.locator(".samlgate-login[data-placed]").waitFor();
          const moved = await page.locator(`form:has(${form})`).evaluate(
            (drawn) => drawn.previousElementSibling?.className,
          );
          assert.equal(moved, "samlgate-login");
        }
        const button = page.getByRole("link", { name: "Company account" });
        assert.equal(await button.count(), 1);
        assert.ok(await button.isVisible());
        await picture(page, `button-${name}${scripts ? "" : "-no-scripts"}`);
        await signIn(page, button, site.url(name) + wanted, scripts);
        await context.close();
      });

      if (gadget) {
        test(`the button is in the dashboard's gadget, ${how}`, async () => {
          const context = await browser.newContext({ javaScriptEnabled: scripts });
          const page = await context.newPage();
          await page.goto(`${site.url(name)}/secure/Dashboard.jspa`);
          const framed = gadget === "#gadget-0";
          const inside = framed ? page.frameLocator(gadget) : page;
          const button = inside.getByRole("link", { name: "Company account" });
          await button.waitFor();
          assert.equal(await button.count(), 1);
          if (framed) assert.equal(await page.locator(".samlgate-login").count(), 0);
          const there = framed ? `${site.url(name)}/` : `${site.url(name)}/secure/Dashboard.jspa`;
          await signIn(page, button, there, scripts);
          await context.close();
        });
      }
    }
  });
}

test("who enrolled for a second step at the app is told so", async () => {
  await site.control("confluence10-tsv", "PUT", "/second-step/gonzo");
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${site.url("confluence10-tsv")}/display/DEMO`);
  await page.getByRole("link", { name: "Company account" }).click();
  await page.locator("button[name=person][value=gonzo]").click();
  await page.waitForURL(/servlet\/saml\/open/);
  assert.match(await page.locator("main").textContent(), /second step/);
  assert.equal((await site.attempts())[0].code, "app_second_step");
});
