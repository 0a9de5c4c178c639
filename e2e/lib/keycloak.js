// Keycloak, a real IdP from Maven Central, on loopback, with a realm that lives in its memory. What an
// administrator does in its console is done here by the calls that the console makes.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { Running, listening, run } from "./process.js";

export const version = "26.7.3";

/** People of its realm; everybody's password is "secret". */
const people = {
  camilla: { firstName: "Camilla", lastName: "Chicken", email: "camilla@muppets.com", groups: ["/jira/jira-testgroup1"] },
  gonzo: { firstName: "Gonzo", lastName: "the Great", email: "gonzo@muppets.com", groups: [] },
};

const realm = "company";
const kept = path.resolve(import.meta.dirname, "../.keycloak");

// It starts once and answers few people: what the compiler would make faster later is not worth it.
const java = { JAVA_OPTS_KC_HEAP: "-Xms64m -Xmx256m", JAVA_OPTS_APPEND: "-XX:TieredStopAtLevel=1" };

/** The folder with Keycloak, built for a database in memory: fetched and built when it is not there. */
async function distribution() {
  const ready = path.join(kept, version);
  if (existsSync(ready)) return ready;
  const unpacked = path.join(kept, `unpacked.${process.pid}`);
  mkdirSync(unpacked, { recursive: true });
  const succeeds = async (command, args, options) => {
    const done = await run(command, args, options);
    assert.equal(done.code, 0, `${command} ${args.join(" ")}: ${done.stdout}${done.stderr}`);
  };
  // Maven keeps the archive in ~/.m2; where it works it leaves a note of what it has unpacked.
  const artifact = [`-Dartifact=org.keycloak:keycloak-quarkus-dist:${version}:zip`, `-DoutputDirectory=${unpacked}`];
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack";
  await succeeds("mvn", ["-B", "-q", "-ntp", goal, ...artifact], { cwd: unpacked });
  const made = path.join(unpacked, `keycloak-${version}`);
  await succeeds(path.join(made, "bin/kc.sh"), ["build", "--db=dev-mem"], { env: { ...process.env, ...java } });
  renameSync(made, ready);
  rmSync(unpacked, { recursive: true });
  return ready;
}

/** Starts Keycloak; `hosts` are names of loopback that it calls by itself. */
export async function startKeycloak(folder, port, hosts) {
  const built = await distribution();
  const at = (name) => path.join(folder, name);
  // A home of its own around what was built: nothing of a run is there in the next one.
  for (const name of ["bin", "data/import"]) mkdirSync(at(name), { recursive: true });
  copyFileSync(path.join(built, "bin/kc.sh"), at("bin/kc.sh"));
  for (const name of ["conf", "lib", "providers", "themes"]) symlinkSync(path.join(built, name), at(name));
  writeFileSync(at(`data/import/${realm}-realm.json`), JSON.stringify(realmFile()));
  writeFileSync(at("hosts"), `127.0.0.1 localhost keycloak.localhost ${hosts.join(" ")}\n`);
  const base = `http://keycloak.localhost:${port}`;
  const password = randomBytes(18).toString("base64url");
  const server = new Running(
    at("bin/kc.sh"),
    [
      ...["start", "--optimized", "--import-realm", "--http-enabled=true", `--hostname=${base}`],
      ...["--http-host=127.0.0.1", `--http-port=${port}`, "--cache=local"],
    ],
    {
      env: {
        ...process.env,
        ...java,
        JAVA_OPTS_APPEND: `${java.JAVA_OPTS_APPEND} -Djdk.net.hosts.file=${at("hosts")}`,
        KC_BOOTSTRAP_ADMIN_USERNAME: "admin",
        KC_BOOTSTRAP_ADMIN_PASSWORD: password,
      },
    },
  );
  try {
    await server.line(/Listening on: /, 150);
    await listening(port);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return new Keycloak(server, port, base, password);
}

function realmFile() {
  const users = Object.entries(people).map(([username, person]) => ({
    ...{ username, ...person, enabled: true, emailVerified: true },
    credentials: [{ type: "password", value: "secret" }],
    realmRoles: [`default-roles-${realm}`],
  }));
  const groups = [{ name: "jira", subGroups: [{ name: "jira-testgroup1" }] }];
  return { realm, enabled: true, users, groups };
}

class Keycloak {
  constructor(server, port, base, password) {
    Object.assign(this, { server, port, base, password });
    this.realmUrl = `${base}/realms/${realm}`;
    /** Where programs of this machine read it, which know no names below localhost. */
    this.metadataUrl = `http://127.0.0.1:${port}/realms/${realm}/protocol/saml/descriptor`;
  }

  stop() {
    return this.server.stop();
  }

  /** A call of the administration; gives what the answer holds. */
  async ask(method, place, body) {
    const headers = { authorization: `Bearer ${await this.token()}` };
    if (typeof body === "string") headers["content-type"] = "text/plain";
    else if (body && !(body instanceof FormData)) {
      headers["content-type"] = "application/json";
      body = JSON.stringify(body);
    }
    const answer = await fetch(`http://127.0.0.1:${this.port}/admin/realms/${realm}${place}`, { method, headers, body });
    const said = await answer.text();
    assert.ok(answer.ok, `${method} ${place}: ${answer.status} ${said}`);
    return said && JSON.parse(said);
  }

  async token() {
    const answer = await fetch(`http://127.0.0.1:${this.port}/realms/master/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "password", client_id: "admin-cli", username: "admin", password: this.password }),
    });
    return (await answer.json()).access_token;
  }

  /** *Clients > Import client*: what the file says is shown, and saved as it is or as `change` has it. */
  async importClient(metadata, change = {}) {
    const read = await this.ask("POST", "/client-description-converter", metadata);
    await this.ask("POST", "/clients", { ...read, attributes: { ...read.attributes, ...change } });
    return this.client(read.clientId);
  }

  async client(clientId) {
    const [found] = await this.ask("GET", `/clients?clientId=${encodeURIComponent(clientId)}`);
    return found;
  }

  /** Sets attributes of a client, and what else it has. */
  async changeClient(clientId, attributes, more = {}) {
    const client = await this.client(clientId);
    const changed = { ...client, ...more, attributes: { ...client.attributes, ...attributes } };
    await this.ask("PUT", `/clients/${client.id}`, changed);
  }

  async removeClient(clientId) {
    await this.ask("DELETE", `/clients/${(await this.client(clientId)).id}`);
  }

  /** *Keys > Import key*, a certificate in PEM. */
  async importKey(clientId, pem) {
    const form = new FormData();
    form.set("keystoreFormat", "Certificate PEM");
    form.set("file", new Blob([pem]), "samlgate.pem");
    await this.ask("POST", `/clients/${(await this.client(clientId)).id}/certificates/saml.signing/upload-certificate`, form);
  }

  /** *Client scopes > dedicated > Add mapper*, by the mapper's name in the console. */
  async addMapper(clientId, type, config) {
    const types = (await this.ask("GET", "/../../serverinfo")).protocolMapperTypes.saml;
    const { id } = types.find(({ name }) => name === type);
    const mapper = { name: config["attribute.name"], protocol: "saml", protocolMapper: id, config };
    await this.ask("POST", `/clients/${(await this.client(clientId)).id}/protocol-mappers/models`, mapper);
  }

  /** Changes a mapper that is there, by the name of its SAML attribute. */
  async changeMapper(clientId, name, config) {
    const { id, protocolMappers } = await this.client(clientId);
    const mapper = protocolMappers.find((one) => one.name === name);
    const changed = { ...mapper, config: { ...mapper.config, ...config } };
    await this.ask("PUT", `/clients/${id}/protocol-mappers/models/${mapper.id}`, changed);
  }

  /** Takes a scope away that every client of the realm has by default. */
  async removeScope(clientId, scope) {
    const scopes = await this.ask("GET", "/client-scopes");
    const { id } = scopes.find(({ name }) => name === scope);
    await this.ask("DELETE", `/clients/${(await this.client(clientId)).id}/default-client-scopes/${id}`);
  }

  /** *Realm settings > Keys > Add provider > rsa-generated*: it signs from now on; the one before stays. */
  async addKey(priority) {
    const { id } = await this.ask("GET", "");
    await this.ask("POST", "/components", {
      ...{ name: `rsa-${priority}`, providerId: "rsa-generated", providerType: "org.keycloak.keys.KeyProvider" },
      ...{ parentId: id, config: { priority: [`${priority}`], enabled: ["true"], active: ["true"] } },
    });
  }

  /** Removes the realm's keys for signatures that `addKey` did not make. */
  async removeFirstKeys() {
    const providers = await this.ask("GET", "/components?type=org.keycloak.keys.KeyProvider");
    const first = providers.filter(({ name, providerId }) => providerId === "rsa-generated" && !/^rsa-\d+$/.test(name));
    for (const { id } of first) await this.ask("DELETE", `/components/${id}`);
  }
}

/** Signs in on Keycloak's page. */
export async function enterPassword(page, person) {
  await page.locator("#username").fill(person);
  await page.locator("#password").fill("secret");
  await page.locator("#kc-login").click();
}
