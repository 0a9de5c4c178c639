// Signing in and out with Keycloak, a real IdP, set up as its guide says: the guide's commands are typed
// as they stand there, and its tables are what is entered in Keycloak or found there.

import assert from "node:assert/strict";
import { readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { launch } from "./lib/browser.js";
import { Guide } from "./lib/guide.js";
import { request } from "./lib/http.js";
import { Installation } from "./lib/installation.js";
import { enterPassword, startKeycloak, version } from "./lib/keycloak.js";
import { freePorts, program, run, temporaryFolder } from "./lib/process.js";

const prefix = "/plugins/servlet/saml";
let site, idp, browser, wanted, client;

before(async () => {
  const port = await freePorts(8);
  site = new Installation(temporaryFolder(), port);
  symlinkSync(program("samlgate"), path.join(site.folder, "samlgate"));
  idp = await startKeycloak(temporaryFolder(), port + 5, ["jira.localhost"]);
  await site.start();
  await site.addDouble("jira", "jira9");
  for (const name of ["jira-software-users", "jira-testgroup1"]) await site.cli(["group", "add", name]);
  wanted = `${site.url("jira")}/browse/DEMO-1`;
  client = `${site.url("jira")}/`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
  await idp?.stop();
});

/** A text of the guide with the addresses of this test. */
const here = (text) =>
  text
    .replaceAll("https://keycloak.example.com/realms/REALM/protocol/saml/descriptor", idp.metadataUrl)
    .replaceAll("https://keycloak.example.com/realms/REALM", idp.realmUrl)
    .replaceAll("https://jira.example.com", site.url("jira"));
const guide = new Guide("idp/keycloak.md", here);

/** Types the guide's command that begins so; a running server takes it over within a second. */
async function type(start, change = (command) => command) {
  const command = change(guide.command(start));
  const env = { ...process.env, PATH: `${site.folder}:${process.env.PATH}`, SAMLGATE_CONFIG: site.config };
  const done = await run("bash", ["-e", "-c", command], { cwd: site.folder, env });
  assert.equal(done.code, 0, `${command}: ${done.stdout}${done.stderr}`);
  await sleep(1200);
  return done.stdout;
}

/** What the guide does not have. */
async function set(...args) {
  await site.cli(["idp", "set", "keycloak", ...args]);
  await sleep(1200);
}

const visitor = async () => {
  const page = await (await browser.newContext()).newPage();
  page.answers = [];
  page.on("request", (asked) => {
    const sent = /^SAMLResponse=([^&]+)/.exec(asked.url().endsWith(`${prefix}/auth`) ? (asked.postData() ?? "") : "");
    if (sent) page.answers.push(Buffer.from(decodeURIComponent(sent[1]), "base64").toString());
  });
  return page;
};
const text = (page) => page.locator("body").textContent();

async function toKeycloak(page) {
  await page.goto(wanted);
  await page.getByRole("link", { name: "Login with keycloak" }).click();
}

async function signIn(person = "camilla") {
  const page = await visitor();
  await toKeycloak(page);
  await enterPassword(page, person);
  await page.waitForURL(wanted);
  assert.equal(await page.locator("#user-name").textContent(), person);
  return page;
}

/** Keycloak refuses the request before it asks who is there. */
async function assertRefusedThere() {
  const page = await visitor();
  await toKeycloak(page);
  assert.match(await text(page), /Invalid requester/);
}

async function assertSignedOut(page) {
  await page.goto(wanted);
  assert.match(page.url(), /login/, "Jira still knows the browser");
}

async function assertCode(code) {
  const page = await visitor();
  await toKeycloak(page);
  await enterPassword(page, "camilla");
  await page.waitForURL(new RegExp(`${prefix}/auth`));
  assert.match(await text(page), /Signing in did not work/);
  assert.equal((await site.attempts())[0].code, code);
}

const metadata = async (query = "") =>
  (await request(site.port, { host: new URL(site.url("jira")).host, path: `${prefix}/metadata${query}` })).body;

const onOff = (value) => (String(value) === "true" ? "On" : "Off");

/** The console's fields of a client. */
const shown = ({ clientId, redirectUris, frontchannelLogout, attributes: of }) => ({
  "Settings, Client ID": clientId,
  "Settings, Valid redirect URIs": redirectUris.join(", "),
  "Settings, Name ID format": of.saml_name_id_format,
  "Settings, Force POST binding": onOff(of["saml.force.post.binding"]),
  "Settings, Include AuthnStatement": onOff(of["saml.authnstatement"]),
  "Settings, Sign documents": onOff(of["saml.server.signature"]),
  "Settings, Sign assertions": onOff(of["saml.assertion.signature"]),
  "Settings, Signature algorithm": of["saml.signature.algorithm"],
  "Settings, Canonicalization method": { [exclusive]: "EXCLUSIVE" }[of.saml_signature_canonicalization_method],
  "Settings, Front channel logout": onOff(frontchannelLogout),
  "Keys, Client signature required": onOff(of["saml.client.signature"]),
  "Keys, Encrypt assertions": onOff(of["saml.encrypt"]),
  "Advanced, Logout Service POST Binding URL": of.saml_single_logout_service_url_post,
  "Advanced, Logout Service Redirect Binding URL": of.saml_single_logout_service_url_redirect,
  "Advanced, Logout Service SOAP Binding URL": of.saml_single_logout_service_url_soap ?? "empty",
});

const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
const inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

test("the guide is of the version tested, and its words are those of Keycloak's console", async () => {
  assert.ok(guide.text.includes(`Keycloak ${version}`));
  const answer = await fetch(`http://127.0.0.1:${idp.port}/resources/master/admin/en`);
  const words = new Set((await answer.json()).map(({ value }) => value));
  const mappers = (await idp.ask("GET", "/../../serverinfo")).protocolMapperTypes.saml;
  for (const { name, properties } of mappers) [name, ...properties.map(({ label }) => label)].forEach((word) => words.add(word));
  const unknown = guide.italics.filter((word) => !words.has(word) && !word.endsWith("-dedicated"));
  assert.ok(guide.italics.length > 40);
  assert.deepEqual(unknown, [], "the console has no such word");
});

test("steps 1 to 4: the guide's commands and its tables are enough to sign in", async () => {
  const early = await idp.ask("POST", "/client-description-converter", await metadata());
  await type("idp add keycloak");
  await type("app show jira --metadata");
  const file = readFileSync(path.join(site.folder, "jira-metadata.xml"), "utf8");
  const imported = await idp.importClient(file);
  const late = await idp.ask("POST", "/client-description-converter", file);
  assert.deepEqual(early, late, "the client may come first");
  const fields = shown(imported);
  assert.deepEqual(guide.table("tab, field"), Object.entries(fields), "what the import sets");
  for (const [mapper, from, name] of guide.table("mapper")) {
    const [type, path] = mapper.split(", ");
    const config = type === "Group list" ? { "full.path": String(path === "Full group path On") } : { "user.attribute": from };
    await idp.addMapper(client, type, { ...config, "attribute.name": name });
  }
  await set("--user-groups", "jira-software-users");
  const roles = await signIn("gonzo");
  assert.match(roles.answers[0], /Name="Role"/);
  await idp.removeScope(client, "role_list");
  const page = await signIn();
  assert.doesNotMatch(page.answers[0], /Name="Role"/);
  const user = await site.cli(["user", "show", "camilla"]);
  assert.match(user, /full name +Camilla Chicken\n/);
  assert.match(user, /email +camilla@muppets.com\n/);
  assert.match(user, /the IdP names it by groups = jira-testgroup1,/);
  assert.match(await type("attempts"), /camilla/);
});

test("requests come by form, too, and unsigned ones are refused until Keycloak allows them", async () => {
  await type("idp set keycloak --request-binding post");
  await signIn();
  await set("--request-binding", "redirect", "--sign-requests=false");
  await assertRefusedThere();
  await idp.changeClient(client, { "saml.client.signature": "false" });
  await signIn();
  await idp.changeClient(client, { "saml.client.signature": "true" });
  await set("--sign-requests");
});

test("ForceAuthn asks for the password again", async () => {
  const page = await signIn();
  const forget = () => page.context().clearCookies({ domain: "jira.localhost" });
  await forget();
  await toKeycloak(page);
  await page.waitForURL(wanted);
  await type("idp set keycloak --force-authn");
  await forget();
  await toKeycloak(page);
  await page.locator("#password").fill("secret");
  await page.locator("#kc-login").click();
  await page.waitForURL(wanted);
  await set("--force-authn=false");
});

test("groups with their full path count by the last part, or by the path", async () => {
  await idp.changeMapper(client, "groups", { "full.path": "true" });
  await site.cli(["group", "remove", "jira-testgroup1"]);
  await site.cli(["group", "add", "jira-testgroup1"]);
  await signIn();
  assert.doesNotMatch(await site.cli(["user", "show", "camilla"]), /jira-testgroup1/);
  await type("idp set keycloak --strip-group-path");
  for (const single of ["true", "false"]) {
    await idp.changeMapper(client, "groups", { single });
    await signIn();
    assert.match(await site.cli(["user", "show", "camilla"]), /by groups = \/jira\/jira-testgroup1,/);
  }
});

test("a full name of its own is kept and sent once the realm's user profile has it", async () => {
  const [user] = await idp.ask("GET", "/users?username=camilla");
  const place = `/users/${user.id}`;
  const named = { ...user, attributes: { displayName: ["Camilla the Chicken"] } };
  await idp.addMapper(client, "User Attribute", { "user.attribute": "displayName", "attribute.name": "displayName" });
  await idp.ask("PUT", place, named);
  assert.equal((await idp.ask("GET", place)).attributes, undefined, "Keycloak does not keep it");
  const profile = await idp.ask("GET", "/users/profile");
  profile.attributes.push({ name: "displayName", permissions: { view: ["admin"], edit: ["admin"] } });
  await idp.ask("PUT", "/users/profile", profile);
  await idp.ask("PUT", place, named);
  await type("idp set keycloak --full-name displayName");
  await signIn();
  assert.match(await site.cli(["user", "show", "camilla"]), /full name +Camilla the Chicken\n/);
});

test("logging out of Jira signs out at Keycloak, and Keycloak's log-out ends Jira's session", async () => {
  await type("idp set keycloak --single-signout");
  for (const binding of ["redirect", "post"]) {
    await set("--logout-binding", binding);
    const page = await signIn();
    await page.locator("#log_out").click();
    await page.getByText("signed out of jira and of your company account").waitFor();
    await assertSignedOut(page);
    await toKeycloak(page);
    await page.locator("#username").waitFor();
  }
  const page = await signIn();
  await logOutThere(page);
  await assertSignedOut(page);
  await idp.changeClient(client, { "saml.server.signature": "false" });
  const stays = await signIn();
  await logOutThere(stays, /Nothing was changed/);
  await stays.goto(wanted);
  assert.equal(await stays.locator("#user-name").textContent(), "camilla", "unsigned, it ends nothing");
  await idp.changeClient(client, { "saml.server.signature": "true" });
});

async function logOutThere(page, says = "You are logged out") {
  await page.goto(`${idp.realmUrl}/protocol/openid-connect/logout`);
  await page.locator("#kc-logout").click();
  await page.getByText(says).first().waitFor();
}

test("an administrator's log-out reaches Jira without a browser, when the front channel is off", async () => {
  const [{ id }] = await idp.ask("GET", "/users?username=camilla");
  const stays = await signIn();
  await idp.ask("POST", `/users/${id}/logout`);
  await stays.goto(wanted);
  assert.equal(await stays.locator("#user-name").textContent(), "camilla", "the front channel needs the browser");
  await idp.changeClient(client, {}, { frontchannelLogout: false });
  const page = await signIn();
  await idp.ask("POST", `/users/${id}/logout`);
  await assertSignedOut(page);
  const other = await signIn();
  await logOutThere(other);
  await assertSignedOut(other);
  const { saml_single_logout_service_url_post: address } = (await idp.client(client)).attributes;
  await idp.changeClient(client, { saml_single_logout_service_url_soap: address });
  const deaf = await signIn();
  await idp.ask("POST", `/users/${id}/logout`);
  await deaf.goto(wanted);
  assert.equal(await deaf.locator("#user-name").textContent(), "camilla", "no SOAP is spoken");
  await idp.changeClient(client, { saml_single_logout_service_url_soap: "" }, { frontchannelLogout: true });
});

test("a sign-in that Keycloak begins is refused until it is allowed, and leads to its page", async () => {
  const [address] = /\S+\/protocol\/saml\/clients\/jira/.exec(here(guide.text).replaceAll("`", " "));
  const page = /`(\/browse\/[^`]+)`/.exec(guide.text)[1];
  const begins = { saml_idp_initiated_sso_url_name: "jira", saml_idp_initiated_sso_relay_state: page };
  await idp.changeClient(client, begins);
  const refused = await visitor();
  await refused.goto(address);
  await enterPassword(refused, "camilla");
  await refused.waitForURL(new RegExp(`${prefix}/auth`));
  assert.match(await text(refused), /Signing in did not work/);
  await type("idp set keycloak --allow-unsolicited");
  const visits = await visitor();
  await visits.goto(address);
  await enterPassword(visits, "camilla");
  await visits.waitForURL(wanted);
  assert.equal(await visits.locator("#user-name").textContent(), "camilla");
  await set("--allow-unsolicited=false");
});

test("what the guide warns of is refused with the code that it names", async () => {
  for (const [change, code] of [
    [{ saml_signature_canonicalization_method: inclusive }, "transform_not_allowed"],
    [{ saml_signature_canonicalization_method: `${inclusive}#WithComments` }, "transform_not_allowed"],
    [{ saml_signature_canonicalization_method: exclusive, "saml.authnstatement": "false" }, "no_authn_statement"],
    [{ "saml.authnstatement": "true", "saml.signature.algorithm": "RSA_SHA1" }, "sha1_not_allowed"],
  ]) {
    assert.ok(guide.text.includes(`\`${code}\``));
    await idp.changeClient(client, change);
    await assertCode(code);
  }
  await idp.changeClient(client, { "saml.signature.algorithm": "RSA_SHA256" });
});

test("the realm changes its key, with both in its metadata, and nobody notices", async () => {
  const keys = async () => JSON.parse(await site.cli(["idp", "keys", "keycloak", "--json"]));
  const [old] = await keys();
  await idp.addKey(200);
  const { body } = await request(idp.port, { path: new URL(idp.metadataUrl).pathname, host: `127.0.0.1:${idp.port}` });
  assert.equal(body.match(/KeyDescriptor use="signing"/g).length, 2);
  await signIn();
  const now = await keys();
  assert.equal(now.length, 2, "the old one is still published");
  const used = now.find(({ key_sha256 }) => key_sha256 !== old.key_sha256);
  const verified = (await site.attempts())[0].timeline.find(({ step }) => step === "verified");
  assert.ok(verified.text.includes(used.key_sha256), verified.text);
  await idp.removeFirstKeys();
  await signIn();
});

test("assertions are encrypted for the key that Keycloak finds in our metadata", async () => {
  await type("idp set keycloak --publish-encryption-key");
  const read = await idp.ask("POST", "/client-description-converter", await metadata("?idp=keycloak"));
  assert.equal(read.attributes["saml.encrypt"], "true", "imported now, it would be on");
  const address = /`(https:\S+metadata\?idp=keycloak)`/.exec(guide.text)[1];
  await idp.changeClient(client, {
    "saml.useMetadataDescriptorUrl": "true",
    "saml.metadataDescriptorUrl": here(address),
    "saml.encrypt": "true",
  });
  const page = await signIn();
  assert.match(page.answers[0], /EncryptedAssertion/);
  await logOutThere(page);
  await assertSignedOut(page);
});

test("our key changes without a gap where Keycloak reads our metadata", async () => {
  const rotated = await type("sp-key rotate");
  const id = /sp-key activate (\w+)/.exec(rotated)[1];
  await idp.ask("POST", "/clear-keys-cache");
  await signIn();
  await type("sp-key activate ID", (command) => command.replace("ID", id));
  await signIn();
});

test("else Keycloak takes the certificate that is shown, or the last in our metadata, which signs", async () => {
  const manual = { "saml.useMetadataDescriptorUrl": "false", "saml.encrypt": "false" };
  await idp.changeClient(client, manual);
  await assertRefusedThere();
  await idp.importKey(client, await type("sp-key list --pem"));
  await signIn();
  for (const state of ["published", "signs"]) {
    const keys = JSON.parse(await site.cli(["sp-key", "list", "--json"]));
    if (state === "signs") {
      await site.cli(["sp-key", "activate", keys.find((key) => key.state === "published").id]);
      await sleep(1200);
    }
    const file = await metadata("?idp=keycloak");
    assert.equal(file.match(/use="signing"/g).length, 2);
    await idp.removeClient(client);
    await idp.importClient(file, { "saml.encrypt": "false" });
    await signIn();
  }
});

test("every command of the guide was typed", () => {
  assert.deepEqual([...guide.left], []);
});
