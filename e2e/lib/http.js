// Raw HTTP to the public listener: what a browser would not send, with any Host.

import http from "node:http";
import https from "node:https";

/** One request, by TLS when it is `secure`; gives status, headers, cookies and body. */
export function request(port, { host, path = "/", method = "GET", headers = {}, body, secure, localAddress } = {}) {
  const trust = { servername: host?.split(":")[0], rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const sent = (secure ? https : http).request(
      { port, host: "127.0.0.1", path, method, agent: false, localAddress, headers: { host, ...headers }, ...trust },
      (answer) => {
        const pieces = [];
        answer.on("data", (piece) => pieces.push(piece));
        answer.on("end", () =>
          resolve({
            status: answer.statusCode,
            headers: answer.headers,
            cookies: answer.headers["set-cookie"] ?? [],
            body: Buffer.concat(pieces).toString(),
          }),
        );
        answer.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The headers and body of a form. */
export function form(fields) {
  return {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  };
}
