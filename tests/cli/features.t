deepmirgene features: what other programs classify by, as a table.

== A row for each record, a column for each feature

    $ deepmirgene features pre-mirnas.fa >table.tsv
    $ cut -f 1,2,22,31,56-58 table.tsv
    id	length	UU	A(((	mfe	dG	dP
    hsa-let-7a-1	80	7.59494	0.171053	-34.2	-0.4275	0.4125
    hsa-mir-21	72	4.22535	0.130435	-34.6	-0.480556	0.444444
    hsa-mir-17	84	3.61446	0.12987	-33.8	-0.402381	0.369048
    cel-lin-4	94	6.45161	0.0813953	-40.5	-0.430851	0.361702
    $ awk -F '\t' '{ print NF }' table.tsv | sort -u
    92
    $ grep -c NA table.tsv
    0
    [1]

The energies are those of fold --partition.

    $ deepmirgene features pre-mirnas.fa | awk -F '\t' 'NR > 1 { printf "%.2f\n", $56 }' >energies
    $ deepmirgene fold --tsv pre-mirnas.fa | cut -f 4 | sed 1d | cmp - energies

== The same for any number of threads, compressed or not, and whatever other records there are

    $ deepmirgene features --shuffles 20 -t 1 pre-mirnas.fa >one; deepmirgene features --shuffles 20 -t 3 pre-mirnas.fa | cmp - one
    $ gzip -c pre-mirnas.fa >pre.fa.gz; deepmirgene features --shuffles 20 -o out.tsv.gz pre.fa.gz; zcat out.tsv.gz | cmp - one
    $ tail -2 pre-mirnas.fa | deepmirgene features --shuffles 20 - | tail -1 >last; tail -1 one | cmp - last

== Shuffles add six columns, and depend on the seed

    $ deepmirgene features pre-mirnas.fa >plain; deepmirgene features --shuffles 20 pre-mirnas.fa >one
    $ head -1 one | cut -f 93-
    p_value	zG	zP	zF	zQ	zD
    $ cut -f 1-92 one | cmp - plain
    $ deepmirgene features --shuffles 20 --seed 2 pre-mirnas.fa >two; cut -f 1-92 two | cmp - plain
    $ cut -f 94 one >a; cut -f 94 two | cmp -s - a
    [1]

== Letters that are no bases, given structures, records without structure

    $ printf '>n\nGGGNAAAANCCC\n>given\nGGGGAAAACCCC\n.(((....))).\n>empty\n\n' | deepmirgene features - | cut -f 1-3,22,53,55,57
    id	length	A	UU	U(.(	U(((	dG
    n	12	33.3333	0	0	0	-0.141667
    given	12	33.3333	0	0	0	-0.258333
    empty	NA	NA	NA	NA	NA	NA
    $ printf '>unpaired\nACGU\n' | deepmirgene features - | tr '\t' '\n' | grep -cx -- -0
    0
    [1]
    $ printf '>odd\nAAAAAAAA\n(......)\n' | deepmirgene features - | cut -f 2-4
    length	A	C
    NA	NA	NA

== Records that cannot be read

    $ printf '>bad\nAC!GU\n>good\nGGGGAAAACCCC\n' >bad.fa; deepmirgene features bad.fa >out
    ! deepmirgene features: bad.fa:*
    [1]

    $ deepmirgene features --skip-bad bad.fa >table; echo $?; cut -f 1,2 table
    1
    id	length
    bad	NA
    good	12
    ! deepmirgene features: skipped: bad.fa:2: record 'bad': *

    $ deepmirgene features
    ! deepmirgene features: no input file given; see 'deepmirgene features --help'
    [2]

== The columns are described, and so in doc/features.md

    $ deepmirgene features --columns | sed 1d | cut -f 1 >names
    $ deepmirgene features --shuffles 1 pre-mirnas.fa | head -1 | cut -f 2- | tr '\t' '\n' | cmp - names
    $ deepmirgene features --columns | sed '1d; s/^/| /; s/\t/ | /g; s/$/ |/' >rows
    $ sed -n '/^| name |/,/^$/p' "$DMG_SOURCE/doc/features.md" | sed '1,2d; /^$/d; s/`//g' | diff - rows
