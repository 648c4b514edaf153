// SPDX-License-Identifier: MIT
// Opens the page in headless Chromium and compares what it shows with what the program prints:
//
//     node web/test.mjs PAGE.html DEEPMIRGENE [--long] [SCREENSHOTS]
//
// --long adds a genome of 5 Mb, which takes minutes.
// Needs playwright-core (npm) and Chromium; exit status 77 (skipped) where one is missing. With a folder
// for SCREENSHOTS, pictures of the page are left there: wide and narrow, light and dark.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";

const long = process.argv.includes("--long");
const [page_path, program, pictures] = process.argv.slice(2).filter((word) => word !== "--long");
const skip = (why) => {
  console.log(`skipped: ${why}`);
  process.exit(77);
};
let chromium;
try {
  ({ chromium } = createRequire(path.resolve(page_path))("playwright-core"));
} catch {
  skip("playwright-core is missing (npm install playwright-core)");
}
const browser_path = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) => existsSync(file));
if (!browser_path) skip("there is no Chromium");

const folder = mkdtempSync(path.join(tmpdir(), "page-"));
const file = (name, text) => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const native = (...args) => execFileSync(program, [...args, "--cpu", "v128"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
const rows = (text) => text.trimEnd().split("\n").filter((line) => !line.startsWith("#")).slice(1).map((line) => line.split("\t"));

/* Equal rows; a last digit may differ, as the exponential function of another C library does. */
const same = (found, expected) => {
  assert.equal(found.length, expected.length);
  found.forEach((row, i) => row.forEach((cell, k) => {
    const a = Number(cell), b = Number(expected[i][k]);
    if (cell !== expected[i][k]) assert.ok(Math.abs(a - b) <= 2e-5 * Math.max(1, Math.abs(b)), `${cell} is ${expected[i][k]}`);
  }));
};
const by_place = (a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1] || a[2] - b[2];

/* The same letters every time. */
let state = 1;
const random = (n) => Array.from({ length: n }, () => {
  state = (state * 48271) % 2147483647;
  return "ACGU"[state % 4];
}).join("");

const browser = await chromium.launch({ executablePath: browser_path, args: ["--no-sandbox", "--disable-gpu",
  "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });

/* A page of its own for each case; nothing may be asked of the network, and nothing may go wrong unseen. */
const open = async (options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120000);
  page.on("request", (request) => assert.match(request.url(), /^(file|blob|data|about):/));
  page.on("pageerror", (error) => assert.fail(error.message));
  page.on("console", (message) => assert.notEqual(message.type(), "error", message.text()));
  await page.goto(`file://${path.resolve(page_path)}`);
  return page;
};
const start = async (page) => {
  await page.click("#start");
  await page.waitForSelector("#results:not([hidden]), #error:not([hidden])", { timeout: 120000 });
};
const table = (page) => page.$$eval("table.index tbody tr", (lines) => lines.map((line) => [...line.cells].map((cell) => cell.textContent)));
const shot = async (page, name) => {
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
};

const download = async (page, button) => {
  const [found] = await Promise.all([page.waitForEvent("download"), page.click(`#downloads button:text-is('${button}')`)]);
  return readFileSync(await found.path(), "utf8");
};

const words = (text) => text.trim().split("\n").map((line) => line.split(/[\t ;=]/));

/* cel-lin-4, the best of the example, is explained: its mature sequences in the table, the drawing and FASTA. */
const check_mature = async (page) => {
  const [row] = rows(native("predict", "--mature", "examples/hairpins.fa")).filter(([id]) => id === "cel-lin-4");
  const sequence = execFileSync(program, ["fold", "examples/hairpins.fa", "-q"], { encoding: "utf8" }).split("\n")
    .filter((line, i, lines) => lines[i - 1]?.startsWith(">cel-lin-4"))[0];
  const arms = [row.slice(9, 11), row.slice(11, 13)].map(([range, p]) => {
    const [from, to] = range.split("-");
    return [range, sequence.slice(from - 1, to), p];
  });
  const shown = await page.$$eval("#mature-rows tr", (lines) => lines.map((line) => [...line.cells].map((cell) => cell.textContent)));
  assert.deepEqual(shown, arms.map((arm, k) => [["5p", "3p"][k], ...arm]));
  for (const k of [0, 1])
    assert.equal(await page.locator(`#mature-drawing circle.m${k + 1}`).count(), arms[k][1].length, "bases that are marked");
  const fasta = await download(page, "FASTA of mature miRNAs");
  assert.ok(fasta.includes(`>cel-lin-4:5p p_5p=${arms[0][2]}\n${arms[0][1]}\n`), fasta);
  assert.ok(!fasta.includes("tRNA"), "of pre-miRNAs only");
};

/* Random bases with twenty precursors in them, two chromosomes. */
const genome = (bases) => {
  const let7 = "TGGGATGAGGTAGTAGGTTGTATAGTTTTAGGGTCACACCCACCACTGGGAGATAACTATACAATCTACTGTCTTTCCTA";
  const chromosome = () => Array.from({ length: 10 }, () => random(bases / 20).replaceAll("U", "T") + let7).join("");
  return `>one\n${chromosome()}\n>two\n${chromosome()}\n`;
};

/* The seconds of a processor that the page has used, which do not depend on what else runs. */
const work = async (page) => {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ProcessTime").value;
};

/* Types until the results are there; the milliseconds of the slowest key. */
const slowest_answer = async (page) => {
  let longest = 0;
  while (!(await page.isVisible("#results")) && !(await page.isVisible("#error"))) {
    const begun = Date.now();
    await page.press("#threshold", "End");
    longest = Math.max(longest, Date.now() - begun);
    await page.waitForTimeout(1000);
  }
  return longest;
};

const cases = {
  async "the example, and an explanation"() {
    const page = await open();
    const begun = Date.now();
    await page.click("#example");
    await start(page);
    console.log(`  first result ${Date.now() - begun} ms after the page was there`);
    const expected = rows(native("predict", "--mature", "examples/hairpins.fa"));
    same((await table(page)).sort(by_place), expected.sort(by_place));
    await page.fill("#text", "what is typed now belongs to the next run");
    same(words(await download(page, "GFF3")), words(native("predict", "--mature", "-f", "gff3", "examples/hairpins.fa")));
    await page.click("table.index tbody button");
    await page.waitForSelector("#explanation:not([hidden])", { timeout: 60000 });
    await page.frameLocator("#frame").locator("svg").first().waitFor();
    await check_mature(page);
    await shot(page, "wide-light");
    await page.emulateMedia({ colorScheme: "dark" });
    await shot(page, "wide-dark");
    await page.context().close();
  },
  async "a telephone in the dark"() {
    const page = await open({ viewport: { width: 390, height: 800 }, colorScheme: "dark" });
    await page.click("#example");
    await start(page);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
    await page.click("table.index tbody button");
    await page.waitForSelector("#explanation:not([hidden])", { timeout: 60000 });
    await page.frameLocator("#frame").locator("svg").first().waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out of the explanation");
    await shot(page, "narrow-dark");
    await page.emulateMedia({ colorScheme: "light" });
    await shot(page, "narrow-light");
    await page.context().close();
  },
  async "by keyboard alone"() {
    const page = await open();
    await page.focus("#text");
    await page.keyboard.insertText(">a\nUGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUGUCUUUCCUA\n");
    await page.focus("#start");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#results:not([hidden])", { timeout: 60000 });
    await page.focus("table.index tbody button");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#explanation:not([hidden])", { timeout: 60000 });
    assert.equal(await page.evaluate(() => document.activeElement.id), "explanation-title");
    await page.context().close();
  },
  async "a gzipped file of 10,000 records"() {
    const text = Array.from({ length: 10000 }, (_, i) => `>r${i}\n${random(70)}\n`).join("");
    const name = file("many.fa.gz", gzipSync(text));
    const page = await open();
    await page.setInputFiles("#file", name);
    await page.evaluate(() => new MutationObserver(() => {
      window.farthest = Math.max(window.farthest ?? 0, document.getElementById("bar").value);
    }).observe(document.getElementById("bar"), { attributes: true }));
    await start(page);
    const farthest = await page.evaluate(() => window.farthest);
    assert.ok(farthest > 0 && farthest <= 100, `progress, to ${farthest} %`);
    assert.match(await page.textContent("#found"), /^10000 of 10000 rows$/);
    const begun = await work(page);
    await page.fill("#search", "r77");
    assert.match(await page.textContent("#found"), /^111 of 10000 rows$/);
    await page.click("th:nth-child(2) button");
    assert.ok(await work(page) - begun < 2, "it answers");
    await page.context().close();
  },
  async "a genome"() {
    const let7 = "TGGGATGAGGTAGTAGGTTGTATAGTTTTAGGGTCACACCCACCACTGGGAGATAACTATACAATCTACTGTCTTTCCTA";
    const name = file("genome.fa", `>one\n${random(40000).replaceAll("U", "T")}${let7}${random(40000).replaceAll("U", "T")}\n>two\n${random(9000)}\n`);
    const page = await open();
    await page.check("input[value=scan]");
    await page.setInputFiles("#file", name);
    await page.click("summary");
    await page.fill("#threshold", "0.5");
    await page.fill("#decoy", "");
    await start(page);
    const scan = (format) => native("scan", name, "--mature", "--threshold", "0.5", "-f", format);
    const expected = rows(scan("tsv"));
    assert.ok(expected.length > 0);
    same((await table(page)).sort(by_place), expected.sort(by_place));
    assert.match(scan("gff3"), /\tmiRNA\t/);
    for (const format of ["gff3", "fasta"]) {
      same(words(await download(page, format.toUpperCase())), words(scan(format)));
    }
    await page.click("table.index tbody button");
    await page.waitForSelector("#explanation:not([hidden])", { timeout: 60000 });
    assert.equal(await page.locator("#mature-rows tr").count(), 2);
    await page.evaluate(() => scrollTo(0, 0));
    await shot(page, "scan");
    await page.context().close();
  },
  async "a genome of 5 Mb, cancelled once"() {
    if (!long) return "needs --long";
    const name = file("genome-5mb.fa", genome(5e6));
    const page = await open();
    await page.check("input[value=scan]");
    await page.setInputFiles("#file", name);
    await page.click("summary");
    await page.fill("#threshold", "0.5");
    await page.click("#start");
    await page.waitForFunction(() => document.getElementById("bar").value >= 5, null, { timeout: 600000 });
    await page.click("#cancel");
    assert.match(await page.textContent("#state"), /^Cancelled/);
    assert.ok(!(await page.isVisible("#results")), "no results of a part");
    const begun = Date.now();
    await page.click("#start");
    const longest = await slowest_answer(page);
    const seconds = Math.round((Date.now() - begun) / 1000);
    console.log(`  ${seconds} s; the longest answer to a key while it scanned: ${longest} ms`);
    assert.ok(longest < 5000, "it answers while it scans");
    const expected = rows(native("scan", name, "--mature", "--threshold", "0.5", "--decoy", "1", "-f", "tsv"));
    assert.ok(expected.length >= 20);
    same(rows(await download(page, "TSV")), expected); /* the table has a page of them */
    await page.context().close();
  },
  async "a file that is dropped, and its drawing as SVG"() {
    const page = await open();
    await page.evaluate((text) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], "dropped.fa"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    }, readFileSync("examples/hairpins.fa", "utf8"));
    assert.match(await page.textContent("#chosen"), /^dropped.fa, /);
    await start(page);
    await page.click("table.index tbody button");
    await page.waitForSelector("#explanation:not([hidden])", { timeout: 60000 });
    const [svg] = await Promise.all([page.waitForEvent("download"), page.click("#save-svg")]);
    assert.match(readFileSync(await svg.path(), "utf8"), /^(<\?xml[^>]*>\s*)?<svg[^]*<\/svg>\s*$/);
    await page.context().close();
  },
  async "what is no sequence"() {
    const page = await open();
    await page.fill("#text", "hello");
    await start(page);
    assert.match(await page.textContent("#error"), /pasted text/);
    await page.context().close();
  },
};

let failed = 0;
for (const [name, check] of Object.entries(cases)) {
  try {
    const remark = await check();
    console.log(`ok - ${name}${remark ? ` # ${remark}` : ""}`);
  } catch (error) {
    failed++;
    console.log(`not ok - ${name}\n${error.stack}`);
  }
}
await browser.close();
rmSync(folder, { recursive: true });
console.log(failed > 0 ? `${failed} failed` : "all passed");
process.exit(failed > 0 ? 1 : 0);
