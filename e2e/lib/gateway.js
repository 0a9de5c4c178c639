// Samlgate at localhost as it stands before apps that other programs talk to, with TLS of its own or
// without.

import { appendFileSync, mkdirSync } from "node:fs";

import { makeTrustedCertificate } from "./certificate.js";
import { Installation } from "./installation.js";

/**
 * Starts it at `port` and the two after it. `apps` says which port of loopback serves a context path:
 * `{ "": 20001, "/git": 20002 }`.
 */
export async function startGateway(folder, port, apps, { tls }) {
  mkdirSync(folder, { recursive: true });
  const site = new Installation(folder, port, { level: "warn" });
  let authority;
  if (tls) {
    const made = await makeTrustedCertificate(folder, "tls", "localhost");
    authority = made.authority;
    appendFileSync(site.config, `[tls]\ncertificate_file = "${made.certificate}"\nkey_file = "${made.key}"\n`);
  }
  const origin = `${tls ? "https" : "http"}://localhost:${port}`;
  for (const [context, upstream] of Object.entries(apps)) {
    await site.cli([
      ...["app", "add", context.slice(1) || "root", "--kind", "other", "--public-url", `${origin}${context}`],
      ...["--upstream", `http://127.0.0.1:${upstream}`],
    ]);
  }
  await site.start();
  return { origin, port, authority, stop: () => site.stop(), said: () => site.server.output };
}
