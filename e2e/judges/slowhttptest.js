// slowhttptest: clients that send a head or a body, or read an answer, as slowly as they may, and somebody else
// beside them. Without TLS, because handshakes would tell of the machine.

import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { run } from "../lib/process.js";

const connections = 400;

export async function judge({ folder, withoutTls }) {
  const verdicts = [];
  for (const [what, option] of [["slow heads", "-H"], ["slow bodies", "-B"], ["slow readers", "-X"]]) {
    const file = path.join(folder, `slow${option}`);
    let over = false;
    const others = beside(withoutTls.port, () => over);
    const { stdout } = await run("slowhttptest", [
      ...[option, "-c", `${connections}`, "-r", "200", "-i", "3", "-l", "8"],
      ...["-g", "-o", file, "-u", `${withoutTls.origin}/`],
    ]);
    over = true;
    const { answered, refused, longest } = await others;
    const most = slowAtOnce(`${file}.csv`);
    // Some may be turned away, as many connections of one address.
    const good = most > connections / 2 && answered > 10 && refused.length === 0;
    const found = `${answered} others are served beside ${most} connections, each within ${longest} ms`;
    verdicts.push({ what: `slowhttptest, ${what}`, good, found: good ? found : `${found}\n${refused}\n${stdout}` });
  }
  return verdicts;
}

/** The most connections that were open at once, as the report has them for each second. */
function slowAtOnce(report) {
  const [names, ...rows] = readFileSync(report, "utf8").trim().split("\n").map((line) => line.split(","));
  return Math.max(...rows.map((row) => Number(row[names.indexOf("Connected")])));
}

/** Comes from another address four times a second, each time anew. */
async function beside(port, over) {
  const seen = { answered: 0, refused: [], longest: 0 };
  while (!over()) {
    const begun = performance.now();
    const said = await visit(port).catch((error) => error.message);
    if (said === 200) seen.answered += 1;
    else seen.refused.push(said);
    seen.longest = Math.max(seen.longest, Math.round(performance.now() - begun));
    await sleep(250);
  }
  return seen;
}

function visit(port) {
  const options = { host: "127.0.0.1", localAddress: "127.0.0.2", port, headers: { host: `localhost:${port}` } };
  return new Promise((resolve, reject) => {
    const request = http.get({ ...options, agent: false, timeout: 5000 }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode)).on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error("no answer in five seconds"))).on("error", reject);
  });
}
