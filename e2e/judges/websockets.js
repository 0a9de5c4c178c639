// websockets, Python's library, at both ends: an echo behind the gateway and those who talk to it.

import path from "node:path";

import { run } from "../lib/process.js";

const python = path.join(import.meta.dirname, "../.venv/bin/python");

export async function judge({ gateway, sockets }) {
  const { code, stdout, stderr } = await run(python, [
    ...[path.join(import.meta.dirname, "websockets_echo.py"), `${sockets}`],
    ...[`${gateway.origin.replace("https:", "wss:")}/sockets/echo`, gateway.authority],
  ]);
  return [{ what: "websockets, over TLS", good: code === 0, found: (stdout + stderr).trim() }];
}
