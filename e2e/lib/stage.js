// The smallest place where somebody signs in: a double of Jira behind Samlgate, a double of an IdP,
// and Camilla, who may use Jira.

import { setTimeout as sleep } from "node:timers/promises";

import { claims, startIdp } from "./idp.js";
import { Installation } from "./installation.js";
import { freePorts, temporaryFolder } from "./process.js";

const auth = "/plugins/servlet/saml/auth";

/** Sets it up and starts it; `options` are those of an installation. */
export async function stage(options = {}) {
  const port = await freePorts(8);
  const site = new Installation(temporaryFolder(), port, options);
  const idp = await startIdp(port + 5, [site.url("jira")]);
  await site.start();
  await site.cli(["group", "add", "jira-software-users"]);
  await site.addDouble("jira", "jira9");
  await site.cli([
    ...["idp", "add", "company", "--metadata", `http://127.0.0.1:${port + 5}/metadata`],
    ...["--user-id", `attribute:${claims.account}`, "--user-groups", "jira-software-users"],
  ]);
  await site.cli(["user", "add", "camilla", "--full-name", "Camilla", "--email", "c@x", "--idp", "company"]);
  await site.cli(["group", "add-user", "jira-software-users", "camilla"]);
  await sleep(1000); // a running server takes settings over within a second
  const stop = async () => {
    await site.stop();
    await idp.stop();
  };
  return { site, port, host: `jira.localhost:${port}`, auth, stop };
}
