// Debian's Chromium, without a word to the outside world.

import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { chromium } from "playwright-core";

const artefacts = path.resolve(import.meta.dirname, "../artefacts");
const images = path.resolve(import.meta.dirname, "../../docs/images");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A browser with an empty profile; `args` are options of its own beside the usual ones. */
export function launch(args = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...args,
    ],
  });
}

/** Keeps a picture of the page; with UPDATE_DOCS=1 the docs get it too. */
export async function picture(page, name) {
  mkdirSync(artefacts, { recursive: true });
  const file = path.join(artefacts, `${name}.png`);
  await page.screenshot({ path: file });
  if (process.env.UPDATE_DOCS) {
    mkdirSync(images, { recursive: true });
    copyFileSync(file, path.join(images, `${name}.png`));
  }
}

/** What axe finds wrong with the page, in short. */
export async function barriers(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`);
}
