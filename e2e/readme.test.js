// What the README tells a newcomer to do, done to the letter: its files are written and its commands
// typed in the order in which they stand, in an empty folder, by a shell. What the newcomer does
// elsewhere (in Jira, at the IdP, in a browser) is done there with the README's own values.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import https from "node:https";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { launch } from "./lib/browser.js";
import { makeCertificate } from "./lib/certificate.js";
import { request } from "./lib/http.js";
import { Running, freePorts, program, run, temporaryFolder } from "./lib/process.js";
import { startSimpleSamlPhp } from "./lib/simplesamlphp.js";

const readme = readFileSync(path.resolve(import.meta.dirname, "../README.md"), "utf8");
const folder = temporaryFolder();
const bin = temporaryFolder();
const password = "what Jira's administrator chose";
let port, section, steps, server, double, idp, browser;

/** What differs here from the newcomer's machines: ports that need no rights, an IdP, its kind. */
function onThisMachine(text) {
  const there = {
    'public = "0.0.0.0:443"': `public = "127.0.0.1:${port}"`,
    "127.0.0.1:9090": `127.0.0.1:${port + 1}`,
    "127.0.0.1:9095": `127.0.0.1:${port + 2}`,
    "127.0.0.1:8080": `127.0.0.1:${port + 3}`,
    "https://idp.example.com/metadata": `http://127.0.0.1:${port + 5}/saml2/idp/metadata.php`,
    "--preset entra": "--preset simplesamlphp",
  };
  for (const [theirs, ours] of Object.entries(there)) {
    assert.ok(text.includes(theirs), `the README has ${theirs}`);
    text = text.replaceAll(theirs, ours);
  }
  return text;
}

/** The numbered steps, each with its blocks of code and the text around them. */
function read(text) {
  return text.split(/^(?=\d+\. )/m).slice(1).map((step, index) => {
    assert.ok(step.startsWith(`${index + 1}. `), `step ${index + 1}: ${step.slice(0, 40)}`);
    const blocks = [...step.matchAll(/^( +)```(\w+)\n(.*?)^\1```$/gms)];
    const code = blocks.map(([, indent, language, lines]) => ({
      language,
      text: lines.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }));
    return { code, says: step.replaceAll(/\s+/g, " ") };
  });
}

/** Types a block's commands, one after the other; gives what they print. */
async function type(block) {
  assert.equal(block.language, "sh");
  const done = await run("bash", ["-e", "-c", block.text], { cwd: folder, input: `${password}\n`, env: shell() });
  assert.equal(done.code, 0, `${block.text}${done.stdout}${done.stderr}`);
  assert.equal(done.stderr, "", block.text);
  return done.stdout;
}

/** The newcomer's environment; `samlgate` is in a folder of the PATH. */
const shell = () => ({ ...process.env, PATH: `${bin}:${process.env.PATH}`, SAMLGATE_CONFIG: undefined });

before(async () => {
  port = await freePorts(6);
  section = /^## Put it before your own Jira\n(.*?)^## /ms.exec(readme)[1];
  steps = read(onThisMachine(section));
  symlinkSync(program("samlgate"), path.join(bin, "samlgate"));
  const args = [`MAP jira.example.com:443 127.0.0.1:${port}`, "EXCLUDE localhost"].join(", ");
  browser = await launch([`--host-resolver-rules=${args}`]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await double?.stop();
  await idp?.stop();
});

test("steps 1 to 3: an empty folder with the two files and the certificate is enough to start", async () => {
  const profile = /cargo build --profile (\w+) -p samlgate/.exec(steps[0].says)[1];
  const manifest = readFileSync(path.resolve(import.meta.dirname, "../Cargo.toml"), "utf8");
  assert.ok(manifest.includes(`[profile.${profile}]`) && steps[0].says.includes(`target/${profile}/samlgate`));
  assert.deepEqual(readdirSync(folder), []);
  const [file] = steps[1].code;
  assert.equal(file.language, "toml");
  writeFileSync(path.join(folder, "samlgate.toml"), file.text);
  const key = /key_file = "(.*)"/.exec(file.text)[1];
  const certificate = /certificate_file = "(.*)"/.exec(file.text)[1];
  const made = await makeCertificate(folder, "tls", "jira.example.com");
  assert.deepEqual(made, { key: path.join(folder, key), certificate: path.join(folder, certificate) });

  const [check, serve] = steps[2].code[0].text.trim().split("\n");
  const found = await type({ language: "sh", text: check });
  assert.equal(serve, "samlgate serve");
  server = new Running("bash", ["-c", `exec ${serve}`], { cwd: folder, env: shell() });
  await server.line(/samlgate console-link/);
  const [link] = /http\S+/.exec(await type({ language: "sh", text: "samlgate console-link" }));
  for (const listener of [
    `https://127.0.0.1:${port}/`,
    `http://127.0.0.1:${port + 1}/`,
    `http://127.0.0.1:${port + 2}/crowd`,
  ]) {
    assert.ok(found.includes(listener), `check: ${listener} in ${found}`);
    assert.ok(server.output.includes(listener), `serve: ${listener} in ${server.output}`);
  }
  const page = await browser.newPage();
  await page.goto(link);
  assert.match(await page.title(), /Samlgate/);
  await page.close();
});

test("steps 4 to 6: Jira gets its name, and its Crowd directory connects at the URL that is printed", async () => {
  await type(steps[3].code[0]);
  await type(steps[4].code[0]);
  const url = /server URL `([^`]+)`/.exec(steps[5].says)[1];
  assert.ok(server.output.includes(`${url}  (server URL`), server.output);
  double = new Running(
    program("samlgate-double"),
    [
      ...["jira", "--profile", "jira9", "--until-stdin-ends", "--listen", `127.0.0.1:${port + 3}`],
      ...["--public-url", "https://jira.example.com", "--crowd-url", url, "--crowd-application", "jira"],
      ...["--access-group", "jira-software-users"],
    ],
    { env: { ...process.env, SAMLGATE_DOUBLE_CROWD_PASSWORD: password } },
  );
  const [line] = await double.line(/^\{.*\}$/m);
  const control = `http://${JSON.parse(line).control_address}`;
  const synchronised = await fetch(`${control}/sync`, { method: "POST" });
  assert.ok(synchronised.ok, await synchronised.text());
  const command = /`(samlgate application list)`/.exec(steps[5].says)[1];
  const seen = await type({ language: "sh", text: command });
  assert.match(seen, /jira +loopback and the app's own address +\d{4}-\S+Z +\d{4}-/);
});

test("steps 7 and 8: what is shown is what the README names, and the IdP and Samlgate know each other", async () => {
  const shown = await type(steps[6].code[0]);
  const [, identifier] = /Identifier is `([^`]+)`/.exec(steps[6].says);
  const [, acs] = /Sign-on URL are both `([^`]+)`/.exec(steps[6].says);
  assert.match(shown, new RegExp(`Identifier +${identifier}\n`));
  assert.match(shown, new RegExp(`Reply URL +${acs}\n`));
  assert.match(shown, new RegExp(`Sign-on URL +${acs}\n`));
  const metadata = readFileSync(path.join(folder, "jira-metadata.xml"), "utf8");
  assert.ok(metadata.includes(`entityID="${identifier}"`) && metadata.includes(`Location="${acs}"`), metadata);
  const served = await request(port, { host: "jira.example.com", path: "/plugins/servlet/saml/metadata", secure: true });
  assert.equal(served.body, metadata, "the file is what a server gives");
  idp = await startSimpleSamlPhp(temporaryFolder(), port + 5, { [identifier]: { acs } });
  await type(steps[7].code[0]);
});

test("step 10: the button leads to the IdP and back, and Jira knows who came", async () => {
  await sleep(1000); // a running server takes settings over within a second
  const address = /open `([^`]+)`/.exec(steps[9].says)[1];
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
  await page.goto(address);
  await page.goto(`${address}login.jsp`);
  await page.locator(".samlgate-login a").click();
  await page.locator("#username").fill("camilla");
  await page.locator("#password").fill("secret");
  await page.locator("#submit_button, button[type=submit]").first().click();
  await page.waitForURL((url) => url.host === "jira.example.com" && !url.pathname.includes("/plugins/servlet/"));
  assert.match(await page.locator("body").textContent(), /Camilla the Chicken/);
  assert.match(await type(steps[9].code[0]), /camilla/);
});

test("the wrong protocol is answered and logged in words, and a certificate that is refused is logged", async () => {
  const plain = await request(port, { host: "jira.example.com" });
  assert.equal(plain.status, 400);
  assert.equal(plain.body, "This port speaks HTTPS: use https:// in place of http://.\n");
  for (const wrong of [port + 1, port + 2]) {
    const attempt = request(wrong, { host: "jira.example.com", secure: true });
    await assert.rejects(attempt, /wrong version number|packet length too long/);
  }
  const stranger = https.get({ port, host: "127.0.0.1", servername: "jira.example.com", agent: false });
  const [refused] = await once(stranger, "error");
  assert.match(refused.message, /self-signed certificate/);
  await server.line(/a client does not accept our TLS certificate/);
  await server.line(/a client spoke plain HTTP, but this port speaks TLS/);
  await server.line(/a client spoke TLS, but this port speaks plain HTTP/);
});

test("the commands of the last step and of the notes below it are known", async () => {
  const named = [...steps[10].says.matchAll(/`samlgate ([a-z]+)[^`]*`/g)];
  assert.deepEqual(named.map(([, command]) => command), ["attempts", "application", "backup", "restore"]);
  assert.match(await type({ language: "sh", text: "samlgate attempts --help" }), /--follow/);
  assert.match(await type({ language: "sh", text: "samlgate application set jira --allow 10.0.0.5" }), /10\.0\.0\.5/);
  mkdirSync(path.join(folder, "elsewhere"));
  await type({ language: "sh", text: "samlgate backup elsewhere/samlgate.backup" });
});
