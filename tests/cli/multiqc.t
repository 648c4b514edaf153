Tables for MultiQC, which reads files called NAME_mqc.json.

== Of an evaluation: a row for each method, the metrics those of the table

    $ deepmirgene evaluate -m human -p pre-mirnas.fa -n others.fa --bootstrap 0 --method network --method length \
    >     --format json -o metrics.json --multiqc run1_mqc.json 2>/dev/null
    $ python3 -c 'import json
    > table, methods = json.load(open("run1_mqc.json")), json.load(open("metrics.json"))["methods"]
    > print(table["id"], table["plot_type"], *table["data"])
    > for row, method in zip(table["data"].values(), methods):
    >     known = {m: v["value"] for m, v in method["metrics"].items() if v["value"] is not None}
    >     assert row == known and set(row) <= set(table["headers"]), (row, known)'
    deepmirgene_evaluate table run1 run1 (length)

== Of a cross-validation: all scores of each repeat

    $ deepmirgene crossval --recipe 2016 -p pre-mirnas.fa -n others.fa --epochs 1 --folds 2 --repeats 2 --bootstrap 0 --figures none \
    >     -o results --multiqc cv_mqc.json 2>/dev/null
    $ python3 -c 'import json
    > table, methods = json.load(open("cv_mqc.json")), json.load(open("results/metrics.json"))["methods"]
    > print(table["id"], *table["data"])
    > for row, method in zip(table["data"].values(), methods):
    >     assert row["AUROC"] == method["metrics"]["AUROC"]["value"], (row, method)'
    deepmirgene_crossval cv cv (repeat 2)

== Of a scan, and of its merged shards: what the summary says

    $ cp $DMG_SOURCE/tests/doors/genome.fa .
    $ deepmirgene scan -m human --threshold 0.5 -o loci.bed --multiqc virus_mqc.json genome.fa 2>/dev/null
    $ python3 -c 'import json
    > table = json.load(open("virus_mqc.json"))
    > row = table["data"]["virus"]
    > assert row["selected"] == len(open("loci.bed").readlines()) > 0, row
    > print(table["id"], row["sequences"], row["mb"])'
    deepmirgene_scan * 0.002268
    $ mkdir merged
    $ deepmirgene scan -m human --threshold 0.5 --shard 1/1 -o part genome.fa 2>/dev/null
    $ deepmirgene merge -o merged/loci.bed --multiqc merged/virus_mqc.json part 2>/dev/null
    $ cmp virus_mqc.json merged/virus_mqc.json

== Another name is refused, before any work

    $ deepmirgene evaluate -p pre-mirnas.fa --multiqc run1.json
    ! deepmirgene evaluate: --multiqc 'run1.json': MultiQC reads files called NAME_mqc.json; see *
    [2]

    $ deepmirgene scan --multiqc _mqc.json genome.fa
    ! deepmirgene scan: --multiqc '_mqc.json': MultiQC reads *
    [2]

== A folder that is not there is found before the work, too

    $ deepmirgene crossval -p pre-mirnas.fa -n others.fa -o results --multiqc no/cv_mqc.json
    ! deepmirgene crossval: cannot write no/cv_mqc.json: *
    [1]
