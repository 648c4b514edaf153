deepmirgene crossval: every sequence is evaluated by a method that was not trained on it.

    $ awk '/^>/ { n++; print ">p" n; next } { print; print ">p" n "x"; print substr($0, 3) }' \
    >     pre-mirnas.fa >p.fa
    $ awk '/^>/ { n++; print ">n" n; next } { print; print ">n" n "x"; print substr($0, 3) }' \
    >     others.fa >n.fa
    $ cat >tiny.json <<'END'
    > {"id": "tiny",
    >  "streams": [{"name": "forward", "embedding": 2, "units": [2], "bidirectional": false}],
    >  "dense": [{"name": "output", "inputs": ["forward"], "units": 2, "activation": "sigmoid",
    >             "dropout": 0.1}]}
    > END
    $ cat >xval <<'END'
    > #!/bin/sh
    > exec deepmirgene crossval --recipe 2016 -p p.fa -n n.fa --folds 4 -e 150 -b 4 -a tiny.json --figures none "$@"
    > END
    $ chmod +x xval

== Its results

    $ deepmirgene crossval --recipe 2016 --positive p.fa --negative n.fa --folds 2 --repeats 2 --epochs 3 \
    >     --architecture tiny.json -o out
    ! deepmirgene crossval: 4 of 4 folds done, epoch 12 of 12, 0:00:00 left
    ! ...
    ! deepmirgene crossval: wrote out/report.md and related files in * s
    $ ls out out/runs
    out:
    figures
    history.tsv
    metrics.json
    predictions.tsv
    report.md
    runs
    (blank)
    out/runs:
    repeat1-fold1.checkpoint
    repeat1-fold2.checkpoint
    repeat2-fold1.checkpoint
    repeat2-fold2.checkpoint
    $ ls out/figures
    epochs-fold1.data.tsv
    ...
    $ grep -v '^#' out/history.tsv | cut -f 1-10 | head -4
    repeat	fold	epoch	loss	validation_loss	TP	FP	TN	FN	SE
    1	1	1	0.*	0.*	*	*	*	*	*
    1	1	2	0.*	0.*	*	*	*	*	*
    1	1	3	0.*	0.*	*	*	*	*	*
    $ grep -v '^#' out/history.tsv | wc -l
    13
    $ grep -v '^#' out/predictions.tsv | cut -f 1,3,4 | sort | uniq -c | awk '{print $1}' | uniq -c
    * 33 1
    $ head -1 out/history.tsv
    # command: deepmirgene crossval --positive p.fa --negative n.fa --folds 2 --method network --repeats 2 --seed 1 --bootstrap 1000 --recipe 2016 --architecture tiny.json --epochs 3 --batch 128 --learning-rate 0.001 --average-last 3 --cpu * --figures svg
    $ head -3 out/report.md | cut -c 1-60
    # Cross-validation: network
    (blank)
        deepmirgene crossval --positive p.fa --negative n.fa --f
    $ python3 -c 'import json; j = json.load(open("out/metrics.json"))
    > print(*j); print(len(j["runs"]), [m["name"] for m in j["methods"]])'
    command settings runs averages_of_last_epochs methods
    4 ['network, repeat 1', 'network, repeat 2']

== The same bytes for any number of threads, others for another seed

    $ for t in 1 2 5; do ./xval -e 10 -t $t -o $t 2>/dev/null; done
    $ diff -r 1 2 && diff -r 1 5
    $ ./xval -e 10 -s 2 -o other 2>/dev/null; cmp -s 1/predictions.tsv other/predictions.tsv
    [1]

== Stopped by Ctrl-C, resumed

    $ ./xval -o whole 2>/dev/null
    $ interrupt INT 'out/runs/*.checkpoint' ./xval -o out
    ! deepmirgene crossval: stopped on request; run the same command with --resume to continue
    [1]
    $ ls out
    runs
    $ ./xval -o out
    ! deepmirgene crossval: out is not empty: continue with --resume, or give another folder
    [1]
    $ ./xval -o out --resume -t 1 2>/dev/null
    $ diff -r out whole

== Killed, resumed

What was being written then goes away with --resume.

    $ interrupt KILL 'out/runs/*.checkpoint' ./xval -o out 2>/dev/null || { echo $?; rm -f out/runs/*.part; }
    137
    $ touch out/report.md.1-0.part out/runs/repeat1-fold1.checkpoint.1-0.part
    > ./xval -o out --resume 2>/dev/null
    $ ls out/runs | wc -l
    4
    $ ./xval -o whole 2>/dev/null; diff -r out whole

== Folds from a table, with a part held out

    $ (printf 'id\tsplit\n'; grep -h '>' p.fa n.fa | tr -d '>' |
    >     awk '{ print $1 "\t" (NR % 3 == 0 ? "test" : NR % 3) }') >splits.tsv
    $ ./xval -e 3 --splits splits.tsv -o out 2>/dev/null
    $ grep -v '^#' out/predictions.tsv | cut -f 2 | uniq -c
    * 1 fold
    * 6 1
    * 5 2
    * 5 test
    $ grep -o '"name": ".*"' out/metrics.json | grep network
    "name": "network"
    "name": "network, test"

A table may go on naming what --drop-conflicts leaves out:

    $ (cat n.fa; echo '>twin'; sed -n 2p p.fa) >twins.fa; (cat splits.tsv; printf 'twin\t1\n') >twins.tsv
    $ deepmirgene crossval --recipe 2016 -p p.fa -n twins.fa --splits twins.tsv --drop-conflicts -e 1 -a tiny.json \
    >     --figures none -o dropped 2>/dev/null
    $ grep -v '^#' dropped/predictions.tsv | cut -f 3 | grep -cxE 'p1|twin'
    0
    [1]

    $ sed '$d' splits.tsv >short.tsv && ./xval --splits short.tsv -o out2
    ! deepmirgene crossval: short.tsv:16: the file ends, but 1 record is without a line; the first is 'n4x' (negative)
    [1]
    $ (cat splits.tsv; printf 'n4x\t1\n') >long.tsv && ./xval --splits long.tsv -o out2
    ! deepmirgene crossval: long.tsv:18: the id 'n4x' is already in line 17
    [1]
    $ (cat splits.tsv; printf 'n5\t1\n') >long.tsv && ./xval --splits long.tsv -o out2
    ! deepmirgene crossval: long.tsv:18: no record has the id 'n5'
    [1]
    $ ls out2
    ! ls: *
    [2]

== Whole groups

    $ (printf 'group\tid\n'; grep -h '>' p.fa n.fa | tr -d '>' | awk '{ print substr($1, 1, 2) "\t" $1 }') >groups.tsv
    $ ./xval -e 2 --groups groups.tsv -o out 2>/dev/null
    $ grep -v '^#' out/predictions.tsv | awk 'NR > 1 { print substr($3, 1, 2), $2 }' | sort | uniq -c | awk '{ print $1 }' | uniq -c
    * 8 2
    $ ./xval --groups groups.tsv --folds 9 -o out2
    ! deepmirgene crossval: groups.tsv: 8 groups, too few for 9 folds
    [1]
    $ ./xval --groups groups.tsv --splits groups.tsv -o out2
    ! deepmirgene crossval: --splits and --groups cannot be combined; see 'deepmirgene crossval --help'
    [2]

== Other methods

    $ for m in length mfe-per-length; do ./xval --method $m -o $m; done
    ! deepmirgene crossval: 4 of 4 folds done, epoch 4 of 4, 0:00:00 left
    ! ...
    ! deepmirgene crossval: wrote length/report.md and related files in * s
    ! deepmirgene crossval: 4 of 4 folds done, epoch 4 of 4, 0:00:00 left
    ! ...
    ! deepmirgene crossval: wrote mfe-per-length/report.md and related files in * s
    $ ./xval --method oracle -o out
    ! deepmirgene crossval: no *'oracle'*
    [1]

== The mean of several networks

    $ ./xval -e 4 --members 3 -o three
    ! deepmirgene crossval: 4 of 4 folds done, epoch 48 of 48, 0:00:00 left
    ! ...
    ! deepmirgene crossval: wrote three/report.md and related files in * s
    $ ls three/runs | head -3
    repeat1-fold1-member2.checkpoint
    repeat1-fold1-member3.checkpoint
    repeat1-fold1.checkpoint
    $ ./xval -e 4 --members 3 -t 2 -o again 2>/dev/null; diff -r three again
    $ ./xval -e 4 -o one 2>/dev/null; for file in one/runs/*; do cmp $file three/runs/${file##*/}; done
    $ grep -v '^#' one/history.tsv >h1; grep -v '^#' three/history.tsv | cmp h1
    $ cmp -s one/predictions.tsv three/predictions.tsv
    [1]
    $ grep -o '"members":3' three/predictions.tsv; grep -c '"members"' one/metrics.json
    "members":3
    0
    [1]
    $ ./xval -e 4 --members 3 -o one --resume 2>/dev/null; diff -r three one
    $ head -1 three/history.tsv
    # command: deepmirgene crossval --positive p.fa --negative n.fa --folds 4 --method network --repeats 1 --seed 1 --bootstrap 1000 --recipe 2016 --architecture tiny.json --epochs 4 --batch 4 --learning-rate 0.001 --members 3 --average-last 1 --cpu * --figures none
    $ sed -n '/^Each fold/,/^$/p' three/report.md
    Each fold is evaluated by a method trained on the others.
    That is 3 networks, trained with seeds of their own; the score of a record is the mean of their
    probabilities after epoch 4, and all metrics are those of these scores. history.tsv, learning
    curves and the plateau are those of the first network of each fold.
    Means over folds say over how many, where not all define the value. NaN is a value that nothing
    defines.
    (blank)
    $ python3 -c 'import json; r = json.load(open("three/metrics.json"))["runs"][0]
    > print(r["seed"] == r["member_seeds"][0], len(set(r["member_seeds"])), r["last_epochs"] == r["final"])'
    True 3 True
    $ interrupt INT 'stopped/runs/*-member2.checkpoint' ./xval -e 400 --members 3 -o stopped
    ! deepmirgene crossval: stopped on request; run the same command with --resume to continue
    [1]
    $ ./xval -e 400 --members 3 -o stopped --resume -t 1 2>/dev/null
    $ ./xval -e 400 --members 3 -o whole 2>/dev/null; diff -r stopped whole
    $ ./xval --members 2 --average-last 5 -o x
    ! deepmirgene crossval: --members requires --average-last 1: the members are evaluated after the last epoch; see 'deepmirgene crossval --help'
    [2]
    $ ./xval --members 2 --method length -o x
    ! deepmirgene crossval: --members requires --method network; see 'deepmirgene crossval --help'
    [2]
    $ ./xval --members 17 -o x
    ! deepmirgene crossval: --members '17': expected a whole number from 1 to 16
    [2]

== Where there is no gnuplot, everything else is there

    $ program=$(command -v deepmirgene) && mkdir none && PATH=none $program crossval -p p.fa -n n.fa --folds 2 --method length -o out
    ! deepmirgene crossval: 2 of 2 folds done, epoch 2 of 2, 0:00:00 left
    ! deepmirgene crossval: warning: no figures: *gnuplot*
    ! ...
    ! deepmirgene crossval: wrote out/report.md and related files in * s
    $ ls out/figures
    precision-recall.data.tsv
    roc.data.tsv

== Conflicts are reported, or left out

    $ (cat n.fa; head -2 p.fa | tr p q) >mixed.fa
    $ deepmirgene crossval --recipe 2016 -p p.fa -n mixed.fa --folds 2 --method length --figures none -o out 2>&1 | head -1
    deepmirgene crossval: warning: 1 sequence with both labels, in 2 records: kept (--drop-conflicts discards them)
    $ deepmirgene crossval --recipe 2016 -p p.fa -n mixed.fa --folds 2 --method length --figures none --drop-conflicts -o out2 2>/dev/null
    $ grep -vc '^#' out/predictions.tsv out2/predictions.tsv
    out/predictions.tsv:18
    out2/predictions.tsv:16

== A folder that cannot be

    $ ./xval -o p.fa
    ! deepmirgene crossval: cannot write p.fa: it is one of the inputs (--positive)
    [1]
    $ ./xval
    ! deepmirgene crossval: option --output is missing; see 'deepmirgene crossval --help'
    [2]
