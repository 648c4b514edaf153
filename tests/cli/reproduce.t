`make reproduce`: the paper's experiments on the published sets, here with a few records and epochs.

    $ data=${DMG_SHARED:-$DMG_SOURCE/../shared}/data/mirboost
    > [ -d "$data" ] || { echo "the published sets are not here"; exit 77; }
    > command -v gnuplot >/dev/null || { echo "gnuplot is not here"; exit 77; }
    > cat >reproduce <<END
    > #!/bin/sh
    > exec python3 "$DMG_SOURCE/scripts/reproduce" --quick "$data" "$(command -v deepmirgene)" "\$@"
    > END
    > chmod +x reproduce

== Every experiment, figures, and a report with all of them

    $ ./reproduce out report 2>log || tail log >&2
    $ tail -1 log
    wrote report/report.md and report.html
    $ grep -c 'not run' report/report.md
    0
    [1]
    $ grep '^#' report/report.md
    # deepMiRGene, reproduced
    ## In short
    ## Protocol
    ## Data (Table 1)
    ## Performance (Table 2)
    ### human
    ### cross-species
    ### new
    ## Seeds, folds and the plateau
    ## Learning curves (Figure 4)
    ## Sequence, structure, both (Figure 5)
    ## Split and flipped, or read in one direction (Figure 6)
    ## ROC and precision-recall curves
    ## Variants (section 5)
    ## What was tried
    ## How this was made

The programs of Table 2 have a page of their own, which can be made alone.

    $ grep '^#' report/rivals.md; grep -ciE 'not run|not there' report/rivals.md
    # The programs of Table 2, run
    ## human
    ## cross-species
    ## new
    ## What features are worth
    ## Quoted and run
    ## Time
    ## Commands
    0
    [1]
    $ grep -c '^| [a-z-]*, ours' report/rivals.md
    45
    $ ./reproduce out alone --rivals human 2>&1 | tail -1; ls alone; cmp alone/rivals.md report/rivals.md
    wrote alone/rivals.md
    rivals.md

A report keeps the rows of what is not in the folder, with a mark, and all but its Table 2.

    $ mkdir less; cp -r out/deepmirgene out/data out/results less; rm less/results/human-network.stamp less/results/new-triplet-svm.stamp
    $ cp -r report kept; ./reproduce less kept --report --rivals human cross_species new 2>/dev/null
    $ for page in report.md rivals.md; do diff report/$page kept/$page | grep -c '^> | .*ours.* †'; done
    3
    3
    $ sed 's/ †  *|/|/; s/  *|/|/' kept/report.md | grep -v '^Rows with' | cat -s >kept.md; sed 's/  *|/|/' report/report.md | cat -s | diff - kept.md | grep -c '^[<>] [^|]'
    0
    [1]
    $ grep -c ' †' kept/report.html
    4

The page needs no other file, and every figure of the Markdown is there.

    $ python3 - <<'END'
    > import html.parser, pathlib, re
    > open_tags = []
    > class Checker(html.parser.HTMLParser):
    >     void = {"meta", "path", "use", "rect", "circle", "polygon", "stop", "br"}
    >     def handle_starttag(self, tag, attrs):
    >         assert not re.match("https?:|figures", dict(attrs).get("src", "")), attrs
    >         open_tags.append(tag)
    >         if tag in self.void: open_tags.pop()
    >     def handle_endtag(self, tag):
    >         if tag not in self.void: assert open_tags.pop() == tag, tag
    > page = pathlib.Path("report/report.html").read_text()
    > Checker().feed(page)
    > ids = re.findall(r"""\bid=["']([^"']+)""", page)
    > figures = re.findall(r"!\[.*\]\((.*)\)", pathlib.Path("report/report.md").read_text())
    > print(open_tags, len(ids) == len(set(ids)), page.count("<svg") == len(figures) > 10,
    >       all((pathlib.Path("report") / figure).stat().st_size > 2000 for figure in figures))
    > END
    [] True True True

What is finished is not done again, and the report has the same numbers.

    $ cp report/report.md before.md; ./reproduce out report 2>&1 | cut -d ' ' -f 2-
    of * steps are done already
    report/report.md and report.html
    $ cmp before.md report/report.md

A step that has lost its stamp goes on from its checkpoints and ends alike.

    $ rm -r out/results/human-network.stamp out/results/human-network/metrics.json
    > ./reproduce out report 2>/dev/null
    $ diff before.md report/report.md | grep -c human-network
    2

== Data that are not there are named

    $ mkdir empty; python3 "$DMG_SOURCE/scripts/reproduce" empty "$(command -v deepmirgene)" out report
    ! reproduce: cannot read empty/human_splits.tsv: No such file or directory; doc/models.md says where the published sets are
    [1]
