# SPDX-License-Identifier: MIT
"""A page of text, tables and figures, written as Markdown and as HTML that needs no other file.

Texts may contain `code`, **bold** and [links](address).
"""
import html
import re

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; max-width: 76rem; margin: 2rem auto;
       padding: 0 1.5rem; }
p, ul { max-width: 46rem; }
h1, h2, h3 { line-height: 1.2; margin: 2.2em 0 0.6em; }
h1 { margin-top: 0; }
.table { overflow-x: auto; margin: 1em 0; }
table { border-collapse: collapse; font-size: 0.84rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3em 0.65em; text-align: right; border-bottom: 1px solid #ddd; }
td { white-space: nowrap; }
td code { white-space: normal; }
th { border-bottom: 2px solid #555; vertical-align: bottom; }
th:first-child, td:first-child, .words { text-align: left; }
tr.quoted td { color: #555; background: #f6f6f2; }
figure { margin: 1.5em 0; }
figure svg { width: 100%; height: auto; max-width: 60rem; }
figcaption { max-width: 46rem; color: #444; font-size: 0.9rem; }
code, pre { font: 0.86em/1.45 ui-monospace, monospace; background: #f3f3f3; }
code { padding: 0.1em 0.25em; }
pre { padding: 0.8em 1em; overflow-x: auto; }
pre code { padding: 0; }
@media screen and (prefers-color-scheme: dark) {
  body { color: #e6e6e6; background: #15171b; }
  a { color: #8ab4f8; }
  th, td { border-color: #3a3d44; }
  tr.quoted td { color: #aab; background: #1d2026; }
  figcaption { color: #bbb; }
  code, pre { background: #22252b; }
}
"""


def rich(text):
    text = html.escape(text, quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"\[([^]]+)\]\(([^)]+)\)", r'<a href="\2">\1</a>', text)


def own_ids(svg, number):
    """Several figures of gnuplot in one page use the same ids."""
    svg = svg[svg.index("<svg"):]
    svg = re.sub(r"""\bid=(['"])""", rf"id=\1f{number}-", svg)
    svg = re.sub(r"""href=(['"])#""", rf"href=\1#f{number}-", svg)
    return svg.replace("url(#", f"url(#f{number}-")


class Table:
    """rows: the first has the titles. Rows that begin with QUOTED are shown apart in HTML."""

    QUOTED = "quoted: "

    def __init__(self, rows, word_columns=()):
        self.rows = rows
        self.words = {0, *word_columns}

    def markdown(self):
        widths = [max(len(row[k]) for row in self.rows) for k in range(len(self.rows[0]))]
        lines = ["| " + " | ".join(
            cell.ljust(width) if k in self.words else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths))) + " |" for row in self.rows]
        rule = ["-" * width if k in self.words else "-" * (width - 1) + ":"
                for k, width in enumerate(widths)]
        return "\n".join([lines[0], "| " + " | ".join(rule) + " |", *lines[1:]])

    def html_row(self, row, tag):
        quoted = ' class="quoted"' if row[0].startswith(self.QUOTED) else ""
        cells = [f'<{tag}{" class=words" if k in self.words else ""}>{rich(cell)}</{tag}>'
                 for k, cell in enumerate(row)]
        return f"<tr{quoted}>{''.join(cells)}</tr>"

    def html(self, _):
        head = self.html_row(self.rows[0], "th")
        body = "\n".join(self.html_row(row, "td") for row in self.rows[1:])
        return (f'<div class="table"><table>\n<thead>{head}</thead>\n'
                f"<tbody>\n{body}\n</tbody></table></div>")


class Figure:
    def __init__(self, path, alternative, caption):
        self.path, self.alternative, self.caption = path, alternative, caption

    def markdown(self):
        return f"![{self.alternative}](figures/{self.path.name})\n\n{self.caption}"

    def html(self, number):
        svg = own_ids(self.path.read_text(), number)
        label = html.escape(self.alternative)
        svg = svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
        return f"<figure>\n{svg}\n<figcaption>{rich(self.caption)}</figcaption></figure>"


class Words:
    """A block whose Markdown is given; HTML wraps each of its lines."""

    def __init__(self, markdown, before, after, lines=None):
        self.text, self.before, self.after, self.lines = markdown, before, after, lines

    def markdown(self):
        return self.text

    def html(self, _):
        return self.before + "\n".join(self.lines) + self.after


class Page:
    def __init__(self, title):
        self.title = title
        self.blocks = []
        self.heading(1, title)

    def heading(self, level, text):
        self.blocks.append(Words("#" * level + " " + text, f"<h{level}>", f"</h{level}>",
                                 [rich(text)]))

    def text(self, text):
        text = " ".join(text.split())
        self.blocks.append(Words(text, "<p>", "</p>", [rich(text)]))

    def bullets(self, texts):
        texts = [" ".join(text.split()) for text in texts]
        self.blocks.append(Words("\n".join("* " + text for text in texts), "<ul>", "</ul>",
                                 [f"<li>{rich(text)}</li>" for text in texts]))

    def code(self, text):
        lines = text.rstrip("\n").split("\n")
        self.blocks.append(Words("\n".join("    " + line if line else "" for line in lines),
                                 "<pre><code>", "</code></pre>", [html.escape(l) for l in lines]))

    def table(self, rows, word_columns=()):
        self.blocks.append(Table(rows, word_columns))

    def figure(self, path, alternative, caption):
        self.blocks.append(Figure(path, alternative, " ".join(caption.split())))

    def markdown(self):
        return "\n\n".join(block.markdown() for block in self.blocks) + "\n"

    def html(self):
        blocks = "\n".join(block.html(number) for number, block in enumerate(self.blocks))
        return ("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                f"<title>{html.escape(self.title)}</title>\n<style>{STYLE}</style>\n</head>\n"
                f"<body>\n{blocks}\n</body>\n</html>\n")
