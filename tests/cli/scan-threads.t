A scan by several threads, small enough for the thread sanitizer.

    $ random-fasta 3 4000 4000 >genome.fa

== Three threads, the same bytes as one

    $ deepmirgene scan genome.fa --threshold 0 --decoy 0.5 --chunk 2000 --threads 1 -o one 2>/dev/null
    $ deepmirgene scan genome.fa --threshold 0 --decoy 0.5 --chunk 2000 --threads 3 -o three 2>/dev/null
    $ cmp one three
