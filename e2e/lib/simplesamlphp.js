// SimpleSAMLphp, a real IdP from Debian's packages, on PHP's own web server on loopback.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { makeCertificate } from "./certificate.js";
import { Running, listening } from "./process.js";

const code = "/usr/share/simplesamlphp";

/** People of this IdP; everybody's password is "secret". */
export const people = {
  camilla: {
    uid: "camilla",
    cn: "Camilla the Chicken",
    mail: "camilla@muppets.com",
    groups: ["jira-testgroup1", "jira-testgroup2"],
  },
  gonzo: { uid: "gonzo", cn: "Gonzo", mail: "gonzo@muppets.com", groups: [] },
  søren: { uid: "søren", cn: "Søren Ålborg", mail: "soren@muppets.com", groups: ["jira-testgroup1"] },
};

const php = (value) =>
  typeof value === "string"
    ? `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`
    : Array.isArray(value)
      ? `[${value.map(php).join(", ")}]`
      : value && typeof value === "object"
        ? `[${Object.entries(value)
            .map(([key, inner]) => `${php(key)} => ${php(inner)}`)
            .join(", ")}]`
        : String(value);

/** Starts an IdP that knows these service providers: `{ [entityId]: { acs } }`. */
export async function startSimpleSamlPhp(folder, port, serviceProviders, hosted = {}) {
  const at = (...parts) => path.join(folder, ...parts);
  for (const name of ["config", "metadata", "cert", "data", "log", "tmp", "sessions"]) {
    mkdirSync(at(name), { recursive: true });
  }
  await makeCertificate(at("cert"), "idp", "idp.localhost");
  const base = `http://idp.localhost:${port}/`;
  const file = (name, text) => writeFileSync(at(name), `<?php\n${text}\n`);
  file(
    "config/config.php",
    `$config = ${php({
      baseurlpath: base,
      certdir: `${at("cert")}/`,
      loggingdir: `${at("log")}/`,
      datadir: `${at("data")}/`,
      tempdir: at("tmp"),
      metadatadir: `${at("metadata")}/`,
      secretsalt: "only-for-tests-on-loopback",
      "auth.adminpassword": "only-for-tests-on-loopback",
      "technicalcontact_email": "nobody@localhost.localdomain",
      "enable.saml20-idp": true,
      "module.enable": { core: true, exampleauth: true, saml: true },
      "session.cookie.secure": false,
      "session.phpsession.savepath": at("sessions"),
      "store.type": "phpsession",
      "logging.handler": "file",
      "language.default": "en",
      "metadata.sources": [{ type: "flatfile" }],
    })};`,
  );
  /** Whoever signs in from now on is one of these. */
  const setPeople = (people) => {
    const entries = Object.entries(people).map(
      ([name, attributes]) =>
        `${php(`${name}:secret`)} => ${php(
          Object.fromEntries(Object.entries(attributes).map(([key, v]) => [key, [v].flat()])),
        )}`,
    );
    const source = `[${php("exampleauth:UserPass")}, ${entries.join(", ")}]`;
    file("config/authsources.php", `$config = ['people' => ${source}];`);
  };
  setPeople(people);
  /** Sets options of the IdP itself, beside those it was started with. */
  const host = (more) =>
    file(
      "metadata/saml20-idp-hosted.php",
      `$metadata['__DYNAMIC:1__'] = ${php({
        host: "__DEFAULT__",
        privatekey: "idp.key",
        certificate: "idp.crt",
        auth: "people",
        ...hosted,
        ...more,
      })};`,
    );
  host({});
  /** Takes these service providers instead of those before. */
  const know = (providers) => {
    const remote = Object.entries(providers).map(
      ([entityId, { acs, ...more }]) =>
        `$metadata[${php(entityId)}] = ${php({ AssertionConsumerService: acs, ...more })};`,
    );
    file("metadata/saml20-sp-remote.php", remote.join("\n"));
  };
  know(serviceProviders);
  const server = new Running("php", ["-d", "opcache.enable=0", "-S", `127.0.0.1:${port}`, "-t", path.join(code, "www")], {
    env: { ...process.env, SIMPLESAMLPHP_CONFIG_DIR: at("config") },
  });
  await listening(port);
  return {
    base,
    metadataUrl: `${base}saml2/idp/metadata.php`,
    /** Signs with a new key from now on; the old one is in the metadata no more. */
    changeKey: () => makeCertificate(at("cert"), "idp", "idp.localhost"),
    setPeople,
    know,
    host,
    stop: () => server.stop(),
    server,
  };
}
