// git as it is with no settings but those that a test gives.

import { run } from "./process.js";

/**
 * Runs git in the folder `home`, which is its home, too, and trusts `authority`. What curl said stands in
 * the standard error.
 */
export function gitAt(home, authority, settings = {}) {
  const person = Object.fromEntries(
    ["AUTHOR", "COMMITTER"].flatMap((role) => [[`GIT_${role}_NAME`, "A"], [`GIT_${role}_EMAIL`, "a@x"]]),
  );
  const env = {
    ...{ PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0" },
    ...{ GIT_SSL_CAINFO: authority, GIT_TRACE_CURL: "1", GIT_TRACE_CURL_NO_DATA: "1", ...person },
  };
  const set = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return async (...args) => {
    const done = await run("git", [...set, ...args], { cwd: home, env });
    if (done.code === 0) return done;
    const words = done.stderr.split("\n").slice(-30).join("\n");
    throw new Error(`git ${args.join(" ")}: ${words}${done.stdout}`);
  };
}
