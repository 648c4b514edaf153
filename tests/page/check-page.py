#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check-page.py DEEPMIRGENE: opens the pages of explain, predict and scan in headless Chromium.

A copy of each page gets a script that presses its buttons and types into its search, and leaves
what it saw in the title. Nothing may be asked of the network, and the console stays empty. A
screenshot shows that something is drawn. Exit status 77 (skipped) where there is no Chromium.
"""
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

RECORDS = """>first <script>alert(1)</script>
UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUGUCUUUCCUA
>x"onmouseover='bad()'&
GCGGAUUUAGCUCAGUUGGGAGAGCGCCAGACUGAAGAUCUGGAGGUCCUGUGUUCGAUCCACAGAAUUCGCACCA
>none

>third
UGUCGGGUAGCUUAUCAGACUGAUGUUGACUGUUGAAUCUCAUGGCAACACCAGUCGAUGGGCUGUCUGACA
"""

PROBE = """<script>
{
const seen = {};
const ids = () => [...document.querySelectorAll("table.index tbody tr")]
  .filter((row) => !row.hidden).map((row) => row.cells[1].textContent.split(" ")[0]);
const heads = [...document.querySelectorAll("table.index th")];
const press = (name) => {
  const head = heads.find((h) => h.textContent === name);
  head.querySelector("button").click();
  return [head.getAttribute("aria-sort"), ...ids()];
};
seen.first = ids();
seen.number = press("#");
seen.up = press("p_mirna");
seen.up = press("p_mirna");
seen.id = press("id");
const box = document.getElementById("search");
box.value = "THIRD";
box.dispatchEvent(new Event("input"));
seen.found = ids();
const map = document.querySelector("svg.map");
if (map) {
  map.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
  seen.told = document.getElementById("hover").textContent;
}
seen.drawings = [...document.querySelectorAll("svg.hairpin")].filter((e) => e.getClientRects().length > 0).length;
seen.requests = performance.getEntriesByType("resource").length;
seen.elsewhere = [...document.querySelectorAll("[src], link, iframe, [href]")]
  .filter((e) => !(e.getAttribute("href") ?? "").startsWith("#")).length;
seen.unnamed = [...document.querySelectorAll("svg[role=img]:not([aria-label])")]
  .filter((e) => !e.closest(".chart")).length;
document.title = "SEEN" + JSON.stringify(seen);
}
</script>"""

# Presses what the page of a scan has besides: sliders, a choice of strands, tracks, files to save.
SCAN_PROBE = """<script>
{
const seen = {};
const ids = () => [...document.querySelectorAll("table.index tbody tr")]
  .filter((row) => !row.hidden).map((row) => row.cells[1].textContent).sort();
const set = (title, value, kind) => {
  const field = document.querySelector(`[data-title="${title}"]`);
  field.value = value;
  field.dispatchEvent(new Event(kind));
  return ids();
};
seen.all = ids();
seen.facts = [...document.querySelectorAll("dl.facts dt")].map((name) => name.textContent);
seen.line = document.querySelector("dl.facts dd").textContent;
seen.ticks = document.querySelectorAll(".track rect").length;
seen.minus = set("strand", "-", "change");
seen.out = document.querySelectorAll(".track rect.out").length;
seen.gff3 = listed("gff3");
seen.bed = listed("bed");
seen.fasta = listed("fasta");
seen.tsv = listed("tsv").split("\\n").length;
seen.titles = titles.slice(0, 4);
seen.missed = [...document.querySelectorAll("table.plain td")].map((cell) => cell.textContent);
seen.none = set("strand", "both", "change").length;
const slider = document.querySelector("input[data-title=p_mirna]");
seen.best = set("p_mirna", slider.max, "input").length;
seen.legend = document.querySelectorAll("article .key").length;
seen.marked = document.querySelectorAll(".hairpin .m1").length > 0;
seen.requests = performance.getEntriesByType("resource").length;
seen.elsewhere = [...document.querySelectorAll("[src], link, iframe, [href]")]
  .filter((e) => !(e.getAttribute("href") ?? "").startsWith("#")).length;
document.title = "SEEN" + JSON.stringify(seen);
}
</script>"""

PRECURSORS = [
    "UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUGUCUUUCCUA",
    "UGUCGGGUAGCUUAUCAGACUGAUGUUGACUGUUGAAUCUCAUGGCAACACCAGUCGAUGGGCUGUCUGACA",
]

failures = []


def write_genome(path):
    """A precursor on either strand, in random bases."""
    source = random.Random(1)
    plus, minus = (sequence.replace("U", "T") for sequence in PRECURSORS)
    minus = minus[::-1].translate(str.maketrans("ACGT", "TGCA"))
    flanks = ["".join(source.choices("ACGT", k=300)) for _ in range(3)]
    path.write_text(">chr 1\n" + flanks[0] + plus + flanks[1] + minus + flanks[2] + "\n")


def expect(what, seen, wanted):
    if seen != wanted:
        failures.append(f"{what}: {seen!r} instead of {wanted!r}")


def chromium(browser, folder, page, *options):
    return subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         "--disable-background-networking", "--enable-logging=stderr", "--window-size=1200,1600",
         f"--user-data-dir={folder / 'profile'}", *options, page.as_uri()],
        capture_output=True, text=True, timeout=280)


def look(browser, folder, page, probe=PROBE):
    """What the probe saw, and what the console said."""
    probed = folder / "probed.html"
    probed.write_text(page.read_text().replace("</body>", probe + "</body>"))
    run = chromium(browser, folder, probed, "--dump-dom")
    title = re.search(r"<title>SEEN(.*?)</title>", run.stdout, re.S)
    if not title:
        sys.exit(f"{page.name}: the probe did not run\n{run.stderr[-2000:]}")
    text = title.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return json.loads(text), [line for line in run.stderr.splitlines() if "CONSOLE" in line]


def check(browser, folder, page, maps):
    seen, console = look(browser, folder, page)
    named = ['x"onmouseover=\'bad()\'&', "first", "none", "third"]
    expect("console", console, [])
    expect("requests", (seen["requests"], seen["elsewhere"]), (0, 0))
    expect("drawings without a name", seen["unnamed"], 0)
    expect("drawings", seen["drawings"], 3)
    expect("order at first", seen["first"], ["third", "first", named[0], "none"])
    expect("by number", seen["number"], ["descending", "third", "none", named[0], "first"])
    expect("by probability", seen["up"], ["ascending", named[0], "first", "third", "none"])
    expect("by id", seen["id"], ["ascending", "first", "none", "third", named[0]])
    expect("search", seen["found"], ["third"])
    if maps:
        expect("heat map", seen["told"][:21], "unit 1, position 2 G:")
    picture = folder / "page.png"
    chromium(browser, folder, page, f"--screenshot={picture}")
    if not picture.exists() or picture.stat().st_size < 20000:
        failures.append(f"{page.name}: nothing is drawn")


def check_scan(browser, folder, page):
    seen, console = look(browser, folder, page, SCAN_PROBE)
    expect("console of scan", console, [])
    expect("requests of scan", (seen["requests"], seen["elsewhere"]), (0, 0))
    expect("loci", len(seen["all"]), 2)
    expect("facts", seen["facts"][:4], ["command line", "model", "threshold", "date"])
    expect("command line", seen["line"].split()[:2], ["deepmirgene", "scan"])
    expect("ticks, and those left out", (seen["ticks"], seen["out"]), (2, 1))
    expect("loci of the minus strand", len(seen["minus"]), 1)
    name, start, end = re.match(r"(.*):(\d+)-(\d+)\(-\)$", seen["minus"][0]).groups()
    expect("sequence", name, "chr")
    lines = seen["gff3"].splitlines()
    expect("GFF3", (lines[0], len(lines)), ("##gff-version 3", 2))
    columns = lines[1].split("\t")
    expect("columns of GFF3", (columns[0], *columns[2:5], columns[6]), ("chr", "pre_miRNA", start, end, "-"))
    expect("BED", seen["bed"].split("\t")[:4], ["chr", str(int(start) - 1), end, seen["minus"][0]])
    expect("FASTA", len(seen["fasta"].splitlines()[1]), int(end) - int(start) + 1)
    expect("lines of TSV", seen["tsv"], 3)
    expect("first columns", seen["titles"], ["#", "id", "p_mirna", "known"])
    expect("missed ones", seen["missed"], ["unpaired", "chr:3-22(+)", "NA", "no candidate"])
    expect("loci of both strands, and the best", (seen["none"], seen["best"]), (2, 1))
    expect("legends of mature arms", (seen["legend"], seen["marked"]), (4, True))


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        print("skipped: chromium is not on PATH")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        records, page, hits = folder / "records.fa", folder / "explain.html", folder / "hits.html"
        records.write_text(RECORDS)
        subprocess.run([program, "explain", records, "--mutations", "90", "-o", page], check=True)
        subprocess.run([program, "predict", records, "-o", folder / "rows", "--report", hits],
                       check=True)
        check(browser, folder, page, maps=True)
        check(browser, folder, hits, maps=False)
        genome, loci = folder / "genome.fa", folder / "loci.html"
        write_genome(genome)
        known = folder / "known.gff3"
        known.write_text("##gff-version 3\nchr\t.\tpre_miRNA\t3\t22\t.\t+\t.\tID=unpaired\n"
                         "chr\t.\tpre_miRNA\t301\t380\t.\t+\t.\tID=plus\n")
        subprocess.run([program, "scan", "--mature", "--known", known, genome, "-o", folder / "loci.gff3",
                        "--report", loci], check=True)
        check_scan(browser, folder, loci)
    for failure in failures:
        print(failure)
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
