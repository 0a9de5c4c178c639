// The double of an IdP, as a process of its own, and the names of what it says of people.

import { Running, program } from "./process.js";

const microsoft = "http://schemas.microsoft.com/ws/2008/06/identity/claims";
const xmlsoap = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";

/** The attributes of its assertions. */
export const claims = {
  account: `${microsoft}/windowsaccountname`,
  fullName: `${xmlsoap}/name`,
  email: `${xmlsoap}/emailaddress`,
  role: `${microsoft}/role`,
};

/** Starts one at `http://NAME.localhost:PORT` that knows the apps at these addresses. */
export async function startIdp(port, apps, name = "idp") {
  const idp = new Running(program("samlgate-double"), [
    ...["idp", "--listen", `127.0.0.1:${port}`, "--public-url", `http://${name}.localhost:${port}`],
    "--until-stdin-ends",
    ...apps.flatMap((app) => {
      const replies = ["saml/auth", "samlsso"].map((of) => `${app}/plugins/servlet/${of}`);
      return ["--service-provider", `${app}/=${replies}`];
    }),
  ]);
  await idp.line(/^\{.*\}$/m);
  return idp;
}
