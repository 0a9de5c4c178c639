// litmus: WebDAV with Apache's mod_dav, through the gateway and without it. The gateway is right when
// both are the same.

import { run } from "../lib/process.js";

const suites = ["basic", "copymove", "props", "locks", "http"];

export async function judge({ folder, gateway, withoutTls, direct }) {
  const alone = await results(folder, direct);
  const verdicts = [];
  for (const { origin } of [gateway, withoutTls]) {
    const through = await results(folder, origin);
    const passed = [...through.values()].filter((words) => /\bpass\b/.test(words)).length;
    const differences = [...alone]
      .map(([test, words]) => ({ test, words, here: through.get(test) }))
      // One test is for plain HTTP only.
      .filter(({ words, here }) => here !== words && !here?.includes("skipping for SSL server"))
      .map(({ test, words, here }) => `\n  ${test}: ${here}; without the gateway: ${words}`);
    verdicts.push({
      what: `litmus, ${origin.split(":")[0]}, mod_dav`,
      good: differences.length === 0 && passed >= through.size - 1,
      found: `${passed} of ${through.size} pass, ${differences.length} differ from mod_dav alone${differences.join("")}`,
    });
  }
  return verdicts;
}

/** What litmus says of each test, with its warnings. */
async function results(folder, origin) {
  const found = new Map();
  for (const suite of suites) {
    const args = ["--htdocs", "/usr/share/litmus/htdocs", `${origin}/dav/`];
    // It writes its own logs where it is.
    const { stdout, stderr } = await run(`/usr/libexec/litmus/${suite}`, args, { cwd: folder });
    let test;
    for (const line of stdout.split(/[\r\n]+/)) {
      const [, number, name, words] = /^ *(?:(\d+)\. (\w+))?[ .]*(.*)$/.exec(line);
      if (/^(<-|->)/.test(line)) continue;
      if (name) test = `${suite} ${number} ${name}`;
      if (test && words) found.set(test, [...(found.get(test) ?? []), words]);
    }
    if (!stdout.includes("<- summary")) throw new Error(`litmus ${suite}: ${stdout}${stderr}`);
  }
  return new Map([...found].map(([name, words]) => [name, words.join("; ")]));
}
