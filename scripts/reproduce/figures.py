# SPDX-License-Identifier: MIT
"""Bars and curves of several experiments in one figure, drawn by gnuplot in the manner of the
program's own figures (src/report/figure.c), with the colours of Okabe and Ito."""
import math
import shutil
import subprocess

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("1", "(14,5)", "(4,4)", "(14,4,3,4)", "(20,4)", "(8,3,2,3)", "(2,3)")
BARS_WIDTH = 0.8  # of a group of bars, whose centres are 1 apart

SETUP = """set encoding utf8
set terminal svg size 960,{height} font 'sans-serif,17' linewidth 1.2 background '#ffffff' \\
    noenhanced
set border 3 lc rgb '#404040'
set tics nomirror out textcolor rgb '#000000'
set grid {grid} lt 1 lc rgb '#d8d8d8' lw 0.8
set key outside right top Left reverse samplen 2.5 spacing 1.25 width 1
set style fill solid 1 noborder
"""


class NoGnuplot(Exception):
    pass


def require_gnuplot():
    if not shutil.which("gnuplot"):
        raise NoGnuplot("gnuplot is not on PATH (Debian package gnuplot-nox)")


def draw(path, script):
    done = subprocess.run(["gnuplot", "-d"], input=script, text=True, capture_output=True,
                          check=False)
    if done.returncode != 0 or not done.stdout:
        raise NoGnuplot(f"{path} is not drawn: gnuplot failed ({done.returncode}): {done.stderr}")
    path.write_text(done.stdout)


def quoted(text):
    return "'" + text.replace("'", "\u2019") + "'"


def block(name, rows):
    lines = [" ".join(f"{value:.9g}" for value in row) for row in rows]
    return f"${name} << END\n" + "\n".join(lines) + "\nEND\n"


def draw_bars(path, groups, series, y_title):
    """series: {name: [(mean, deviation)]}, a pair for each group; None: no bar, or no error bar."""
    script = SETUP.format(height=480, grid="y") + (
        f"set ylabel {quoted(y_title)}\nset yrange [0:1]\nset ytics 0.2\n"
        f"set xrange [-0.6:{len(groups) - 0.4}]\n"
        "set xtics scale 0 ("
        + ", ".join(f"{quoted(name)} {k}" for k, name in enumerate(groups)) + ")\n")
    width = BARS_WIDTH / len(series)
    plots = []
    for k, (name, pairs) in enumerate(series.items()):
        shift = (k - (len(series) - 1) / 2) * width
        bars = [(at + shift, mean, deviation or 0) for at, (mean, deviation) in enumerate(pairs)
                if mean is not None]
        script += block(f"bars{k}", bars)
        plots += [f"$bars{k} using 1:2:({0.92 * width:.4f}) with boxes fc rgb '{COLOURS[k]}' "
                  f"title {quoted(name)}",
                  f"$bars{k} using 1:($2-$3):(0):(2*$3) with vectors heads size screen 0.006,90 "
                  "lw 1.2 lc rgb '#000000' notitle"]
    draw(path, script + "plot " + ", ".join(plots) + "\n")


def round_range(values, most=7):
    """The least and largest of values between 0 and 1, out to a tick, and the distance of ticks,
    which are about so many."""
    width = max(values) - min(values)
    step = next((step for step in (0.01, 0.02, 0.05, 0.1) if width <= step * most), 0.2)
    low = max(0, math.floor(min(values) / step) * step)
    high = min(1, math.ceil(max(values) / step) * step)
    return (low, high, step) if low < high else (0, 1, 0.2)


def draw_rows(path, names, values, x_title):
    """A row for each name, with its value and deviation as a point with an error bar, and the
    values of single runs, [(mean, deviation, [run])], as small rings. The first is the reference:
    a line at its mean goes through all rows."""
    count = len(names)
    low, high, step = round_range([run for _, _, runs in values for run in runs])
    script = SETUP.format(height=100 + 34 * count, grid="x") + (
        f"set xlabel {quoted(x_title)}\nset yrange [{count - 0.5}:-0.5]\n"
        f"set xrange [{low:g}:{high:g}]\nset xtics {step}\n"
        "set ytics scale 0 (" + ", ".join(f"{quoted(n)} {k}" for k, n in enumerate(names)) + ")\n"
        f"set arrow from {values[0][0]:.6g}, graph 0 to {values[0][0]:.6g}, graph 1 nohead "
        "dt (6,5) lc rgb '#808080'\n")
    script += block("runs", [(run, k) for k, (_, _, runs) in enumerate(values) for run in runs])
    script += block("means", [(mean, k, deviation or 0)
                              for k, (mean, deviation, _) in enumerate(values)])
    draw(path, script + (
        f"plot $runs using 1:2 with points pt 6 ps 0.7 lc rgb '{COLOURS[5]}' title 'one run', "
        "$means using ($1-$3):2:(2*$3):(0) with vectors heads size screen 0.006,90 lw 1.6 "
        f"lc rgb '{COLOURS[0]}' title 'standard deviation', "
        f"$means using 1:2 with points pt 7 ps 0.9 lc rgb '{COLOURS[0]}' title 'mean'\n"))


def draw_panels(path, panels, x_title, x_high, span):
    """Nine places, three in a row: {title: (y_high, {name: [(x, y)]})} and the legend in the last
    one. NaN is a gap; span, a range of x, is shaded."""
    script = SETUP.format(height=780, grid="") + (
        "unset key\nset multiplot layout 3,3\nset tmargin 2.6\nset bmargin 3\n"
        "set lmargin 7\nset rmargin 3\n"
        f"set xrange [0:{x_high}]\nset xtics {x_high / 2:g} font ',14'\nset ytics font ',14'\n"
        f"set xlabel {quoted(x_title)} font ',14' offset 0,0.4\n"
        f"set object 1 rectangle from first {span[0]}, graph 0 to first {span[1]}, graph 1 behind "
        "fc rgb '#e4e4e4' fs solid noborder\n")
    names = []
    for place, (title, (y_high, series)) in enumerate(panels.items()):
        names = list(series)
        blocks = [f"panel{place}of{k}" for k in range(len(series))]
        script += "".join(block(name, points) for name, points in zip(blocks, series.values()))
        script += (f"set title {quoted(title)} font ',15' offset 0,-0.5\n"
                   f"set yrange [0:{y_high:g}]\nset ytics {y_high / 2:g}\nplot " + ", ".join(
                       f"${name} using 1:2 with lines lw 1.2 lc rgb '{COLOURS[k]}'"
                       for k, name in enumerate(blocks)) + "\n")
    script += ("unset title\nunset object 1\nunset border\nunset tics\nunset xlabel\n"
               "set tmargin 0\nset bmargin 0\nset xrange [0:1]\nset yrange [0:1]\n"
               "set key at graph 0.1, graph 0.8 left top Left reverse samplen 2.5 spacing 1.25\n"
               "plot ")
    legend = [f"NaN with lines lw 2 lc rgb '{COLOURS[k]}' title {quoted(name)}"
              for k, name in enumerate(names)]
    draw(path, script + ", ".join(
        legend + ["NaN with boxes fc rgb '#e4e4e4' title 'averaged'"]) + "\nunset multiplot\n")


def visible(points, least=0.001):
    """Without points so close to the one before, or in the middle of a horizontal or vertical run,
    that they draw nothing."""
    kept = []
    for point in points:
        if kept and point is not points[-1] and math.dist(point, kept[-1]) < least:
            continue
        while len(kept) > 1 and any(kept[-2][k] == kept[-1][k] == point[k] for k in (0, 1)):
            kept.pop()
        kept.append(point)
    return kept


def draw_curves(path, curves, chance, titles, style):
    """curves: {name: [(x, y)]}; chance: its two ends."""
    script = SETUP.format(height=560, grid="") + (
        f"set xlabel {quoted(titles[0])}\nset ylabel {quoted(titles[1])}\n"
        "set xrange [0:1]\nset yrange [0:1]\nset size ratio 1\n")
    plots = []
    for k, (name, points) in enumerate(curves.items()):
        points = visible(points)
        script += block(f"curve{k}", points)
        plots.append(f"$curve{k} using 1:2 with {style} lw 2 dt {DASHES[k]} "
                     f"lc rgb '{COLOURS[k]}' title {quoted(name)}")
    script += block("chance", chance)
    plots.append("$chance using 1:2 with lines lw 1.2 dt (6,5) lc rgb '#808080' title 'chance'")
    draw(path, script + "plot " + ", ".join(plots) + "\n")


def draw_roc(path, points_of):
    curves = {}
    for name, points in points_of.items():
        positives, negatives = points[-1]
        curves[name] = [(fp / negatives, tp / positives) for tp, fp in points]
    draw_curves(path, curves, [(0, 0), (1, 1)],
                ("false positive rate, 1 - SP", "sensitivity, SE"), "lines")


def draw_precision_recall(path, points_of):
    """Between two thresholds the precision is that of the lower one."""
    curves, share = {}, 0
    for name, points in points_of.items():
        positives, negatives = points[-1]
        share = positives / (positives + negatives)
        curve = [(tp / positives, tp / (tp + fp)) for tp, fp in points[1:]]
        curves[name] = [(0, curve[0][1]), *curve]
    draw_curves(path, curves, [(0, share), (1, share)], ("recall, SE", "precision, PPV"), "fsteps")
