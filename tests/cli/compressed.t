Outputs whose names end in .gz are compressed as bgzip does, and loci sorted for tabix.

    $ random-fasta 60 300 1100 >genome.fa

== Any output, in the format that comes before .gz

    $ deepmirgene fold pre-mirnas.fa >a && deepmirgene fold pre-mirnas.fa -o a.gz && zcat a.gz | cmp - a
    $ deepmirgene fold --tsv pre-mirnas.fa >b && deepmirgene fold pre-mirnas.fa -o b.tsv.gz && zcat b.tsv.gz | cmp - b
    $ deepmirgene predict -q pre-mirnas.fa -o p.jsonl.gz && zcat p.jsonl.gz | cut -c 1-20 | head -1
    {"id":"hsa-let-7a-1"
    $ od -An -tx1 -j 12 -N 4 a.gz; tail -c 28 a.gz | od -An -tx1 | head -1
     42 43 02 00
     1f 8b 08 04 00 00 00 00 00 ff 06 00 42 43 02 00

It is read again, and what is longer than a block is whole:

    $ deepmirgene fold --tsv genome.fa | cut -f 1-3 >plain && deepmirgene fold genome.fa -o folded.fa.gz
    $ zcat folded.fa.gz | wc -c | awk '{ print ($1 > 65280) }'
    1
    $ deepmirgene fold --tsv folded.fa.gz | cut -f 1-3 | cmp - plain

== Loci: the same rows, sorted by sequence and start

    $ deepmirgene scan -q --threshold 0 --mature --both-strands genome.fa -o loci.gff3
    $ deepmirgene scan -q --threshold 0 --mature --both-strands genome.fa -o loci.gff3.gz
    $ sort loci.gff3 >plain; zcat loci.gff3.gz | sort | cmp - plain
    $ grep -v '^#' loci.gff3 | sort -sc -k 1.8,1n -k 4,4n 2>/dev/null || echo 'not in order'
    not in order
    $ zcat loci.gff3.gz | grep -v '^#' | awk '$1 == name && $4 < start { exit 1 } { name = $1; start = $4 }'

    $ command -v tabix >/dev/null || exit 77
    > deepmirgene scan -q --threshold 0 --both-strands genome.fa -o loci.bed.gz
    > tabix -p gff loci.gff3.gz && tabix -p bed loci.bed.gz
    > zcat loci.bed.gz | awk '$1 == "random-7" && $2 < 900 && $3 > 300' >wanted
    > tabix loci.bed.gz random-7:301-900 | cmp - wanted
    > zcat loci.gff3.gz | awk '$1 == "random-7" && $4 <= 900 && $5 >= 301' >wanted
    > tabix loci.gff3.gz random-7:301-900 | cmp - wanted && test -s wanted

== An order that tabix cannot use

    $ deepmirgene scan --order score genome.fa -o best.bed.gz
    ! deepmirgene scan: --order score cannot be combined with a compressed bed file, which is sorted by position; see 'deepmirgene scan --help'
    [2]

== A full device

    $ ln -s /dev/full disk.gz
    $ deepmirgene fold genome.fa -o disk.gz
    ! deepmirgene fold: cannot write disk.gz: No space left on device
    [1]
