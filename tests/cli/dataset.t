deepmirgene dataset check: what there is to know of labelled sequences.

    $ printf '>1\nACGU\n>2\nacgt\n>3\nGGGNN\n>4\nCC\n' >p.fa
    $ printf '>1\nACGU\n>2\nUUU\n' | gzip >n.fa.gz
    $ printf '>a\nCC\n>b\nTTT\n>c\nAAAA\n' >other.fa

== The whole table

    $ deepmirgene dataset check --positive p.fa --negative n.fa.gz --against other.fa
    measure                          positive     negative
    records                                 4            2
    sequences                               3            2
    duplicates                              1            0
    both_labels                             2            1
    conflicts                               1            1
    shared:other.fa                         1            1
    ambiguous                               1            0
    length_min                              2            3
    length_q1                             3.5         3.25
    length_median                           4          3.5
    length_q3                            4.25         3.75
    length_max                              5            4
    letters_A                               2            1
    letters_C                               4            1
    letters_G                               5            1
    letters_U                               2            4
    letters_other                           2            0

== Tab-separated, against several files, into a file

    $ deepmirgene dataset check -f tsv -n n.fa.gz --against other.fa --against p.fa -o check.tsv
    $ grep -v letters check.tsv
    measure	positive	negative
    records	0	2
    sequences	0	2
    duplicates	0	0
    both_labels	0	0
    conflicts	0	0
    shared:other.fa	0	1
    shared:p.fa	0	1
    ambiguous	0	0
    length_min	NaN	3
    length_q1	NaN	3.25
    length_median	NaN	3.5
    length_q3	NaN	3.75
    length_max	NaN	4

== Several files on a side are one set

    $ deepmirgene dataset check -p p.fa -p p.fa -n n.fa.gz | head -6
    measure                          positive     negative
    records                                 8            2
    sequences                               3            2
    duplicates                              5            0
    both_labels                             4            1
    conflicts                               1            1

== What is wrong is told

    $ deepmirgene dataset check
    ! deepmirgene dataset check: --positive or --negative is required; see 'deepmirgene dataset check --help'
    [2]

    $ deepmirgene dataset check -p none.fa
    ! deepmirgene dataset check: none.fa: cannot open: No such file or directory
    [1]

    $ deepmirgene dataset check -p p.fa --against none.fa -o check.tsv; ls check.tsv
    ! deepmirgene dataset check: none.fa: cannot open: No such file or directory
    ! ls: *
    [2]

    $ cp p.fa q.fa && deepmirgene dataset check -p p.fa --against q.fa -o q.fa
    ! deepmirgene dataset check: cannot write q.fa: it is one of the inputs (--against)
    [1]

    $ deepmirgene dataset check -p p.fa >/dev/full
    ! deepmirgene dataset check: cannot write standard output: No space left on device
    [1]

== Its actions

    $ deepmirgene dataset
    ! Usage: deepmirgene dataset check [options] --positive FILE --negative FILE
    ! (blank)
    ! Run 'deepmirgene dataset check --help' for the options and examples.
    [2]

    $ deepmirgene dataset --help
    Usage: deepmirgene dataset check [options] --positive FILE --negative FILE
    (blank)
    Checks labelled sequences for duplicates, sequences with both labels and overlap
    with other files, and reports their lengths and letters. Two sequences are equal
    if all letters are (T equals U, lower case equals upper case). The rows are:
    (blank)
      records            number of records
      sequences          number of distinct sequences
      duplicates         records that repeat a sequence of the same side
      both_labels        records whose sequence also occurs on the other side
      conflicts          distinct sequences that occur on both sides
      shared:FILE        records whose sequence occurs in FILE (--against)
      ambiguous          records with letters other than A C G U
      length_*           minimum, lower quartile, median, upper quartile, maximum
      letters_*          number of each letter, and of all others together
    (blank)
    Options:
      -p, --positive FILE     pre-miRNA sequences (repeatable)
      -n, --negative FILE     other sequences (repeatable)
          --against FILE      also count the records of each side that occur in this
                              file (repeatable)
      -f, --format text|tsv   output format: aligned or tab-separated columns; by
                              the ending of --output if not given [text]
      -o, --output FILE       output file (written atomically; compressed if it
                              ends in .gz) [standard output]
      -q, --quiet             print errors and warnings only, no notes or progress
      -V, --version           print the version and exit
      -h, --help              print this help and exit
    (blank)
    Examples:
      deepmirgene dataset check --positive pre-mirnas.fa --negative others.fa
      deepmirgene dataset check -p pre-mirnas.fa -n others.fa --against test-set.fa
      deepmirgene dataset check -p pre-mirnas.fa --format tsv -o check.tsv

    $ deepmirgene dataset brew
    ! deepmirgene dataset: unknown action 'brew'; see 'deepmirgene dataset --help'
    [2]

    $ deepmirgene dataset check --help | head -1
    Usage: deepmirgene dataset check [options] --positive FILE --negative FILE
