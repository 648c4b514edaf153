deepmirgene evaluate: how good a model is.

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 2 -o tiny.safetensors 2>/dev/null

== The table

At threshold 1 everything is called other, whatever the model. Both single numbers stand beside it,
without a threshold; by energy the four hairpins come first.

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -n others.fa --threshold 1
    | metric                  |              network |       mfe-per-length |               length |
    | ----------------------- | -------------------: | -------------------: | -------------------: |
    | true positives          |                    0 |                  NaN |                  NaN |
    | false positives         |                    0 |                  NaN |                  NaN |
    | true negatives          |                    4 |                  NaN |                  NaN |
    | false negatives         |                    4 |                  NaN |                  NaN |
    | SE (sensitivity)        | 0.000 [0.000, 0.000] |                  NaN |                  NaN |
    | SP (specificity)        | 1.000 [1.000, 1.000] |                  NaN |                  NaN |
    | g-mean                  | 0.000 [0.000, 0.000] |                  NaN |                  NaN |
    | ACC (accuracy)          | 0.500 [0.500, 0.500] |                  NaN |                  NaN |
    | PPV (precision)         |                  NaN |                  NaN |                  NaN |
    | F-score                 | 0.000 [0.000, 0.000] |                  NaN |                  NaN |
    | MCC                     |                  NaN |                  NaN |                  NaN |
    | ACC, balanced           | 0.500 [0.500, 0.500] |                  NaN |                  NaN |
    | PPV, balanced           |                  NaN |                  NaN |                  NaN |
    | F-score, balanced       | 0.000 [0.000, 0.000] |                  NaN |                  NaN |
    | MCC, balanced           |                  NaN |                  NaN |                  NaN |
    | PPV at 1:10             |                  NaN |                  NaN |                  NaN |
    | PPV at 1:100            |                  NaN |                  NaN |                  NaN |
    | PPV at 1:1000           |                  NaN |                  NaN |                  NaN |
    | AUROC                   | * | 1.000 [1.000, 1.000] | 0.188 [0.000, 0.562] |
    | average precision       | * | 1.000 [1.000, 1.000] | 0.440 [0.383, 0.750] |
    | recall at precision 0.5 | * | 1.000 [1.000, 1.000] | 1.000 [1.000, 1.000] |
    | recall at precision 0.9 | * | 1.000 [1.000, 1.000] | 0.000 [0.000, 0.500] |
    | Brier score             | * |                  NaN |                  NaN |
    | calibration error       | * |                  NaN |                  NaN |
    (blank)
    4 positives, 4 negatives. In brackets: 95 % intervals by 1000 bootstrap replicates (seed 1).
    ! ...

== As tab-separated values

At threshold 0 everything is called pre-miRNA; with three times as many of the others, the balanced
metrics differ from the raw ones.

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -n others.fa -n others.fa -n others.fa \
    >     --threshold 0 --method network --format tsv
    method	metric	value	low	high
    network	TP	4	4	4
    network	FP	12	12	12
    network	TN	0	0	0
    network	FN	0	0	0
    network	SE	1	1	1
    network	SP	0	0	0
    network	gmean	0	0	0
    network	ACC	0.25	0.25	0.25
    network	PPV	0.25	0.25	0.25
    network	F	0.4	0.4	0.4
    network	MCC	NaN	NaN	NaN
    network	ACC_balanced	0.5	0.5	0.5
    network	PPV_balanced	0.5	0.5	0.5
    network	F_balanced	0.666667	0.666667	0.666667
    network	MCC_balanced	NaN	NaN	NaN
    network	PPV_1_to_10	0.0909091	0.0909091	0.0909091
    network	PPV_1_to_100	0.00990099	0.00990099	0.00990099
    network	PPV_1_to_1000	0.000999001	0.000999001	0.000999001
    network	AUROC	*
    network	AUPR	*
    network	recall_at_precision_50	*
    network	recall_at_precision_90	*
    network	Brier	0.*
    network	ECE	0.*
    ! ...

== As JSON

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -n others.fa --threshold 1 --format json \
    >     --bootstrap 10 --seed 3 >metrics.json && head -n 33 metrics.json
    {
      "program": "deepmirgene",
      "version": "*",
      "model": "tiny.safetensors",
      "data": {
        "positive": [
          "pre-mirnas.fa"
        ],
        "negative": [
          "others.fa"
        ],
        "positives": 4,
        "negatives": 4
      },
      "intervals": {
        "replicates": 10,
        "seed": 3,
        "coverage": 0.95
      },
      "methods": [
        {
          "name": "network",
          "threshold": 1,
          "metrics": {
            "TP": {
              "value": 0,
              "low": 0,
              "high": 0
            },
            "FP": {
              "value": 0,
              "low": 0,
              "high": 0
    ! ...

What is undefined is null there, and NaN elsewhere.

    $ grep -c null metrics.json; grep -ci nan metrics.json
    143
    0
    [1]

== One side alone: NaN for what is undefined

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa --threshold 0 --bootstrap 0
    | metric                  | network | mfe-per-length | length |
    | ----------------------- | ------: | -------------: | -----: |
    | true positives          |       4 |            NaN |    NaN |
    | false positives         |       0 |            NaN |    NaN |
    | true negatives          |       0 |            NaN |    NaN |
    | false negatives         |       0 |            NaN |    NaN |
    | SE (sensitivity)        |   1.000 |            NaN |    NaN |
    | SP (specificity)        |     NaN |            NaN |    NaN |
    | g-mean                  |     NaN |            NaN |    NaN |
    | ACC (accuracy)          |   1.000 |            NaN |    NaN |
    | PPV (precision)         |   1.000 |            NaN |    NaN |
    | F-score                 |   1.000 |            NaN |    NaN |
    | MCC                     |     NaN |            NaN |    NaN |
    | ACC, balanced           |     NaN |            NaN |    NaN |
    | PPV, balanced           |     NaN |            NaN |    NaN |
    | F-score, balanced       |     NaN |            NaN |    NaN |
    | MCC, balanced           |     NaN |            NaN |    NaN |
    | PPV at 1:10             |     NaN |            NaN |    NaN |
    | PPV at 1:100            |     NaN |            NaN |    NaN |
    | PPV at 1:1000           |     NaN |            NaN |    NaN |
    | AUROC                   |     NaN |            NaN |    NaN |
    | average precision       |   1.000 |          1.000 |  1.000 |
    | recall at precision 0.5 |   1.000 |          1.000 |  1.000 |
    | recall at precision 0.9 |   1.000 |          1.000 |  1.000 |
    | Brier score             |   0.* |            NaN |    NaN |
    | calibration error       |   0.* |            NaN |    NaN |
    (blank)
    4 positives, 0 negatives.
    $ deepmirgene evaluate -m tiny.safetensors -n others.fa --threshold 1 --bootstrap 0 --method network
    | metric                  | network |
    | ----------------------- | ------: |
    | true positives          |       0 |
    | false positives         |       0 |
    | true negatives          |       4 |
    | false negatives         |       0 |
    | SE (sensitivity)        |     NaN |
    | SP (specificity)        |   1.000 |
    | g-mean                  |     NaN |
    | ACC (accuracy)          |   1.000 |
    | PPV (precision)         |     NaN |
    | F-score                 |     NaN |
    | MCC                     |     NaN |
    | ACC, balanced           |     NaN |
    | PPV, balanced           |     NaN |
    | F-score, balanced       |     NaN |
    | MCC, balanced           |     NaN |
    | PPV at 1:10             |     NaN |
    | PPV at 1:100            |     NaN |
    | PPV at 1:1000           |     NaN |
    | AUROC                   |     NaN |
    | average precision       |     NaN |
    | recall at precision 0.5 |     NaN |
    | recall at precision 0.9 |     NaN |
    | Brier score             |   0.* |
    | calibration error       |   0.* |
    (blank)
    0 positives, 4 negatives.
    ! ...

== The methods to evaluate can be chosen

    $ deepmirgene evaluate -p pre-mirnas.fa -n others.fa --method length --method mirena --bootstrap 0 |
    >     grep -e metric -e AUROC -e SE
    | metric                  | length | mirena |
    | SE (sensitivity)        |    NaN | * |
    | AUROC                   |  0.188 | * |

No model is needed for what is not the network.

    $ deepmirgene evaluate -m mouse -p pre-mirnas.fa -n others.fa --method length --bootstrap 0 | grep AUROC
    | AUROC                   |  0.188 |
    $ deepmirgene evaluate -p pre-mirnas.fa -n others.fa --method svm
    ! deepmirgene evaluate: --method 'svm': expected one of network, mfe-per-length, length, mirena, triplet-svm, mipred, micropred, mirboost, cshmm, boosted-trees; see 'deepmirgene evaluate --help'
    [2]

Methods that learn need sequences to learn from; what is tested is not among them.

    $ deepmirgene evaluate -p pre-mirnas.fa -n others.fa --method mipred --learn-positive pre-mirnas.fa
    ! deepmirgene evaluate: --method mipred requires --learn-positive and --learn-negative, sequences to learn from; see 'deepmirgene evaluate --help'
    [2]
    $ learners=$(for m in triplet-svm mipred micropred mirboost cshmm boosted-trees; do echo --method $m; done)
    > learn="$learners --learn-positive pre-mirnas.fa --learn-negative others.fa --bootstrap 0"
    > deepmirgene evaluate -p pre-mirnas.fa -n others.fa $learn --predictions one.tsv | grep -E 'metric|AUROC'
    > deepmirgene evaluate -n others.fa $learn -t 3 --predictions two.tsv >table
    > tail -n 4 one.tsv >a; sed 1d two.tsv | cmp - a
    | metric                  | triplet-svm | mipred | micropred | mirboost | cshmm | boosted-trees |
    | AUROC                   |       1.000 |  1.000 |     1.000 |    1.000 | 1.000 |         1.000 |

A structure that came with its record has no energy where letters cannot pair; the network reads it.

    $ printf '>odd\nAAAAAAAAAA\n(((....)))\n' >odd.fa
    $ deepmirgene evaluate -p pre-mirnas.fa -n odd.fa
    ! deepmirgene evaluate: record 'odd': structure: A and A at positions 1 and 10 cannot pair (this is for mfe-per-length; --method network needs no energy)
    [1]
    $ deepmirgene evaluate -p pre-mirnas.fa -n odd.fa --method network | tail -n 1
    4 positives, 1 negative. In brackets: 95 % intervals by 1000 bootstrap replicates (seed 1).

== Intervals depend on the seed, and are left out on demand

    $ for seed in 1 1 2; do
    >     deepmirgene evaluate -p pre-mirnas.fa -n others.fa --format tsv --bootstrap 9 -s $seed | cksum
    > done | uniq | wc -l
    2
    $ deepmirgene evaluate -p pre-mirnas.fa -n others.fa --method length --bootstrap 0 | grep -c '\['
    0
    [1]

== Predictions of each sequence

    $ deepmirgene evaluate -p pre-mirnas.fa -n others.fa --predictions scores.tsv >table &&
    >     cut -f 1,2,4,5 scores.tsv
    id	label	mfe-per-length	length
    hsa-let-7a-1	1	0.4275	-80
    hsa-mir-21	1	0.480556	-72
    hsa-mir-17	1	0.402381	-84
    cel-lin-4	1	0.430851	-94
    tRNA-Phe	0	0.294737	-76
    random-1	0	0.214667	-75
    random-2	0	0.217333	-75
    poly-A	0	0	-30
    $ deepmirgene predict pre-mirnas.fa others.fa 2>/dev/null | cut -f 3 >predicted
    $ cut -f 3 scores.tsv | cmp - predicted

== Curves

    $ command -v gnuplot >/dev/null || { echo gnuplot is not here; exit 77; }
    $ deepmirgene evaluate -p pre-mirnas.fa -n others.fa --roc roc.svg --pr pr.png >table
    $ head -n 1 roc.svg; cut -c 2-4 pr.png | head -n 1; cut -f 1 roc.data.tsv pr.data.tsv | uniq
    <?xml version="1.0" encoding="utf-8"  standalone="no"?>
    PNG
    series
    network (AUROC *)
    mfe-per-length (AUROC 1.000)
    length (AUROC 0.188)
    chance
    series
    network (AP *)
    mfe-per-length (AP 1.000)
    length (AP 0.440)
    chance
    $ mkdir "it's \`a\` "'"folder"' && cd it*r\" &&
    >     deepmirgene evaluate -p ../pre-mirnas.fa -n ../others.fa --roc '$(x).svg' >table && ls
    $(x).data.tsv
    $(x).svg
    table

== Without gnuplot the numbers are written

    $ mkdir bin && ln -s "$(command -v deepmirgene)" bin && (PATH=$PWD/bin
    >     deepmirgene evaluate -p pre-mirnas.fa -n others.fa --roc roc.svg --pr pr.svg >table)
    ! deepmirgene evaluate: roc.svg is not drawn: gnuplot is not on PATH (Debian package gnuplot-nox)
    ! deepmirgene evaluate: pr.svg is not drawn: gnuplot is not on PATH (Debian package gnuplot-nox)
    [1]
    $ ls | grep -e svg -e data.tsv; grep -c . table
    pr.data.tsv
    roc.data.tsv
    27

== Figures have three formats

    $ deepmirgene evaluate -p pre-mirnas.fa -n others.fa --roc roc.jpg
    ! deepmirgene evaluate: cannot draw roc.jpg: figures are written to .svg, .pdf or .png; see 'deepmirgene evaluate --help'
    [2]

== No output may be one of the inputs

    $ cp others.fa figure.data.tsv
    $ deepmirgene evaluate -p pre-mirnas.fa -n others.fa --predictions others.fa
    ! deepmirgene evaluate: cannot write others.fa: it is one of the inputs (--negative)
    [1]
    $ deepmirgene evaluate -p pre-mirnas.fa -n figure.data.tsv --pr figure.svg
    ! deepmirgene evaluate: cannot write figure.data.tsv: it is one of the inputs (--negative)
    [1]

== Into a file, with any number of threads

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -n others.fa -t 1 >1
    ! ...
    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -n others.fa -t 3 -o 3 && cmp 1 3
    ! ...

== It agrees with the calls of predict

    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa others.fa 2>/dev/null |
    >     cut -f 3 | sort -n | sed -n 5p >middle
    $ for side in pre-mirnas others; do
    >     deepmirgene predict -m tiny.safetensors --threshold $(cat middle) $side.fa 2>/dev/null |
    >         awk '$4 == "pre-miRNA" { n++ } END { print n + 0 }'
    > done >predicted
    $ deepmirgene evaluate -m tiny.safetensors --threshold $(cat middle) -p pre-mirnas.fa -n others.fa \
    >         --method network --format tsv |
    >     awk '$2 == "TP" || $2 == "FP" { print $3 }' | cmp - predicted

== A model that is not there

    $ deepmirgene evaluate -m mouse -p pre-mirnas.fa -n others.fa
    ! deepmirgene evaluate: cannot read mouse: No such file or directory (nor is it a built-in model: general, animal, plant, human, cross-species)
    [1]

== An empty record cannot be scored

    $ printf '>fine\nACGU\n>nothing in it\n' >empty-record.fa
    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -n empty-record.fa
    ! deepmirgene evaluate: empty-record.fa:3: record 'nothing' has 0 nucleotides; expected 1 to 32767
    [1]
