Memory does not grow with the input: 20 000 records in 60 MB at the most.

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 -o tiny.safetensors 2>/dev/null
    $ random-fasta 20000 20 20 >many.fa

== fold

    $ in-megabytes 60 deepmirgene fold --threads 2 many.fa -o out && wc -l <out
    60000

== predict

    $ in-megabytes 60 deepmirgene predict --threads 2 -m tiny.safetensors many.fa -o out
    ! deepmirgene predict: 20000 records by model tiny.safetensors: *
    $ wc -l <out
    20001

== Many short records between long ones

    $ (random-fasta 1 1000 1000; head -n 10000 many.fa; random-fasta 1 1000 1000) >mixed.fa
    $ in-megabytes 60 deepmirgene fold --threads 2 --tsv mixed.fa -o out && wc -l <out
    5003
