/* SPDX-License-Identifier: MIT */
"use strict";
/* --- the index: sorting and searching --- */
for (const table of document.querySelectorAll("table.index")) {
  const body = table.tBodies[0];
  const key = (row, k) => row.cells[k].dataset.v ?? row.cells[k].textContent;
  const sort = (head, k) => {
    const down = head.ariaSort ? head.ariaSort === "ascending" : head.classList.contains("n");
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const number = head.classList.contains("n"), sign = down ? -1 : 1;
    const value = (row) => number ? parseFloat(key(row, k)) : key(row, k);
    /* What has no value comes last, either way. */
    const rows = [...body.rows].map((row) => [value(row), row]);
    rows.sort(([a], [b]) => number
      ? (isNaN(a) ? (isNaN(b) ? 0 : 1) : isNaN(b) ? -1 : sign * (a - b))
      : sign * (a < b ? -1 : a > b ? 1 : 0));
    body.append(...rows.map(([, row]) => row));
  };
  [...table.tHead.rows[0].cells].forEach((head, k) =>
    head.querySelector("button")?.addEventListener("click", () => sort(head, k)));
  const box = document.getElementById("search"), count = document.getElementById("found");
  box?.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter((word) => word);
    let shown = 0;
    for (const row of body.rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    count.textContent = `${shown} of ${body.rows.length} rows`;
  });
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
