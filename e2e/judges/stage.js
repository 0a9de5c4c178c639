// What all judges talk to: the gateway with TLS and without, and behind both Apache and a small app.

import { chmodSync } from "node:fs";
import http from "node:http";
import path from "node:path";

import { startApache } from "../lib/apache.js";
import { startGateway } from "../lib/gateway.js";
import { freePorts, temporaryFolder } from "../lib/process.js";

export async function startStage() {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755); // Apache serves as another user
  const at = (name) => path.join(folder, name);
  const first = await freePorts(12);
  const [tls, plain] = [first, first + 3];
  const [behindTls, behindPlain, direct, small, sockets, lfs] = [6, 7, 8, 9, 10, 11].map((n) => first + n);
  const running = [];
  const stop = async () => {
    for (const one of running.reverse()) await one.stop();
  };
  try {
    running.push(await startApache(at("apache"), [
      { port: behindTls, origin: `https://localhost:${tls}` },
      { port: behindPlain, origin: `http://localhost:${plain}` },
      { port: direct, origin: `http://localhost:${direct}` },
    ]));
    running.push(await startSmallApp(small));
    const apps = (apache) => ({ "": small, "/dav": apache, "/git": apache, "/svn": apache, "/sockets": sockets, "/lfs": lfs });
    const gateway = await startGateway(at("tls"), tls, apps(behindTls), { tls: true });
    running.push(gateway);
    const withoutTls = await startGateway(at("plain"), plain, apps(behindPlain), { tls: false });
    running.push(withoutTls);
    const said = () => gateway.said() + withoutTls.said();
    return {
      ...{ folder, gateway, withoutTls, said, stop },
      /** The same Apache without the gateway, and where it keeps what it serves. */
      direct: `http://localhost:${direct}`,
      apache: at("apache"),
      /** The ports behind `/sockets` and `/lfs`, where nothing listens yet. */
      ...{ sockets, lfs },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Takes what is sent, and says something of some length. */
async function startSmallApp(port) {
  const app = http.createServer((request, response) => {
    request.resume().on("end", () => response.end("what an app says\n".repeat(100)));
  });
  await new Promise((resolve) => app.listen(port, "127.0.0.1", resolve));
  return { stop: () => app.close() };
}
