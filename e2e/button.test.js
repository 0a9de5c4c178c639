// The button on log-in pages: an app on a real Tomcat that compresses whatever it is asked, and a browser's parser
// as the judge of where the links stand.

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import zlib from "node:zlib";

import { launch } from "./lib/browser.js";
import { makeCertificate } from "./lib/certificate.js";
import { request } from "./lib/http.js";
import { Installation } from "./lib/installation.js";
import { freePorts, temporaryFolder } from "./lib/process.js";
import { startTomcat } from "./lib/tomcat.js";

const link = /<div class="samlgate-login">/g;
let site, tomcat, app, browser, port;

before(async () => {
  port = await freePorts(8);
  const folder = temporaryFolder();
  site = new Installation(folder, port);
  tomcat = await startTomcat(folder, [{ port: port + 4, host: "tomcat.localhost" }]);
  app = http.createServer((_, response) => {
    const { headers = {}, body } = app.page;
    response.writeHead(200, { "content-type": "text/html;charset=UTF-8", ...headers }).end(body);
  });
  app.listen(port + 5, "127.0.0.1");
  await once(app, "listening");
  const { certificate } = await makeCertificate(folder, "idp", "idp.localhost");
  for (const [name, context, upstream] of [["tomcat", "/jira", port + 4], ["pages", "", port + 5]]) {
    await site.cli([
      ...["app", "add", name, "--kind", "jira", "--public-url", `${site.url(name)}${context}`],
      ...["--upstream", `http://127.0.0.1:${upstream}`],
    ]);
  }
  await site.cli([
    ...["idp", "add", "company", "--entity-id", "https://idp.example.org/"],
    ...["--login-url", "https://idp.example.org/sso", "--certificate", certificate],
  ]);
  await site.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
  await tomcat?.stop();
  app?.close();
  app?.closeAllConnections();
});

const ofTomcat = (more = {}) =>
  request(port, { host: `tomcat.localhost:${port}`, path: "/jira/login.jsp", ...more });

test("a page that an app on Tomcat compresses unasked gets the button", async () => {
  const direct = await request(port + 4, { host: "tomcat.localhost", path: "/jira/login.jsp" });
  assert.equal(direct.headers["content-encoding"], "gzip", "it compresses unasked");
  for (const headers of [{}, { "accept-encoding": "gzip, deflate, br" }]) {
    const { status, headers: said, body } = await ofTomcat({ headers });
    assert.equal(status, 200);
    assert.equal(said["content-encoding"], undefined);
    assert.equal(body.match(link)?.length, 1, body.slice(0, 300));
    assert.ok(body.endsWith("</form></body></html>") && body.match(/Who are you/g).length === 500);
  }
});

test("HEAD says of a log-in page what GET would", async () => {
  const [head, get] = [await ofTomcat({ method: "HEAD" }), await ofTomcat()];
  for (const { headers } of [head, get]) for (const name of ["date", "transfer-encoding"]) delete headers[name];
  assert.equal(head.status, get.status);
  assert.deepEqual(head.headers, get.headers);
  assert.equal(head.body, "");
});

/** What comes of a page through the gateway. */
async function through(page) {
  app.page = page;
  return request(port, { host: `pages.localhost:${port}`, path: "/login.jsp" });
}

test("what cannot be unpacked passes as it came, and the log says so once", async () => {
  const html = '<html><head></head><body><form id="login-form"></form></body></html>';
  const packed = { br: zlib.brotliCompressSync(html), deflate: zlib.deflateRawSync(html) };
  for (const [coding, body] of Object.entries(packed)) {
    const answer = await through({ headers: { "content-encoding": coding }, body });
    assert.equal(answer.body.match(link)?.length, 1, coding);
  }
  for (let times = 0; times < 3; times++) {
    const answer = await through({ headers: { "content-encoding": "zstd" }, body: html });
    assert.deepEqual([answer.headers["content-encoding"], answer.body], ["zstd", html]);
  }
  const marked = Buffer.from(`\ufeff${html}`, "utf16le");
  app.page = { body: marked };
  const there = { host: "127.0.0.1", port, path: "/login.jsp", headers: { host: `pages.localhost:${port}` } };
  const [kept] = await once(http.get(there), "response");
  assert.ok(marked.equals(Buffer.concat(await kept.toArray())), "UTF-16 by its mark alone");
  await site.server.line(/got no button: it is in an encoding/, 5);
  assert.equal(site.server.output.match(/got no button: it came compressed/g).length, 1);
});

const form = '<form id="login-form"><input name="os_username"></form>';
/** Whole pages, and how the links must stand: before the form, somewhere else in sight, or not at all. */
const pages = [
  [`<head></head><body>${form}</body>`, "before"],
  [`<template>${form}</template>${form}`, "before"],
  [`<template><template></template>${form}</template></body>`, "seen"],
  [`<script>'${form}'</script>${form}`, "before"],
  [`<script><!-- <script> '</script>${form}' --></script>${form}`, "before"],
  [`<script><!-- <SCRIPT/ x </script\n>${form}--></script>${form}`, "before"],
  [`<script><!--> <script>${form}</script>${form}`, "before"],
  [`<script><!-- <script> </script> ${form}`, "none"],
  [`<script>if (1) {`, "none"],
  [`<!--!>${form}-->${form}`, "before"],
  [`<!---->${form}`, "before"],
  [`<!-- ${form}`, "none"],
  [`<a title="${form.replaceAll('"', "'")}">x</a>${form}`, "before"],
  [`<a title="`, "none"],
  [`<template>${form}`, "none"],
  [`<svg/><script>'${form}'</script>${form}`, "before"],
  [`<svg><title>${form}</title></svg>${form}`, "before"],
  [`<svg><style>${form}</style></svg>`, "seen"],
  [`<svg><![CDATA[ > </svg> ${form} ]]></svg>${form}`, "before"],
  [`<svg><foreignObject><script>'</svg>${form}'</script></foreignObject></svg>${form}`, "before"],
  [`<svg><p><script>'${form}'</script>${form}`, "before"],
  [`<math><mi><script>'</math>${form}'</script></mi></math>${form}`, "before"],
  [`<plaintext>${form}`, "none"],
  [`<textarea>${form}</textarea>${form}`, "before"],
  [`<noscript>${form}</noscript>${form}`, "before"],
];

/** What a browser makes of the links on a page. */
function judged() {
  const wrapped = document.querySelectorAll(".samlgate-login");
  const seen = [...wrapped].filter((links) => links.getClientRects().length && links.querySelector("a"));
  const text = document.documentElement.outerHTML;
  return {
    // Wherever else the text is, it is no link.
    swallowed: (text.match(/samlgate-login/g) ?? []).length - wrapped.length,
    hidden: wrapped.length - seen.length,
    seen: seen.length,
    before: seen.filter((links) => links.nextElementSibling?.id === "login-form").length,
  };
}

test("links stand where a browser shows them, or nowhere", async () => {
  const tab = await browser.newPage();
  for (const [body, where] of pages) {
    app.page = { body };
    await tab.goto(`http://pages.localhost:${port}/login.jsp`);
    const { swallowed, hidden, seen, before } = await tab.evaluate(judged);
    const found = before ? "before" : seen ? "seen" : "none";
    assert.deepEqual([swallowed, hidden, seen <= 1, found], [0, 0, true, where], body);
  }
});

/** Numbers that are the same in each run. */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pieces = [
  ...["<script>", "</script>", "<!--", "-->", "--!>", "<!-->", "<!", "-", "<script ", "</script\n>"],
  ...["<template>", "</template>", "<svg>", "</svg>", "<svg/>", "<math>", "<mi>", "</mi>", "</math>"],
  ...["<foreignObject>", "</foreignObject>", "<title>", "</title>", "<style>", "</style>", "<![CDATA[", "]]>"],
  ...["<p>", "</p>", "<div>", "</div>", "<g>", "</g>", "<desc>", "</desc>", "<a b='", "'", '"', ">", "<", "/"],
  ...["<textarea>", "</textarea>", "<noscript>", "</noscript>", "text", " ", "<head>", "</head>", "<body>"],
  ...["</body>", form, form, form],
];

test("on no page put together at random do links stand where nobody sees them", async () => {
  const tab = await browser.newPage();
  const next = random(Number(process.env.SEED ?? 20));
  let filled = 0;
  for (let round = 0; round < 60; round++) {
    const body = Array.from({ length: 1 + next(14) }, () => pieces[next(pieces.length)]).join("");
    app.page = { body };
    await tab.goto(`http://pages.localhost:${port}/login.jsp`);
    const { swallowed, hidden, seen } = await tab.evaluate(judged);
    assert.deepEqual([swallowed, hidden, seen <= 1], [0, 0, true], body);
    filled += seen;
  }
  assert.ok(filled > 20, `${filled} pages got links`);
});
