// A git server as an app has it: `git http-backend` behind a small HTTP server that asks for Basic
// credentials.

import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import http from "node:http";
import path from "node:path";

/**
 * Serves repositories below `folder` at `/scm/`, and `/rest/` and all else with a line of text, to
 * whom `knows(name, secret)`. Keeps what came as `requests`.
 */
export async function startGitServer(folder, port, knows) {
  mkdirSync(folder, { recursive: true });
  const requests = [];
  const server = http.createServer((request, response) => {
    const { pathname, search } = new URL(request.url, "http://x");
    const credentials = Buffer.from((request.headers.authorization ?? "").replace(/^Basic /i, ""), "base64").toString();
    const [, name, secret] = /^([^:]*):(.*)$/s.exec(credentials) ?? [];
    requests.push({ method: request.method, path: pathname, name });
    if (!knows(name, secret)) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    } else if (pathname.startsWith("/scm/")) {
      serve(folder, name, request, response, pathname.slice("/scm".length), search.slice(1));
    } else {
      response.end(name);
    }
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return { requests, stop };
}

/** One request as the common gateway interface has it (RFC 3875). */
function serve(folder, name, request, response, pathInfo, query) {
  const { "content-type": type, "content-length": length, "content-encoding": encoding } = request.headers;
  const program = spawn("git", ["http-backend"], {
    env: {
      ...{ PATH: process.env.PATH, GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: "1", REMOTE_USER: name },
      ...{ REQUEST_METHOD: request.method, PATH_INFO: pathInfo, QUERY_STRING: query },
      ...{ GIT_PROTOCOL: request.headers["git-protocol"] ?? "", CONTENT_TYPE: type ?? "" },
      ...(length ? { CONTENT_LENGTH: length } : {}),
      ...(encoding ? { HTTP_CONTENT_ENCODING: encoding } : {}),
    },
  });
  program.stdin.on("error", () => {});
  request.pipe(program.stdin);
  let head = Buffer.alloc(0);
  program.stdout.on("data", (data) => {
    if (response.headersSent) return void response.write(data);
    head = Buffer.concat([head, data]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const lines = head.subarray(0, end).toString().split("\r\n").map((line) => line.split(/: (.*)/s));
    const headers = Object.fromEntries(lines.map(([field, value]) => [field.toLowerCase(), value]));
    const { status = "200", ...others } = headers;
    response.writeHead(Number.parseInt(status, 10), others);
    response.write(head.subarray(end + 4));
  });
  program.stdout.on("end", () => response.end());
}
