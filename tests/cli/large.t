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

== One record that is longer than any transcript is counted and not kept

    $ [ -z "$DMG_SANITIZED" ] || { echo "no limits on a sanitizer"; exit 77; }
    $ (echo '>huge'; head -c 150000000 /dev/zero | tr '\0' C; echo; head -n 2 pre-mirnas.fa) >huge.fa
    $ in-megabytes 130 deepmirgene predict -m tiny.safetensors --threads 1 huge.fa 2>/dev/null | cut -f 1-4,7
    id	length	p_mirna	call	flags
    huge	150000000	NA	NA	too_long
    hsa-let-7a-1	80	*	*	*
    $ (printf '>'; head -c 150000000 /dev/zero | tr '\0' C; echo; echo ACGU) >header.fa
    $ for command in predict fold scan; do in-megabytes 130 deepmirgene $command --threads 1 header.fa 2>&1 >/dev/null | tail -n 1; done
    deepmirgene predict: header.fa:1: a line of more than 64 MiB
    deepmirgene fold: header.fa:1: a line of more than 64 MiB
    deepmirgene scan: header.fa:1: a line of more than 64 MiB

== Many short records between long ones

    $ (random-fasta 1 1000 1000; head -n 10000 many.fa; random-fasta 1 1000 1000) >mixed.fa
    $ in-megabytes 60 deepmirgene fold --threads 2 --tsv mixed.fa -o out && wc -l <out
    5003
