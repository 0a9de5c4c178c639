// A real IdP changes its key while people sign in: nobody notices, unless the administrator wants
// to see each new key first.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { launch } from "./lib/browser.js";
import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { startSimpleSamlPhp } from "./lib/simplesamlphp.js";

describe("the IdP changes its key", () => {
  let site, idp, browser;

  before(async () => {
    const port = await freePorts(8);
    site = new Installation(temporaryFolder(), port);
    const acs = { acs: `${site.url("jira")}/plugins/servlet/saml/auth` };
    idp = await startSimpleSamlPhp(temporaryFolder(), port + 5, { [`${site.url("jira")}/`]: acs });
    await site.start();
    await site.addDouble("jira", "jira9");
    await site.cli(["group", "add", "jira-software-users"]);
    await site.cli([
      ...["idp", "add", "company", "--metadata", idp.metadataUrl.replace("idp.localhost", "127.0.0.1")],
      ...["--preset", "simplesamlphp", "--create-users", "--user-groups", "jira-software-users"],
    ]);
    await sleep(1000); // a running server takes settings over within a second
    browser = await launch();
  });

  after(async () => {
    await browser?.close();
    await site?.stop();
    await idp?.stop();
  });

  /** Signs in anew in a browser of its own; gives what the last page says. */
  async function signIn(person) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${site.url("jira")}/browse/DEMO-1`);
    await page.getByRole("link", { name: "Login with company" }).click();
    await page.locator("#username").fill(person);
    await page.locator("#password").fill("secret");
    await page.locator("#submit_button, button[type=submit]").first().click();
    await page.waitForURL(new RegExp(`^${site.url("jira")}/`));
    const name = page.locator("#user-name");
    const said = (await name.count()) ? await name.textContent() : await page.locator("body").textContent();
    await context.close();
    return said;
  }

  const keys = async () => JSON.parse(await site.cli(["idp", "keys", "company", "--json"]));

  test("the next sign-in works, and the old key is forgotten", async () => {
    assert.equal(await signIn("camilla"), "camilla");
    const [old] = await keys();
    await idp.changeKey();
    assert.equal(await signIn("gonzo"), "gonzo");
    const [now, ...more] = await keys();
    assert.deepEqual(more, []);
    assert.notEqual(now.key_sha256, old.key_sha256);
    assert.equal(now.origin, "metadata");
    const [attempt] = await site.attempts();
    assert.equal(attempt.outcome, "opened");
  });

  test("a key that waits for approval is refused with a clear reason until it is approved", async () => {
    await site.cli(["idp", "set", "company", "--approve-new-keys"]);
    await site.server.stop(); // a node reads metadata for a failed signature once in a minute
    await site.start();
    await idp.changeKey();
    assert.match(await signIn("søren"), /did not work/);
    const [attempt] = await site.attempts();
    assert.equal(attempt.code, "signature_invalid");
    assert.match(attempt.detail, /names a new key, which waits for approval/);
    const waiting = (await keys()).find((key) => key.origin === "WAITING");
    assert.equal(waiting.trusted, false);
    assert.match(await site.cli(["idp", "show", "company"]), /1 new key waits for approval/);

    await site.cli(["idp", "approve", "company", waiting.certificate_sha256.slice(0, 16)]);
    await sleep(1000);
    assert.equal(await signIn("søren"), "søren");
  });

  test("a refresh is shown before it is made, and a failure changes nothing", async () => {
    await site.cli(["idp", "set", "company", "--approve-new-keys=false"]);
    await idp.changeKey();
    const before = await keys();
    const shown = await site.cli(["idp", "refresh", "company", "--dry-run"]);
    assert.match(shown, /this would change; nothing is stored/);
    assert.match(shown, /\+ metadata\.keys: certificate [0-9a-f]{16}, CN=idp\.localhost/);
    assert.deepEqual(await keys(), before);
    await idp.stop();
    const failed = await site.tryCli(["idp", "refresh", "company"]);
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /cannot be reached/);
    assert.deepEqual(await keys(), before);
    assert.match(await site.cli(["idp", "show", "company"]), /it failed: .*cannot be reached/);
  });
});
