// pysaml2, a real IdP of another make, in a process of its own on loopback.

import { writeFileSync } from "node:fs";
import path from "node:path";

import { makeCertificate } from "./certificate.js";
import { Running, listening, run } from "./process.js";
import { people } from "./simplesamlphp.js";

const root = path.resolve(import.meta.dirname, "..");
const namespaces = {
  md: "urn:oasis:names:tc:SAML:2.0:metadata",
  ds: "http://www.w3.org/2000/09/xmldsig#",
};

/** Starts an IdP that knows the service providers of these metadata documents. */
export async function startPysaml2(folder, port, serviceProviders) {
  const at = (name) => path.join(folder, name);
  const base = `http://pysaml2.localhost:${port}`;
  await makeCertificate(folder, "idp", "pysaml2.localhost");
  const metadata = serviceProviders.map((text, index) => {
    writeFileSync(at(`sp${index}.xml`), text);
    return at(`sp${index}.xml`);
  });
  const certificate = await run("openssl", ["x509", "-in", at("idp.crt"), "-outform", "PEM"]);
  const base64 = certificate.stdout.replace(/-----[^-]+-----|\s/g, "");
  const endpoint = (name, place) =>
    ["HTTP-Redirect", "HTTP-POST"]
      .map((binding) => `<md:${name} Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${base}${place}"/>`)
      .join("");
  writeFileSync(
    at("own.xml"),
    `<md:EntityDescriptor xmlns:md="${namespaces.md}" entityID="${base}/metadata"><md:IDPSSODescriptor ` +
      `protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" WantAuthnRequestsSigned="true">` +
      `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${namespaces.ds}"><ds:X509Data><ds:X509Certificate>` +
      `${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
      `${endpoint("SingleLogoutService", "/slo")}${endpoint("SingleSignOnService", "/sso")}` +
      `</md:IDPSSODescriptor></md:EntityDescriptor>`,
  );
  const server = new Running(path.join(root, ".venv/bin/python"), [path.join(root, "idp/pysaml2_idp.py")]);
  const known = Object.entries(people).map(([name, { uid, cn, mail }]) => [name, { uid, cn, mail }]);
  server.child.stdin.end(
    JSON.stringify({
      ...{ base, port, metadata, people: Object.fromEntries(known) },
      ...{ key: at("idp.key"), certificate: at("idp.crt"), own_metadata: at("own.xml") },
    }),
  );
  try {
    await listening(port);
  } catch (error) {
    throw new Error(`${error.message}: ${server.output}`);
  }
  return { base, metadataUrl: `http://127.0.0.1:${port}/metadata`, stop: () => server.stop(), server };
}
