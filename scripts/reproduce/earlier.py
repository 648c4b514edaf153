# SPDX-License-Identifier: MIT
"""Rows of a report that is there already, of experiments that are not in the folder of results; and that
report with its Table 2 made again."""
import re

SECTION = "Performance (Table 2)"
MARK = " †"  # behind the title of a row that was taken over
TABLES = {"Cross-validation:": False, "The held-out test rows:": True}  # by the line over them


def section_of(text, begin, end):
    """(from, to) of the part of `text` from the one heading to the next."""
    first = text.index(begin)
    return first, text.find(end, first + len(begin))


def read_rows(path, titles):
    """{(set, whether of the test rows, title): row} of Table 2; empty without a report. titles: {set: heading}."""
    if not path.exists():
        return {}
    text = path.read_text()
    first, last = section_of(text, f"## {SECTION}\n", "\n## ")
    rows, name, test = {}, None, False
    names = {heading: name for name, heading in titles.items()}
    for line in text[first:last].splitlines():
        if line.startswith("### "):
            name, test = names[line[4:]], line[4:] == titles["new"]
        test = TABLES.get(line, test)
        if line.startswith("| ") and " ours" in line:
            row = [cell.strip() for cell in line.strip("|").split("|")]
            if row[1] != "not run":
                rows[name, test, row[0].removesuffix(MARK)] = row
    return rows


def replace_section(folder, page):
    """Puts the blocks of the page, which are the section, in place of it in report.md and report.html."""
    blocks = page.blocks[1:]  # without the title
    parts = {"report.md": (f"## {SECTION}\n", "\n## ", "\n\n".join(b.markdown() for b in blocks) + "\n"),
             "report.html": (f"<h2>{SECTION}</h2>", "<h2>", "\n".join(b.html(0) for b in blocks) + "\n")}
    for name, (begin, end, new) in parts.items():
        path = folder / name
        if path.exists():
            text = path.read_text()
            first, last = section_of(text, begin, end)
            path.write_text(text[:first] + new + text[last:])


def value(cell):
    """The mean in a cell of a table: .812 ± .003; None where there is none."""
    found = re.match(r"[01]?\.\d+", cell)
    return float(found[0]) if found else None
