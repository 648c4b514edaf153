/* SPDX-License-Identifier: MIT */
"use strict";
/* --- the index: sorting, searching, choosing --- */
const make = (name, attributes = {}, ...inside) => {
  const svg = ["svg", "rect", "path", "title"].includes(name) && attributes.svg !== false;
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
};
/* NAME:FROM-TO(STRAND), the id of a locus; or null. */
const placeOf = (row) => {
  const found = /^(.*):(\d+)-(\d+)\(([+-])\)$/.exec(row.cells[1].textContent);
  return found && { name: found[1], start: Number(found[2]), end: Number(found[3]), strand: found[4] };
};
const index = document.querySelector("table.index");
const rowsOf = () => (index ? [...index.tBodies[0].rows] : []);
const heads = index ? [...index.tHead.rows[0].cells] : [];
const titles = heads.map((head) => head.textContent);
const key = (row, k) => row.cells[k].dataset.v ?? row.cells[k].textContent;
const tests = [];
const watchers = [];
const refresh = () => {
  const words = document.getElementById("search").value.toLowerCase().split(/\s+/).filter((word) => word);
  const rows = rowsOf();
  let shown = 0;
  for (const row of rows) {
    const text = words.length ? row.textContent.toLowerCase() : "";
    row.hidden = !words.every((word) => text.includes(word)) || !tests.every((test) => test(row));
    shown += !row.hidden;
  }
  document.getElementById("found").textContent = `${shown} of ${rows.length} rows`;
  for (const watcher of watchers) watcher();
};
if (index) {
  const sort = (head, k) => {
    const down = head.ariaSort ? head.ariaSort === "ascending" : head.classList.contains("n");
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const number = head.classList.contains("n"), sign = down ? -1 : 1;
    const value = (row) => number ? parseFloat(key(row, k)) : key(row, k);
    /* What has no value comes last, either way. */
    const rows = rowsOf().map((row) => [value(row), row]);
    rows.sort(([a], [b]) => number
      ? (isNaN(a) ? (isNaN(b) ? 0 : 1) : isNaN(b) ? -1 : sign * (a - b))
      : sign * (a < b ? -1 : a > b ? 1 : 0));
    index.tBodies[0].append(...rows.map(([, row]) => row));
  };
  heads.forEach((head, k) => head.querySelector("button")?.addEventListener("click", () => sort(head, k)));
  document.getElementById("search")?.addEventListener("input", refresh);
}
/* Sliders run over the values that occur, so that each step leaves out or lets in a row. */
const addSlider = (bar, title, least) => {
  const k = titles.indexOf(title);
  if (k < 0) return;
  const values = [...new Set(rowsOf().map((row) => parseFloat(key(row, k))).filter((v) => !isNaN(v)))];
  values.sort((a, b) => least ? a - b : b - a);
  if (values.length < 2) return;
  const slider = make("input", { type: "range", min: 0, max: values.length - 1, value: 0, "data-title": title });
  const shown = make("output", {}, String(values[0]));
  slider.addEventListener("input", () => {
    shown.textContent = String(values[slider.value]);
    refresh();
  });
  /* At its end a slider leaves out nothing, not even rows that have no value. */
  tests.push((row) => {
    const value = parseFloat(key(row, k)), limit = values[slider.value];
    return slider.value === "0" || (least ? value >= limit : value <= limit);
  });
  bar.append(make("label", {}, `${title} ${least ? "at least" : "at most"} `, slider, " ", shown));
};
const addStrands = (bar) => {
  const strands = new Set(rowsOf().map((row) => placeOf(row)?.strand));
  if (strands.size !== 2 || strands.has(undefined)) return;
  const choice = make("select", { "data-title": "strand" });
  for (const name of ["both", "+", "-"]) choice.append(make("option", {}, name));
  choice.addEventListener("change", refresh);
  tests.push((row) => choice.value === "both" || placeOf(row).strand === choice.value);
  bar.append(make("label", {}, "strand ", choice));
};
/* --- the chosen rows as a file --- */
const attributes = (row) => titles.map((title, k) => [title.replace(/ .*/, ""), key(row, k)])
  .slice(2).filter(([title, value]) => value !== "NA");
const escapeColumn = (text) => text.replace(/[^A-Za-z0-9.:^*$@!+_?|-]/g, encodeURIComponent);
const escapeAttribute = (text) => text.replace(/[\t\n\r%;=&,]/g, encodeURIComponent);
const PLACE = ["name", "start", "end", "strand"];
const inPlaces = rowsOf().every(placeOf);
const formats = {
  tsv: { head: () => titles.map((title) => title.replace(/ .*/, "")).concat(inPlaces ? PLACE : []).join("\t") + "\n",
    line: (row, place) => titles.map((title, k) => key(row, k))
      .concat(inPlaces ? PLACE.map((name) => place[name]) : []).join("\t") },
  gff3: { places: true, head: () => "##gff-version 3\n",
    line: (row, place) => [escapeColumn(place.name), "deepmirgene", "pre_miRNA", place.start, place.end,
      key(row, titles.indexOf("p_mirna")), place.strand, ".",
      `ID=${escapeAttribute(row.cells[1].textContent)}` +
      attributes(row).map(([title, value]) => `;${title}=${escapeAttribute(value)}`).join("")].join("\t") },
  bed: { places: true, head: () => "",
    line: (row, place) => [place.name, place.start - 1, place.end, row.cells[1].textContent,
      Math.round(1000 * parseFloat(key(row, titles.indexOf("p_mirna")))), place.strand].join("\t") },
  fasta: { sequences: true, head: () => "",
    line: (row) => `>${row.cells[1].textContent} p_mirna=${key(row, titles.indexOf("p_mirna"))}\n${row.dataset.s}` },
};
const listed = (name) => formats[name].head() + rowsOf().filter((row) => !row.hidden)
  .map((row) => formats[name].line(row, placeOf(row)) + "\n").join("");
const addDownloads = (bar) => {
  const rows = rowsOf(), places = inPlaces, sequences = rows.every((row) => row.dataset.s);
  const names = Object.keys(formats).filter((name) =>
    (!formats[name].places || places) && (!formats[name].sequences || sequences));
  const line = make("span", {}, "Save these rows: ");
  for (const name of names) {
    const button = make("button", { type: "button" }, name.toUpperCase());
    button.addEventListener("click", () => {
      const link = make("a", { download: `rows.${name}`, href: URL.createObjectURL(new Blob([listed(name)])) });
      link.click();
      URL.revokeObjectURL(link.href);
    });
    line.append(button, " ");
  }
  bar.append(line);
};
/* --- tracks: where the loci lie --- */
const SEQUENCES = 30, LOCI = 5000;
const addTracks = (at) => {
  const groups = new Map();
  for (const row of rowsOf().slice(0, LOCI)) {
    const place = placeOf(row);
    if (!place || !row.dataset.l) return;
    if (!groups.has(place.name)) groups.set(place.name, []);
    groups.get(place.name).push([place, row]);
  }
  const largest = [...groups].sort((a, b) => b[1].length - a[1].length).slice(0, SEQUENCES);
  const figure = make("figure", { class: "tracks", "aria-label": "loci along the sequences" });
  for (const [name, loci] of largest) {
    const [from, to] = loci[0][1].dataset.l.split(" ").map(Number);
    const first = Math.min(from, ...loci.map(([place]) => place.start));
    const last = Math.max(to, ...loci.map(([place]) => place.end));
    const track = make("svg", { viewBox: "0 0 1000 30", preserveAspectRatio: "none", class: "track", role: "img",
      "aria-label": `${loci.length} loci of ${name}` }, make("path", { class: "axis", d: "M0 15H1000" }));
    for (const [place, row] of loci) {
      const x = 1000 * (place.start - first) / (last - first + 1);
      const width = Math.max(2, 1000 * (place.end - place.start) / (last - first + 1));
      const tick = make("rect", { x: Math.min(x, 998), y: place.strand === "+" ? 2 : 17, width, height: 11 },
        make("title", {}, `${row.cells[1].textContent}, p_mirna ${key(row, titles.indexOf("p_mirna"))}`));
      tick.addEventListener("click", () => {
        row.scrollIntoView({ block: "center" });
        for (const other of rowsOf()) other.classList.toggle("here", other === row);
      });
      watchers.push(() => tick.classList.toggle("out", row.hidden));
      track.append(tick);
    }
    const bases = (n) => n.toLocaleString("en");
    figure.append(make("p", { class: "pale" }, `${name}, ${bases(first)} to ${bases(last)}`), track);
  }
  const rest = groups.size - largest.length;
  figure.append(make("figcaption", {}, "Loci on the plus strand are above the line. A click shows the row." +
    (rest > 0 ? ` The other ${rest} sequences have fewer loci.` : "")));
  at.before(figure);
};
if (rowsOf().length > 0) {
  const bar = make("p", { class: "filters" }), search = document.getElementById("search").closest("p");
  addSlider(bar, "p_mirna", true);
  addSlider(bar, "q_value", false);
  addSlider(bar, "copies", false);
  addStrands(bar);
  addDownloads(bar);
  search.after(bar);
  addTracks(search);
}
/* --- heat maps: the value under the pointer, or at the cursor that the arrow keys move --- */
const hover = document.getElementById("hover");
const told = (map, r, c) => {
  const d = map.dataset, value = d.values.split(" ")[r * d.columns + c];
  const position = Number(d.first) + d.direction * c;
  return `${d.names.split("|")[r]}, position ${position} ${d.letters ? d.letters[c] : ""}: ` +
    (value === "x" ? "no value" : `${d.what} ${value}`);
};
const tell = (map, r, c, x, y) => {
  hover.textContent = told(map, r, c);
  hover.style.display = "block";
  hover.style.left = Math.max(4, Math.min(x + 12, innerWidth - hover.offsetWidth - 8)) + "px";
  hover.style.top = Math.max(4, y - hover.offsetHeight - 8) + "px";
  let cursor = map.querySelector(".cursor");
  if (!cursor) {
    cursor = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    cursor.setAttribute("class", "cursor");
    cursor.setAttribute("width", map.dataset.cell);
    cursor.setAttribute("height", map.dataset.cell);
    map.append(cursor);
  }
  cursor.setAttribute("x", c * map.dataset.cell);
  cursor.setAttribute("y", r * map.dataset.cell);
};
const hush = (map) => {
  hover.style.display = "none";
  map.querySelector(".cursor")?.remove();
};
for (const map of document.querySelectorAll("svg.map")) {
  const rows = Number(map.dataset.rows), columns = Number(map.dataset.columns);
  let row = 0, column = 0;
  const within = (value, count) => Math.max(0, Math.min(count - 1, value));
  map.addEventListener("pointermove", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    const c = Math.floor(at.x / map.dataset.cell), r = Math.floor(at.y / map.dataset.cell);
    if (r < 0 || c < 0 || r >= rows || c >= columns) return hush(map);
    row = r;
    column = c;
    tell(map, r, c, event.clientX, event.clientY);
  });
  map.addEventListener("pointerleave", () => hush(map));
  map.addEventListener("blur", () => hush(map));
  map.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    row = within(row + step[0], rows);
    column = within(column + step[1], columns);
    const at = new DOMPoint((column + 1) * map.dataset.cell, row * map.dataset.cell)
      .matrixTransform(map.getScreenCTM());
    tell(map, row, column, at.x, at.y);
  });
}
