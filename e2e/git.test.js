// Bitbucket's HTTP access tokens: real git clones and pushes through the gateway as somebody whose
// passwords are refused.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { makeCertificate } from "./lib/certificate.js";
import { gitAt } from "./lib/git.js";
import { startGitServer } from "./lib/git-server.js";
import { form, request } from "./lib/http.js";
import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";

const token = `BBDC-${Buffer.concat([Buffer.from("012345678901:"), randomBytes(20)]).toString("base64")}`;
let site, server, folder, git;

before(async () => {
  const port = await freePorts(6);
  folder = temporaryFolder();
  git = gitAt(folder);
  site = new Installation(folder, port);
  server = await startGitServer(path.join(folder, "served"), port + 4, (name, secret) => name === "camilla" && secret === token);
  await git("-C", path.join(folder, "served"), "init", "--bare", "--initial-branch=main", "demo/app.git");
  await site.start();
  const { certificate } = await makeCertificate(folder, "idp", "idp.localhost");
  for (const [app, kind] of [["bitbucket", "bitbucket"], ["jira", "jira"]]) {
    await site.cli([
      ...["app", "add", app, "--kind", kind, "--public-url", site.url(app), "--upstream", `http://127.0.0.1:${port + 4}`],
    ]);
  }
  await site.cli([
    ...["idp", "add", "company", "--entity-id", "https://idp.example.org/"],
    ...["--login-url", "https://idp.example.org/sso", "--certificate", certificate],
  ]);
  await site.cli(["user", "add", "camilla", "--full-name", "Camilla", "--email", "c@x", "--idp", "company"]);
  await sleep(1000); // a running server takes settings over within a second
});

after(async () => {
  await site?.stop();
  await server?.stop();
});

const basic = (name, secret) => `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`;

function ask(app, target, { headers = {}, ...more } = {}) {
  const host = `${app}.localhost:${site.port}`;
  const authorization = basic("camilla", token);
  return request(site.port, { host, path: target, ...more, headers: { authorization, ...headers } });
}

const remote = (secret) => `http://camilla:${encodeURIComponent(secret)}@bitbucket.localhost:${site.port}/scm/demo/app.git`;

test("git clones and pushes with a Bitbucket token of a managed name", async () => {
  const here = path.join(folder, "here");
  await git("clone", "--quiet", remote(token), here);
  // More than git sends at once: in chunks, after a question.
  const large = randomBytes(3_000_000);
  writeFileSync(path.join(here, "large"), large);
  await git("-C", here, "add", "large");
  await git("-C", here, "commit", "--quiet", "--message", "A large file");
  await git("-C", here, "push", "--quiet", "origin", "HEAD:main");
  const there = path.join(folder, "there");
  await git("clone", "--quiet", remote(token), there);
  assert.ok(large.equals(readFileSync(path.join(there, "large"))));
  assert.ok(server.requests.some(({ method, name, path }) => method === "POST" && name === "camilla" && path.endsWith("git-receive-pack")));
});

test("a password of a managed name still gets git nowhere", async () => {
  const before = server.requests.filter(({ name }) => name).length;
  await assert.rejects(git("clone", remote("guess"), path.join(folder, "nowhere")), /403/);
  assert.equal(server.requests.filter(({ name }) => name).length, before, "the app hears of no password");
});

test("a token counts on git's and REST paths of Bitbucket, and nowhere else", async () => {
  for (const target of ["/scm/demo/app.git/info/lfs/objects/batch", "/rest/api/latest/projects", "/rest/git-lfs/x"]) {
    assert.notEqual((await ask("bitbucket", target)).status, 403, target);
  }
  const before = server.requests.length;
  const login = { method: "POST", headers: { "content-type": "application/json" }, body: '{"username":"camilla","password":"x"}' };
  const refused = [
    ask("bitbucket", "/projects"),
    ask("bitbucket", "/scm"),
    ask("bitbucket", "/%2573cm/x"),
    ask("bitbucket", "/rest/%252e%252e/projects"),
    ask("bitbucket", "/scm/%252e%252e%252fprojects"),
    ask("bitbucket", "/rest/tsv/1.0/authenticate", login),
    ask("bitbucket", "/rest/tsv/1.0/authenticate"),
    ask("bitbucket", "/rest/api/latest/projects?os_username=camilla&os_password=x"),
    ask("bitbucket", "/rest/api/latest/projects", form({ os_username: "camilla" })),
    ask("bitbucket", "/rest/api/latest/projects", { headers: { authorization: basic("camilla", "guess") } }),
    ask("bitbucket", "/rest/api/latest/projects", { headers: { authorization: basic("camilla", `${token}:`) } }),
    ask("bitbucket", "/rest/api/latest/projects", { headers: { authorization: [basic("camilla", token), basic("camilla", "guess")] } }),
    ask("jira", "/rest/api/2/myself"),
  ];
  for (const [at, answer] of (await Promise.all(refused)).entries()) {
    assert.equal(answer.status, 403, `${at}: ${answer.body}`);
  }
  assert.equal(server.requests.length, before);
});
