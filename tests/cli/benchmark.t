scripts/benchmark.py: evaluated as in a genome, where precursors are rare.

    $ table() { printf 'id\tlength\tp_mirna\tcall\tmfe\tstructure\tflags\n'
    >     printf '%s\t%s\t%s\tother\t%s\t(...)\t-\n' "$@"; }
    > table a 80 0.9 -40 b 90 0.7 -22.5 empty 0 NA NA >pos.tsv
    > table c 80 0.8 -16 d 91 0.2 -45.5 e 120 0.61 -30 f 93 0.75 -9.3 >neg.tsv

== Measures at a ratio, with lengths matched by weights, and the calibration error

a, c, f, b, e, d is the order. At one to one each of four others weighs 1/2: precision is 1 at a and 2/3
at b. With lengths matched c weighs as much as a, d and f together as much as b, and e is left out, as no
precursor is in its bin.

    $ "$DMG_SOURCE"/scripts/benchmark.py --ratio 1 pos.tsv neg.tsv
    set	positives	negatives	AUROC	AP	recall_at_0.9
    all	2	4	0.750	0.833	0.500
    lengths matched	2	3	0.625	0.786	0.500
    calibration error	0.395

At a hundred to one b comes with 100 others.

    $ "$DMG_SOURCE"/scripts/benchmark.py pos.tsv neg.tsv | sed -n 2p
    all	2	4	0.750	0.510	0.500

== Other scores

By free energy per nucleotide a and d are equal, then b and e, and c and f come last.

    $ "$DMG_SOURCE"/scripts/benchmark.py --ratio 1 --score mfe-per-length pos.tsv neg.tsv | sed -n 2p
    all	2	4	0.750	0.667	0.000

    $ printf '# command\nrepeat\tfold\tid\tlabel\tscore\n' >scores.tsv
    > printf '1\ttest\t%s\t1\t%s\n' c 0.9 b 0.8 a 0.7 e 0.6 d 0.5 f 0.4 >>scores.tsv
    > "$DMG_SOURCE"/scripts/benchmark.py --ratio 1 --score scores.tsv pos.tsv neg.tsv | sed -n 2p
    all	2	4	0.750	0.733	0.000
