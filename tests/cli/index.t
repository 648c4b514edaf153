An index beside a genome (.fai) is used only if it fits; else the file is read through, the run says
so, and the loci are the same.

    $ { cat pre-mirnas.fa; echo '>b text'; tail -n 1 pre-mirnas.fa; } >g.fa
    $ awk '/^>/ { name = substr($1, 2); at += length + 1; next }
    >     { print name "\t" length "\t" at "\t" length "\t" length + 1; at += length + 1 }' g.fa >fai
    $ cat >loci <<'END'
    > #!/bin/sh
    > # loci REGION [FILE]: all candidates there, and what is said of the index.
    > deepmirgene scan -f bed --threshold 0 --strand plus --region "$1" "${2-g.fa}" 2>log >found; s=$?
    > grep -c . found; grep -v loc log >&2; [ $s -eq 0 ] || echo "status $s"
    > END
    $ chmod +x loci && ./loci b && mv found expected && grep -c . expected
    1
    1

== One that fits

    $ cp fai g.fa.fai && ./loci b && cmp found expected
    1

== Older than the file by a nanosecond, or a day

    $ cp fai g.fa.fai && touch -d @1000.000000002 g.fa && touch -d @1000.000000001 g.fa.fai
    > ./loci b && cmp found expected
    1
    ! deepmirgene scan: warning: the index g.fa.fai is not used: it is older than the file; reading the whole file
    $ touch -d @1000.000000002 g.fa.fai && ./loci b && cmp found expected
    1

== Of a file with a longer header

    $ sed 's/>b text/>b/' g.fa >h.fa && cp fai h.fa.fai && ./loci b h.fa && cmp found expected
    1
    ! deepmirgene scan: warning: the index h.fa.fai is not used: it belongs to another file, or omits sequences; reading the whole file

== Lines of no letters, and other numbers that cannot be

    $ for line in '4' '5'; do
    >     awk -v OFS='\t' -v c=$line '/^b/ { $c = 0 } 1' fai >g.fa.fai && ./loci b && cmp found expected
    > done
    1
    1
    ! deepmirgene scan: warning: the index g.fa.fai is not used: line 5 of g.fa.fai is invalid; reading the whole file
    ! deepmirgene scan: warning: the index g.fa.fai is not used: line 5 of g.fa.fai is invalid; reading the whole file
    $ echo 'b	-1	x' >g.fa.fai && ./loci b && cmp found expected
    1
    ! deepmirgene scan: warning: the index g.fa.fai is not used: line 1 of g.fa.fai is invalid; reading the whole file
    $ : >g.fa.fai && ./loci b && cmp found expected
    1
    ! deepmirgene scan: warning: the index g.fa.fai is not used: it belongs to another file, or omits sequences; reading the whole file

== A sequence that grew after the index was made

    $ { cat g.fa; tail -n 1 pre-mirnas.fa; } >h.fa && ./loci b h.fa >count && mv found whole
    $ cp fai h.fa.fai && ./loci b h.fa | cmp - count && cmp found whole
    ! deepmirgene scan: warning: the index h.fa.fai is not used: it belongs to another file, or omits sequences; reading the whole file
