// What slow, stalled, silent and untaking clients do to a `served` app, in any numbers.

import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { request } from "./http.js";
import { answerOf, begin, connections, download, session } from "./served.js";

/** So large that curl, shortly before the end, tells over HTTP/2 that it has read half of its window. */
const LARGE = 18_000_000;

/** Five downloads by curl and a SIGTERM among them; gives how many came whole. */
export async function stopAmongDownloads(place, protocol, afterSeconds) {
  const all = Array.from({ length: 5 }, () => download(`${place.url}/big?${LARGE}`, protocol, 3_000_000));
  await sleep(afterSeconds * 1000);
  place.site.server.child.kill("SIGTERM");
  const done = await Promise.all(all);
  await place.site.server.ended;
  return done.filter(({ code, bytes }) => code === 0 && bytes === LARGE).length;
}

/** Uploads that the app does not read, and a small one on their connection; gives its answer and the time. */
export async function uploadBeside(place, stalled) {
  const one = await session(place);
  one.on("error", () => {});
  for (let number = 0; number < stalled; number++) {
    const stream = begin(one, place, "/stall", "POST");
    stream.on("error", () => {});
    stream.write(Buffer.alloc(8 << 20));
  }
  await sleep(1500);
  const begun = performance.now();
  const small = begin(one, place, "/count", "POST");
  small.end(Buffer.alloc(100_000));
  const { text } = await answerOf(small).catch((error) => ({ text: error.message }));
  one.destroy();
  return { text, milliseconds: Math.round(performance.now() - begun) };
}

/**
 * Connections that say nothing, from one address; gives what the listeners answer to others meanwhile, and
 * how many lines of warnings the log has.
 */
export async function silence({ site, host, port }, count) {
  const sockets = [];
  for (let number = 0; number < count; number++) {
    sockets.push(net.connect(port, "127.0.0.1").on("error", () => {}));
    if (number % 50 === 0) await sleep(20);
  }
  await sleep(1500);
  const tried = async (port, secure, localAddress) => {
    const sent = request(port, { host, path: "/", secure, localAddress });
    const got = sent.then(({ status }) => status, (error) => error.code);
    return Promise.race([got, sleep(5000, "no answer within 5 s", { ref: false })]);
  };
  const answers = {
    public: await tried(port, true, "127.0.0.2"),
    console: await tried(port + 1, false),
    crowd: await tried(port + 2, false),
  };
  const warnings = site.server.output.split("\n").filter((line) => /WARN|ERROR/.test(line)).length;
  for (const socket of sockets) socket.destroy();
  return { answers, warnings };
}

/** Answers that an HTTP/2 client asks for and never takes; gives how many connections to the app that holds. */
export async function untaken(place, count, seconds) {
  const one = await session(place, { settings: { initialWindowSize: 0 } });
  one.on("error", () => {});
  for (let number = 0; number < count; number++) {
    begin(one, place, "/big?20000000").on("error", () => {});
  }
  const begun = performance.now();
  const passed = () => (performance.now() - begun) / 1000;
  let most = 0;
  let open = 0;
  do {
    await sleep(250);
    open = await connections(place.app);
    most = Math.max(most, open);
  } while (passed() < seconds && !(most > 0 && open === 0));
  one.destroy();
  return { most, open, seconds: Math.round(passed()) };
}
