// An app of a few lines behind Samlgate's own TLS, for what happens between two ends of a wire.

import { readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import http2 from "node:http2";

import { makeCertificate } from "./certificate.js";
import { Installation } from "./installation.js";
import { Running, freePorts, listening, run, temporaryFolder } from "./process.js";

/** What `/big?BYTES` gives, at most. */
const piece = Buffer.alloc(1 << 16, "samlgate ");

/** The app: `/big?BYTES`, `/stall` which reads nothing, `/count` which reads all, else a few bytes. */
function answer(request, response) {
  const [path, query] = request.url.split("?");
  if (path === "/stall") return;
  if (path === "/count") {
    let bytes = 0;
    request.on("data", (data) => (bytes += data.length)).on("end", () => response.end(`${bytes}`));
    return;
  }
  if (path !== "/big") return void response.end("here\n");
  let left = Number(query);
  response.setHeader("content-length", left);
  const more = () => {
    while (left > 0) {
      const some = piece.subarray(0, Math.min(left, piece.length));
      left -= some.length;
      if (!response.write(some)) return void response.once("drain", more);
    }
    response.end();
  };
  more();
}

/** Starts both; `files` is the limit of open files, soft and hard, as `ulimit` takes them. */
export async function served({ files, binary } = {}) {
  const folder = temporaryFolder();
  const port = await freePorts(4);
  const host = `jira.localhost:${port}`;
  const { key, certificate } = await makeCertificate(folder, "tls", "jira.localhost");
  const app = http.createServer({ requestTimeout: 0 }, answer);
  await new Promise((resolve) => app.listen(0, "127.0.0.1", resolve));
  const site = new Installation(folder, port, { level: "info", ...(binary && { binary }) });
  const config = readFileSync(site.config, "utf8");
  writeFileSync(site.config, `${config}[tls]\ncertificate_file = "${certificate}"\nkey_file = "${key}"\n`);
  await site.cli([
    ...["app", "add", "jira", "--kind", "other", "--public-url", `https://${host}`],
    ...["--upstream", `http://127.0.0.1:${app.address().port}`],
  ]);
  const start = async () => {
    const limit = files ? `ulimit -Sn ${files.soft}; ulimit -Hn ${files.hard}; ` : "";
    const words = ["-c", `${limit}exec "$@"`, "serve", site.binary, "serve", "--config", site.config];
    site.server = new Running("bash", words);
    await listening(port);
    await listening(port + 2);
  };
  await start();
  const stop = async () => {
    await site.stop();
    app.closeAllConnections();
    app.close();
  };
  return { site, port, host, app, url: `https://${host}`, start, stop };
}

/** How many connections the app has. */
export const connections = (app) =>
  new Promise((resolve, reject) => app.getConnections((error, count) => (error ? reject(error) : resolve(count))));

/** Downloads `url` by curl, over "1.1" or "2", at so many bytes a second; gives curl's exit code and the bytes. */
export async function download(url, protocol, rate) {
  const done = await run("curl", [
    ...["-sk", protocol === "2" ? "--http2" : "--http1.1", "--limit-rate", `${rate}`, "-o", "/dev/null"],
    ...["-w", "%{http_version} %{size_download} %{time_total}", url],
  ]);
  const [version, bytes, seconds] = done.stdout.split(" ").map(Number);
  return { code: done.code, version, bytes, seconds };
}

/** An HTTP/2 connection of Node's. */
export async function session({ port }, options = {}) {
  const session = http2.connect(`https://127.0.0.1:${port}`, {
    ...{ servername: "jira.localhost", rejectUnauthorized: false, maxSessionMemory: 1000, ...options },
  });
  await new Promise((resolve, reject) => session.once("connect", resolve).once("error", reject));
  return session;
}

/** One request over it; gives the stream, which takes a body. */
export const begin = (session, { host }, path, method = "GET") =>
  session.request({ ":authority": host, ":path": path, ":method": method }, { endStream: method === "GET" });

/** The status and text of the answer to a stream, within so many seconds. */
export function answerOf(stream, seconds = 10) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("no answer")), seconds * 1000);
    let status, text = "";
    stream.on("response", (head) => (status = head[":status"]));
    stream.on("data", (data) => (text += data));
    stream.on("error", reject);
    stream.on("close", () => (clearTimeout(late), resolve({ status, text })));
  });
}
