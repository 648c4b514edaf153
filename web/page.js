/* SPDX-License-Identifier: MIT */
"use strict";
/* The page: takes sequences, lets workers run the program on them, and shows what it wrote. */
const $ = (id) => document.getElementById(id);
const PAGE_ROWS = 200, BINS = 20;

/* --- the program, in workers --- */

const workerUrl = URL.createObjectURL(new Blob(
  [$("program").textContent, "\n", $("worker").textContent], { type: "text/javascript" }));
const compiled = WebAssembly.compile(
  Uint8Array.from(atob($("wasm").textContent.trim()), (letter) => letter.charCodeAt(0)));
const running = new Set();

/* One run of the program; `progress` is called with what it prints meanwhile. */
const run = async (args, files, outputs, progress = () => {}) => {
  const module = await compiled;
  return new Promise((done) => {
    const worker = new Worker(workerUrl);
    const end = (answer) => {
      running.delete(cancel);
      worker.terminate();
      done(answer);
    };
    const cancel = () => end({ status: -1, messages: "", outputs: {} });
    running.add(cancel);
    worker.onmessage = ({ data }) => "progress" in data ? progress(data.progress) : end(data);
    worker.onerror = (event) => end({ status: 1, messages: event.message, outputs: {} });
    worker.postMessage({ module, args, files, outputs });
  });
};

/* --- the input --- */

let dropped = null; /* the File, where there is one; else the text counts */
const choose = (file) => {
  dropped = file ?? null;
  $("chosen").textContent = file ? `${file.name}, ${(file.size / 1e6).toFixed(2)} MB` : "";
  if (file) $("text").value = "";
};
$("file").addEventListener("change", () => choose($("file").files[0]));
$("text").addEventListener("input", () => {
  choose(null);
  $("file").value = "";
});
$("example").addEventListener("click", () => {
  choose(null);
  $("text").value = $("sample").textContent.trim() + "\n";
});
addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", () => document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  if (event.dataTransfer.files.length > 0) choose(event.dataTransfer.files[0]);
});

const task = () => document.querySelector("input[name=task]:checked").value;
const showTask = () => {
  const scan = task() === "scan";
  for (const part of document.querySelectorAll(".options .scan")) part.hidden = !scan;
  for (const part of document.querySelectorAll(".options .predict")) part.hidden = scan;
  $("start").textContent = scan ? "Scan" : "Classify";
};
for (const choice of document.querySelectorAll("input[name=task]")) choice.addEventListener("change", showTask);
showTask();

/* A dropped file keeps its name, which messages of the program hold. */
const input = () => dropped
  ? { path: `/data/${dropped.name}`, file: { name: dropped.name, data: dropped } }
  : { path: "/pasted.fa", file: { name: "pasted.fa", data: $("text").value } };

/* What the last run was started with; the form may change afterwards. */
let job = null; /* { kind, path, file, model, options } */

/* The sequences of the input by number, read once one of them is to be explained. */
let sequences = null;
const readSequences = async () => {
  const { data } = job.file;
  let text = data;
  if (data instanceof Blob) {
    const packed = new Uint8Array(await data.slice(0, 2).arrayBuffer());
    const stream = packed[0] === 0x1f && packed[1] === 0x8b
      ? data.stream().pipeThrough(new DecompressionStream("gzip")) : data.stream();
    text = await new Response(stream).text();
  }
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line);
  if (lines[0]?.startsWith("@")) return lines.flatMap((line, i) => i % 4 === 1 ? [line] : []);
  const found = [];
  for (const line of lines) {
    if (line.startsWith(">")) found.push("");
    else if (found.length > 0 && /^[A-Za-z]+$/.test(line)) found[found.length - 1] += line;
  }
  return found;
};

/* --- a run --- */

const option = (name, id) => $(id).value.trim() === "" ? [] : [name, $(id).value.trim()];
const show = (text, share) => {
  $("state").textContent = text;
  $("bar").hidden = share === undefined;
  if (share === null) $("bar").removeAttribute("value");
  else if (share !== undefined) $("bar").value = share;
};
const busy = (yes) => {
  $("start").disabled = yes;
  $("cancel").hidden = !yes;
};
const fail = (messages) => {
  $("error").textContent = messages.trim().split("\n").pop().replace(/^deepmirgene \w+: /, "")
    .replaceAll("/data/", "").replaceAll("/pasted.fa", "pasted text");
  $("error").hidden = false;
};
$("cancel").addEventListener("click", () => {
  for (const cancel of [...running]) cancel();
});

/* The per cent of a run that are done, by the time that it has taken and the time that it says is left. */
const doneOf = (text, begun) => {
  const left = /(\d+):(\d\d):(\d\d) left/.exec(text);
  const taken = (performance.now() - begun) / 1000;
  return left ? 100 * taken / (taken + left[1] * 3600 + left[2] * 60 + Number(left[3])) : null;
};

const durationOf = (seconds) => seconds < 100 ? `${seconds.toFixed(1)} s`
  : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;

const predict = (format) => {
  const begun = performance.now();
  return run(["predict", job.path, "--mature", "-m", job.model, ...job.options, "-f", format, "-o", "/out"],
    [job.file], ["out"], (text) => show(text, doneOf(text, begun)));
};

let parts = []; /* of the last scan, to be written in other formats */
const merge = (format) => run(["merge", ...parts.map((part, i) => `/part${i + 1}`), "--mature", "-f", format,
  "-o", "/loci"], parts.map((data, i) => ({ name: `part${i + 1}`, data })), ["loci"]);

/* The progress of all shards, of which the slowest decides. */
const showScan = (texts, begun) => {
  const total = (pattern) => texts.reduce((sum, text) => sum + Number(pattern.exec(text)?.[1] ?? 0), 0);
  const done = texts.map((text) => doneOf(text, begun));
  const slowest = done.includes(null) ? null : Math.min(...done);
  const left = slowest === null ? "" : `, ${/[\d:]+ left/.exec(texts[done.indexOf(slowest)])[0]}`;
  show(`${total(/([\d.]+) Mb,/).toFixed(2)} Mb, about ${total(/about (\d+) loci/)} loci${left}`, slowest);
};

/* As many shards as there are processors, each in a worker. */
const scan = async () => {
  const begun = performance.now();
  const shards = Math.max(1, Math.min(8, navigator.hardwareConcurrency ?? 1));
  const texts = new Array(shards).fill("");
  const answers = await Promise.all(texts.map((_, i) => run(
    ["scan", job.path, "-m", job.model, ...job.options, "--shard", `${i + 1}/${shards}`, "-o", "/part"], [job.file],
    ["part"], (text) => {
      texts[i] = text;
      showScan(texts, begun);
    })));
  const failed = answers.find(({ status }) => status !== 0);
  if (failed) return failed;
  parts = answers.map(({ outputs }) => outputs.part);
  const merged = await merge("tsv");
  return { ...merged, messages: answers[0].messages + merged.messages, outputs: { out: merged.outputs.loci } };
};

const readJob = (kind) => ({
  kind, ...input(), model: $("model").value,
  options: [...option("--threshold", "threshold"), ...kind === "scan"
    ? ["--strand", $("strand").value, ...option("--decoy", "decoy")] : option("--prior", "prior")],
});

/* Says that it is busy while `work` runs; its answer, or null where it failed or was cancelled. */
const attend = async (work) => {
  $("error").hidden = true;
  busy(true);
  show("Starting", null);
  const begun = performance.now();
  const answer = await work();
  busy(false);
  const taken = durationOf((performance.now() - begun) / 1000);
  show(answer.status === -1 ? "Cancelled: nothing was kept" : answer.status === 0 ? `Done in ${taken}` : "");
  if (answer.status > 0) fail(answer.messages || "The program ended without a message.");
  return answer.status === 0 ? answer : null;
};

$("job").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("error").hidden = $("results").hidden = $("explanation").hidden = true;
  if (!dropped && $("text").value.trim() === "") return fail("Paste sequences or choose a file first.");
  sequences = null;
  job = readJob(task());
  const answer = await attend(() => job.kind === "scan" ? scan() : predict("tsv"));
  if (answer) showResults(job.kind, answer.outputs.out);
});

/* --- the results --- */

let table = null; /* { kind, text, names, rows: [cells], numbers: [bool] } */
let view = [];    /* indices of the rows that are shown, in their order */
let page = 0, order = { column: -1, down: false };

const column = (name) => table.names.indexOf(name);
const value = (row, name) => row[column(name)];
const isPositive = (row) => table.kind === "scan" || value(row, "call") === "pre-miRNA";
const nameOf = (row) => table.kind === "scan"
  ? `${row[0]}:${value(row, "start")}-${value(row, "end")}(${value(row, "strand")})` : row[0];

const linesOf = (text) => text.trimEnd().split("\n").filter((line) => !line.startsWith("#")).map((line) => line.split("\t"));

const countsOf = (rows) => {
  const positives = rows.filter(isPositive).length;
  const long = rows.filter((row) => value(row, "flags").split(",").includes("long")).length;
  return `${rows.length} records: ${positives} pre-miRNA, ${rows.length - positives} other or not scored.` +
    (long > 0 ? ` ${long} of more than 300 nucleotides: of these only the best hairpin is shown; choose ` +
      "\u201ca genome\u201d above to see them all." : "");
};

const showResults = (kind, text) => {
  const [head, ...rows] = linesOf(text);
  const numbers = head.map((name, k) => rows.every((row) => row[k] === "NA" || row[k] === "-" || row[k] !== "" && !isNaN(row[k])));
  table = { kind, text, names: head, rows, numbers };
  order = { column: head.indexOf("p_mirna"), down: true };
  $("search").value = "";
  $("called").checked = false;
  $("called").parentElement.hidden = kind === "scan";
  $("summary").textContent = kind === "scan" ? `${rows.length} loci` : countsOf(rows);
  drawHistogram(rows.map((row) => parseFloat(value(row, "p_mirna"))).filter((p) => !isNaN(p)),
    kind === "scan" ? "locus" : "record");
  writeHead();
  writeDownloads();
  $("results").hidden = false;
  refresh();
  $("results-title").scrollIntoView({ block: "nearest" });
};

const writeHead = () => {
  const cells = table.names.map((name, k) => {
    const cell = document.createElement("th"), button = document.createElement("button");
    cell.scope = "col";
    if (table.numbers[k]) cell.className = "n";
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => {
      order = { column: k, down: order.column === k ? !order.down : table.numbers[k] };
      refresh();
    });
    cell.append(button);
    return cell;
  });
  document.querySelector("table.index thead tr").replaceChildren(...cells);
};

/* Cells without a value come last, either way. */
const compare = (a, b) => {
  const k = order.column, sign = order.down ? -1 : 1;
  const x = table.rows[a][k], y = table.rows[b][k];
  if (!table.numbers[k]) return x === y ? a - b : sign * (x < y ? -1 : 1);
  const p = parseFloat(x), q = parseFloat(y);
  if (isNaN(p) || isNaN(q)) return isNaN(p) - isNaN(q) || a - b;
  return sign * (p - q) || a - b;
};

const refresh = () => {
  const words = $("search").value.toLowerCase().split(/\s+/).filter((word) => word);
  view = [...table.rows.keys()].filter((i) => {
    const row = table.rows[i];
    if ($("called").checked && !isPositive(row)) return false;
    const text = words.length > 0 ? row.join("\t").toLowerCase() : "";
    return words.every((word) => text.includes(word));
  });
  if (order.column >= 0) view.sort(compare);
  page = 0;
  writePage();
};

const makeCell = (row, k, index) => {
  const cell = document.createElement("td");
  if (table.numbers[k]) cell.className = "n";
  if (k > 0) {
    cell.textContent = cell.title = row[k];
    return cell;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = row[0] || "(no name)";
  button.title = `Explain ${row[0]}`;
  button.addEventListener("click", () => explain(index));
  cell.append(button);
  return cell;
};

const writePage = () => {
  const from = page * PAGE_ROWS, shown = view.slice(from, from + PAGE_ROWS);
  document.querySelector("table.index tbody").replaceChildren(...shown.map((index) => {
    const line = document.createElement("tr"), row = table.rows[index];
    if (table.kind === "predict" && isPositive(row)) line.className = "positive";
    line.append(...row.map((text, k) => makeCell(row, k, index)));
    return line;
  }));
  [...document.querySelectorAll("table.index th")].forEach((cell, k) => {
    if (k === order.column) cell.setAttribute("aria-sort", order.down ? "descending" : "ascending");
    else cell.removeAttribute("aria-sort");
  });
  $("found").textContent = `${view.length} of ${table.rows.length} rows`;
  $("position").textContent = view.length === 0 ? "no rows" : `rows ${from + 1} to ${from + shown.length}`;
  $("previous").disabled = page === 0;
  $("next").disabled = from + PAGE_ROWS >= view.length;
};
$("search").addEventListener("input", refresh);
$("called").addEventListener("change", refresh);
$("previous").addEventListener("click", () => { page--; writePage(); });
$("next").addEventListener("click", () => { page++; writePage(); });

/* --- mature sequences --- */

/* Those of a row of `predict`, whose values `cell` gives by their names. */
const matureOf = (cell, sequence) => ["5p", "3p"].flatMap((arm) => {
  const range = /^(\d+)-(\d+)$/.exec(cell(`mature_${arm}`));
  return range ? [{ arm, range: range[0], mature: sequence.slice(range[1] - 1, range[2]), p: cell(`p_${arm}`) }] : [];
});

/* `report` is a page of the program for this record alone, whose drawing marks them. */
const showMature = (report, cell, sequence) => {
  const drawing = new DOMParser().parseFromString(report, "text/html").querySelector("article svg.drawing");
  const found = matureOf(cell, sequence);
  $("mature-rows").replaceChildren(...found.map(({ arm, range, mature, p }) => {
    const line = document.createElement("tr");
    for (const text of [arm, range, mature, p]) line.insertCell().textContent = text;
    const key = document.createElement("span");
    key.className = `key m${arm === "5p" ? 1 : 2}`;
    line.cells[0].prepend(key);
    line.cells[3].className = "n";
    return line;
  }));
  $("mature-drawing").replaceChildren(...drawing ? [document.importNode(drawing, true)] : []);
  $("mature-table").hidden = found.length === 0;
  $("mature-none").hidden = found.length > 0;
};

/* --- the histogram --- */

/* As src/report/histogram.c draws it: 1, 2 or 5 times a power of ten, so that about four reach `most`. */
const tickStep = (most) => {
  const wanted = Math.max(1, most / 4), power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].find((step) => step * power >= wanted) * power;
};

const drawHistogram = (values, noun) => {
  const counts = new Array(BINS).fill(0);
  for (const p of values) counts[Math.min(BINS - 1, Math.floor(p * BINS))]++;
  const left = 78, top = 10, height = 150, bar = 20, gap = 2, width = bar * BINS;
  const most = Math.max(1, ...counts), step = tickStep(most), last = Math.ceil(most / step) * step;
  const text = (x, y, anchor, words) => `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
  const grid = Array.from({ length: last / step + 1 }, (_, k) => {
    const y = top + height * (1 - k * step / last);
    return `<path class="grid" d="M${left} ${y}h${width}"/>${text(left - 8, y + 4, "end", k * step)}`;
  });
  const bars = counts.map((count, k) => {
    const tall = count / last * height;
    return `<rect x="${left + k * bar + gap / 2}" y="${top + height - tall}" width="${bar - gap}" height="${tall}"><title>` +
      `${(k / BINS).toFixed(2)} to ${((k + 1) / BINS).toFixed(2)}: ${count}</title></rect>`;
  });
  const ticks = [0, .25, .5, .75, 1].map((p) => text(left + p * width, top + height + 18, "middle", p));
  $("histogram").innerHTML = values.length === 0 ? `<figcaption>No ${noun} has a probability.</figcaption>` :
    `<svg viewBox="0 0 ${left + width + 20} ${top + height + 46}" role="img" aria-label="Histogram of p_mirna">` + grid.join("") +
    `<text transform="rotate(-90)" x="${-(top + height / 2)}" y="14" text-anchor="middle">${noun === "locus" ? "loci" : "records"}</text>` +
    bars.join("") + ticks.join("") + text(left + width / 2, top + height + 38, "middle", "p_mirna") + "</svg>";
};

/* --- downloads --- */

const save = (name, text, type) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};
const fasta = async (records) => {
  sequences ??= await readSequences();
  return table.rows.flatMap((row, i) => isPositive(row) ? records(row, sequences[i]) : []).join("");
};

const matureFasta = (row, sequence) => matureOf((name) => value(row, name), sequence).map(({ arm, mature, p }) =>
  `>${row[0]}:${arm} p_${arm}=${p}\n${mature}\n`); /* as in the FASTA of a scan */
const writeDownloads = () => {
  const formats = table.kind === "scan"
    ? ["gff3", "bed", "tsv", "jsonl", "fasta"].map((format) => [format.toUpperCase(), async () => {
      const { outputs } = await merge(format);
      save(`loci.${format === "fasta" ? "fa" : format}`, outputs.loci ?? "", "text/plain");
    }])
    : [["TSV", () => save("predictions.tsv", table.text, "text/tab-separated-values")],
      ["GFF3", async () => {
        const answer = await attend(() => predict("gff3"));
        if (answer) save("predictions.gff3", answer.outputs.out, "text/plain");
      }],
      ["FASTA of pre-miRNAs", async () => save("pre-mirnas.fa",
        await fasta((row, sequence) => [`>${row[0]}\n${sequence}\n`]), "text/plain")],
      ["FASTA of mature miRNAs", async () => save("mature-mirnas.fa", await fasta(matureFasta), "text/plain")]];
  $("downloads").replaceChildren("Download", ...formats.map(([name, get]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", get);
    return button;
  }));
};

/* --- one explanation --- */

let explained = null; /* { name, record, html } */
const explain = async (index) => {
  const row = table.rows[index];
  if (table.kind === "predict") sequences ??= await readSequences();
  const sequence = table.kind === "scan" ? value(row, "sequence") : sequences[index];
  const record = `>${nameOf(row)}\n${sequence}\n`;
  const files = [{ name: "one.fa", data: record }], model = ["-m", job.model];
  show(`Explaining ${nameOf(row)}`, null);
  const answers = await Promise.all([run(["explain", "/one.fa", ...model, "-o", "/out.html"], files, ["out.html"]),
    run(["predict", "/one.fa", ...model, "--mature", "--report", "/page.html", "-o", "/out.tsv"], files, ["page.html", "out.tsv"])]);
  show("");
  $("error").hidden = true;
  const failed = answers.find(({ status }) => status !== 0);
  if (failed) return fail(failed.messages);
  const [{ outputs: { "out.html": html } }, { outputs: drawn }] = answers;
  const [names, cells] = linesOf(drawn["out.tsv"]);
  showMature(drawn["page.html"], (name) => cells[names.indexOf(name)], sequence);
  explained = { name: nameOf(row), record, html };
  $("explanation-title").textContent = explained.name;
  $("explanation").hidden = false;
  $("frame").srcdoc = html;
  $("explanation-title").focus();
};
$("frame").addEventListener("load", () => {
  const inside = $("frame").contentDocument;
  if (inside?.body) $("frame").style.height = `${Math.min(20000, inside.documentElement.scrollHeight + 30)}px`;
});
$("save-page").addEventListener("click", () => save("explanation.html", explained.html, "text/html"));
$("save-svg").addEventListener("click", async () => {
  const { status, messages, outputs } = await run(["explain", "/one.fa", "-m", job.model, "-f", "svg", "-o", "/out.svg"],
    [{ name: "one.fa", data: explained.record }], ["out.svg"]);
  if (status === 0) save("explanation.svg", outputs["out.svg"], "image/svg+xml");
  else fail(messages);
});
