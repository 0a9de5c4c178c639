// git-lfs: files that git keeps elsewhere, by the batch API, at a small server of them behind the gateway.

import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";

import { makeRepository } from "../lib/apache.js";
import { gitAt } from "../lib/git.js";

export async function judge({ folder, apache, gateway, lfs }) {
  const server = await startServer(lfs, `${gateway.origin}/lfs`);
  try {
    await makeRepository(apache, "lfs");
    const home = path.join(folder, "lfs");
    mkdirSync(home);
    const git = gitAt(home, gateway.authority);
    await git("config", "--global", "lfs.url", `${gateway.origin}/lfs`);
    await git("lfs", "install", "--skip-repo");
    const files = Array.from({ length: 12 }, (_, number) => [`${number}.bin`, randomBytes(1 << (number + 13))]);

    await git("clone", "-q", `${gateway.origin.replace("//", "//author:secret@")}/git/lfs`, "author");
    await git("-C", "author", "lfs", "track", "*.bin");
    for (const [name, bytes] of files) writeFileSync(path.join(home, "author", name), bytes);
    await git("-C", "author", "add", ".");
    await git("-C", "author", "commit", "-qm", "Large files");
    await git("-C", "author", "push", "-q", "origin", "HEAD:main");
    await git("clone", "-q", "-b", "main", `${gateway.origin}/git/lfs`, "reader");
    await git("-C", "reader", "lfs", "fsck");

    const same = files.filter(([name, bytes]) => readFileSync(path.join(home, "reader", name)).equals(bytes));
    const good = same.length === files.length && server.objects.size === files.length;
    return [{ what: "git-lfs", good, found: `${same.length} of ${files.length} files up and down` }];
  } finally {
    server.stop();
  }
}

/** The least that git-lfs needs: https://github.com/git-lfs/git-lfs/tree/main/docs/api */
async function startServer(port, address) {
  const objects = new Map();
  const server = http.createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const oid = /\/objects\/([0-9a-f]{64})$/.exec(request.url)?.[1];
    if (request.url.endsWith("/objects/batch")) {
      const { operation, objects: asked } = JSON.parse(body);
      const actions = (one) => ({ [operation]: { href: `${address}/objects/${one.oid}` } });
      const answer = asked.map((one) => ({ ...one, authenticated: true, actions: actions(one) }));
      response.setHeader("content-type", "application/vnd.git-lfs+json");
      return response.end(JSON.stringify({ transfer: "basic", objects: answer }));
    }
    if (oid && request.method === "PUT") objects.set(oid, body);
    else if (!objects.has(oid)) response.statusCode = 404;
    response.end(request.method === "GET" ? objects.get(oid) : undefined);
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return { objects, stop: () => server.close() };
}
