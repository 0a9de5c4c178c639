// A page of docs/guides as a test follows it: its commands, its tables, and its words in italics.

import { readFileSync } from "node:fs";
import path from "node:path";

export class Guide {
  /** `here` puts the addresses of the test in place of the page's. */
  constructor(name, here) {
    this.text = readFileSync(path.resolve(import.meta.dirname, "../../docs/guides", name), "utf8");
    this.here = here;
    const blocks = [...this.text.matchAll(/^( *)```sh\n(.*?)^\1```$/gms)].map(([, , lines]) => lines);
    const lines = blocks.join("").replaceAll(/ *\\\n */g, " ").trim().split("\n");
    const named = [...this.text.matchAll(/`(samlgate\s[^`]+)`/g)].map(([, command]) => command);
    /** Those that nobody has taken yet, from blocks and from lines. */
    this.left = new Set([...lines, ...named].map((command) => command.trim().replaceAll(/\s+/g, " ")));
    this.commands = [...this.left];
  }

  /** The command of `samlgate` that begins so. */
  command(start) {
    const command = this.commands.find((text) => text.startsWith(`samlgate ${start}`));
    if (!command) throw new Error(`the guide has no samlgate ${start}`);
    this.left.delete(command);
    return this.here(command);
  }

  /** The rows of the table whose heading begins so, each a list of its cells without markup. */
  table(heading) {
    const [, rows] = this.text.split(`| ${heading}`)[1].split(/^ *\| ---.*$/m);
    const lines = /^\n((?: *\|.*\n)+)/.exec(rows)[1].trim().split("\n");
    const cells = (line) => line.split("|").slice(1, -1);
    return lines.map((line) => cells(line).map((cell) => this.here(cell).trim().replaceAll(/[*`]/g, "")));
  }

  /** The words in italics: fields, buttons and the way to them. */
  get italics() {
    const said = [...this.text.matchAll(/(?<!\*)\*([^*]+)\*(?!\*)/g)].map(([, words]) => words.replaceAll(/\s+/g, " "));
    return said.flatMap((words) => words.split(/ > |, /));
  }
}
