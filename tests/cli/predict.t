deepmirgene predict: one row for each record. Probabilities are those of a model made here.

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa --epochs 2 -o tiny.safetensors 2>/dev/null

== The table

    $ deepmirgene predict --model tiny.safetensors pre-mirnas.fa others.fa
    id	length	p_mirna	call	mfe	structure	flags	hairpin_start	hairpin_end
    hsa-let-7a-1	80	0.*	other	-34.20	(((((.(((((((((((((((((((((.....(((...((((....)))).)))))))))))))))))))))))))))))	-	1	80
    hsa-mir-21	72	0.*	other	-34.60	((((((((((((((((.(((((.(((((.((((.((...))))))))))).)))))))))))))))))))))	-	1	72
    hsa-mir-17	84	0.*	other	-33.80	((((..(((((((..((((((((.((.(((((.(((((.......)).)))))))).)).))))))))...)))))))..))))	-	1	84
    cel-lin-4	94	0.*	other	-40.50	.((((((((.((((..(((.((((.((((.(((((((.((((....).)))))))))).)))).)))).)))...)))).)))...)))))...	-	1	94
    tRNA-Phe	76	0.*	other	-22.40	(((((((..((((........)))).(((((.......))))).....(((((.......))))))))))))....	multiloop	1	76
    random-1	75	0.*	other	-16.10	.......((((((.....((((.((((.......))))(((((......)))))...)))).......)))))).	multiloop	1	75
    random-2	75	0.*	other	-16.30	.((((((((.((...((...((((((.....(((......)))....)))))).))...)).))))))...))..	-	1	75
    poly-A	30	0.*	other	0.00	..............................	no_pair,too_short	1	30
    ! deepmirgene predict: 8 records by model tiny.safetensors: 0 pre-miRNA, 8 other

== Every record gives one row, in the order of the input

    $ (printf '>empty\n>no-pair\nAAAA\n>N\nGGGGANAACCCC\n>given\nGGGGAAAACCCC\n.(((....))).\n'
    >  printf '>all\nGGNGAAAACCCCAGGGAAAACCC\n((.(....).)).(((....)))\n>too-long\n'
    >  head -c 32768 /dev/zero | tr '\0' A
    >  printf '\n>empty-too') >all.fa
    $ deepmirgene predict -m tiny.safetensors all.fa | sed "s/[.]\{99\}[.]*/.../"
    id	length	p_mirna	call	mfe	structure	flags	hairpin_start	hairpin_end
    empty	0	NA	NA	NA	NA	empty	NA	NA
    no-pair	4	0.*	other	0.00	....	no_pair,too_short	1	4
    N	12	0.*	other	-5.40	((((....))))	ambiguous,too_short	1	12
    given	12	0.*	other	-3.10	.(((....))).	structure_given,too_short	1	12
    all	23	0.*	other	-2.20	((.(....).)).(((....)))	ambiguous,structure_given,multiloop,too_short	1	23
    too-long	32768	0	other	0.00	...	no_pair,long,no_hairpin	NA	NA
    empty-too	0	NA	NA	NA	NA	empty	NA	NA
    ! deepmirgene predict: 7 records by model tiny.safetensors: 0 pre-miRNA, 5 other, 2 not scored; 2 in total contain letters other than ACGTU

The same in JSON.

    $ deepmirgene predict -m tiny.safetensors --format jsonl all.fa 2>/dev/null | sed "s/[.]\{99\}[.]*/.../"
    {"id":"empty","length":0,"p_mirna":null,"call":null,"mfe":null,"structure":null,"flags":["empty"],"hairpin_start":null,"hairpin_end":null}
    {"id":"no-pair","length":4,"p_mirna":0.*,"call":"other","mfe":0.0,"structure":"....","flags":["no_pair","too_short"],"hairpin_start":1,"hairpin_end":4}
    {"id":"N","length":12,"p_mirna":0.*,"call":"other","mfe":-5.4,"structure":"((((....))))","flags":["ambiguous","too_short"],"hairpin_start":1,"hairpin_end":12}
    {"id":"given","length":12,"p_mirna":0.*,"call":"other","mfe":-3.1,"structure":".(((....))).","flags":["structure_given","too_short"],"hairpin_start":1,"hairpin_end":12}
    {"id":"all","length":23,"p_mirna":0.*,"call":"other","mfe":-2.2,"structure":"((.(....).)).(((....)))","flags":["ambiguous","structure_given","multiloop","too_short"],"hairpin_start":1,"hairpin_end":23}
    {"id":"too-long","length":32768,"p_mirna":0.0,"call":"other","mfe":0.0,"structure":"...","flags":["no_pair","long","no_hairpin"],"hairpin_start":null,"hairpin_end":null}
    {"id":"empty-too","length":0,"p_mirna":null,"call":null,"mfe":null,"structure":null,"flags":["empty"],"hairpin_start":null,"hairpin_end":null}

== Models of earlier releases go on loading, and say the same

    $ deepmirgene predict -m "$DMG_SOURCE/tests/golden/general-2026-1.safetensors" \
    >     "$DMG_SOURCE/examples/hairpins.fa" 2>/dev/null | cut -f 1,3
    id	p_mirna
    hsa-let-7a-1	0.988203
    hsa-mir-21	0.99833
    cel-lin-4	0.99896
    tRNA-Phe	0.00983089
    RNA5S	0.168928
    RNU6	0.00727882
    HBB-start	0.0111417

== Both formats say the same

    $ random-fasta 300 0 60 | cat - others.fa >some.fa
    $ deepmirgene predict -m tiny.safetensors some.fa 2>/dev/null >rows.tsv
    $ deepmirgene predict -m tiny.safetensors -f jsonl some.fa 2>/dev/null >rows.jsonl
    $ same-rows rows.tsv rows.jsonl
    304 rows

== The threshold decides the call, and nothing else

    $ deepmirgene predict -m tiny.safetensors --threshold 0 pre-mirnas.fa | cut -f 1,4
    id	call
    hsa-let-7a-1	pre-miRNA
    hsa-mir-21	pre-miRNA
    hsa-mir-17	pre-miRNA
    cel-lin-4	pre-miRNA
    ! deepmirgene predict: 4 records by model tiny.safetensors: 4 pre-miRNA, 0 other

    $ deepmirgene predict -m tiny.safetensors --threshold 1 pre-mirnas.fa | cut -f 1,4
    id	call
    hsa-let-7a-1	other
    hsa-mir-21	other
    hsa-mir-17	other
    cel-lin-4	other
    ! deepmirgene predict: 4 records by model tiny.safetensors: 0 pre-miRNA, 4 other

    $ deepmirgene predict -m tiny.safetensors --threshold 0 pre-mirnas.fa 2>/dev/null | cut -f 3 >a
    $ deepmirgene predict -m tiny.safetensors --threshold 1 pre-mirnas.fa 2>/dev/null | cut -f 3 >b
    $ cmp a b

== The summary counts

    $ printf '>one\nACGU\n' | deepmirgene predict -m tiny.safetensors - -o out.tsv
    ! deepmirgene predict: 1 record by model tiny.safetensors: 0 pre-miRNA, 1 other

== Into a file, from standard input, from a pipe

    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa >a 2>/dev/null
    $ deepmirgene predict -m tiny.safetensors -o b - <pre-mirnas.fa 2>/dev/null && cmp a b
    $ gzip -c pre-mirnas.fa | deepmirgene predict -m tiny.safetensors - 2>/dev/null | cmp - a

== The same for any number of threads

    $ random-fasta 1500 0 40 >many.fa
    $ for n in 1 2 3; do deepmirgene predict -t $n -m tiny.safetensors many.fa >$n; done
    ! deepmirgene predict: 1500 records by model tiny.safetensors: 0 pre-miRNA, 1471 other, 29 not scored
    ! deepmirgene predict: 1500 records by model tiny.safetensors: 0 pre-miRNA, 1471 other, 29 not scored
    ! deepmirgene predict: 1500 records by model tiny.safetensors: 0 pre-miRNA, 1471 other, 29 not scored
    $ cmp 1 2 && cmp 1 3 && wc -l <1
    1501

== A score depends on nothing but the sequence

    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa others.fa 2>/dev/null | sort >a
    $ deepmirgene predict -m tiny.safetensors others.fa pre-mirnas.fa 2>/dev/null | sort | cmp - a

    $ sed '/^>/!y/ACGU/acgt/' pre-mirnas.fa others.fa |
    >     deepmirgene predict -m tiny.safetensors - 2>/dev/null | sort | cmp - a

== What RNAfold printed gives the same probabilities as the sequences

    $ deepmirgene fold pre-mirnas.fa | deepmirgene predict -m tiny.safetensors - 2>/dev/null |
    >     cut -f 1-6 >a
    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa 2>/dev/null | cut -f 1-6 | cmp - a

== Models that are not there, or are none

    $ deepmirgene predict --model mouse pre-mirnas.fa
    ! deepmirgene predict: cannot read mouse: No such file or directory (nor is it a built-in model: general, animal, plant, human, cross-species)
    [1]

    $ deepmirgene predict --model '' pre-mirnas.fa
    ! deepmirgene predict: cannot read : No such file or directory (nor is it a built-in model: general, animal, plant, human, cross-species)
    [1]

    $ deepmirgene predict --model . pre-mirnas.fa
    ! deepmirgene predict: .: not a safetensors file: it is a directory
    [1]

    $ deepmirgene predict --model pre-mirnas.fa pre-mirnas.fa
    ! deepmirgene predict: pre-mirnas.fa: not a safetensors file, or truncated: a header of 8387228823211698238 bytes is announced, but the file has 554
    [1]

    $ head -c 9000 tiny.safetensors >cut.safetensors
    $ deepmirgene predict --model cut.safetensors pre-mirnas.fa
    ! deepmirgene predict: cut.safetensors: the file is damaged: *
    [1]

== The built-in models

    $ deepmirgene predict pre-mirnas.fa others.fa >default.tsv
    ! deepmirgene predict: 8 records by model general: 4 pre-miRNA, 4 other
    $ deepmirgene predict --model general pre-mirnas.fa others.fa 2>/dev/null | cmp - default.tsv
    $ grep -e mir-21 -e tRNA default.tsv | cut -f 1,4
    hsa-mir-21	pre-miRNA
    tRNA-Phe	other

    $ deepmirgene predict --model cross-species pre-mirnas.fa others.fa 2>/dev/null |
    >     grep -e mir-21 -e tRNA | cut -f 1,4
    hsa-mir-21	pre-miRNA
    tRNA-Phe	other

    $ deepmirgene evaluate -p pre-mirnas.fa -n others.fa --method network --format tsv |
    >     awk '$3 == "NaN"'

== Ids of any bytes stay one field of one line

    $ printf '>"quoted"\\back\\\\slash\ttab and more\nACGU\n>caf\303\251 \303\nACGU\n' >hostile.fa
    $ printf '>latin-1:\351\nACGU\n>bell\007escape\033[31m\nACGU\n>\nACGU\n>{"a":1},\nACGU\n' >>hostile.fa
    $ deepmirgene predict -m tiny.safetensors hostile.fa 2>/dev/null | cut -f 1,2,6
    id	length	structure
    "quoted"\back\\slash	4	....
    café	4	....
    latin-1:\xe9	4	....
    bell\x07escape\x1b[31m	4	....
    	4	....
    {"a":1},	4	....

    $ deepmirgene predict -m tiny.safetensors -f jsonl hostile.fa 2>/dev/null | cut -d , -f 1
    {"id":"\"quoted\"\\back\\\\slash"
    {"id":"café"
    {"id":"latin-1:?"
    {"id":"bell\u0007escape\u001B[31m"
    {"id":""
    {"id":"{\"a\":1}

    $ deepmirgene predict -m tiny.safetensors -f tsv hostile.fa 2>/dev/null |
    >     awk -F '\t' 'NF != 9' | wc -l
    0

== A header of a megabyte

    $ (printf '>'; head -c 1000000 /dev/zero | tr '\0' x; printf '\nACGU\n') >header.fa
    $ deepmirgene predict -m tiny.safetensors header.fa | cut -f 1 | wc -c
    1000004
    ! deepmirgene predict: 1 record by model tiny.safetensors: 0 pre-miRNA, 1 other

    $ deepmirgene predict -m tiny.safetensors -f jsonl header.fa 2>/dev/null | wc -c | cut -c 1-4
    1000

== Mature sequences

    $ head -4 pre-mirnas.fa >two.fa; printf '>short\nGGGAAACCC\n' >>two.fa
    $ deepmirgene predict -m tiny.safetensors --mature two.fa 2>/dev/null | cut -f 1,10-
    id	mature_5p	p_5p	mature_3p	p_3p
    hsa-let-7a-1	6-27	0.992	57-77	0.992
    hsa-mir-21	8-30	0.969	46-67	0.855
    short	NA	NA	NA	NA
    $ deepmirgene predict -m tiny.safetensors --mature -f jsonl two.fa 2>/dev/null
    {"id":"hsa-let-7a-1","length":80,"p_mirna":0.*,"call":"other","mfe":-34.2,"structure":"(((((.(((((((((((((((((((((.....(((...((((....)))).)))))))))))))))))))))))))))))","flags":[],"hairpin_start":1,"hairpin_end":80,"mature_5p":{"start":6,"end":27,"p":0.992},"mature_3p":{"start":57,"end":77,"p":0.992}}
    {"id":"hsa-mir-21","length":72,"p_mirna":0.*,"call":"other","mfe":-34.6,"structure":"((((((((((((((((.(((((.(((((.((((.((...))))))))))).)))))))))))))))))))))","flags":[],"hairpin_start":1,"hairpin_end":72,"mature_5p":{"start":8,"end":30,"p":0.969},"mature_3p":{"start":46,"end":67,"p":0.855}}
    {"id":"short","length":9,"p_mirna":0.*,"call":"other","mfe":-1.2,"structure":"(((...)))","flags":["too_short"],"hairpin_start":1,"hairpin_end":9,"mature_5p":null,"mature_3p":null}

== GFF3 has the pre-miRNAs, placed on their records

    $ head -4 pre-mirnas.fa >two.fa; printf '>short\nGGGAAACCC\n' >>two.fa
    $ deepmirgene predict -m tiny.safetensors --mature --threshold 0 two.fa -o two.gff3 2>/dev/null
    $ cat two.gff3
    ##gff-version 3
    hsa-let-7a-1	deepmirgene	pre_miRNA	1	80	0.*	+	.	ID=hsa-let-7a-1:1-80(+);mfe=-34.20;structure=(((((.(((((((((((((((((((((.....(((...((((....)))).)))))))))))))))))))))))))))))
    hsa-let-7a-1	deepmirgene	miRNA	6	27	0.992	+	.	ID=hsa-let-7a-1:1-80(+):5p;Derives_from=hsa-let-7a-1:1-80(+)
    hsa-let-7a-1	deepmirgene	miRNA	57	77	0.992	+	.	ID=hsa-let-7a-1:1-80(+):3p;Derives_from=hsa-let-7a-1:1-80(+)
    hsa-mir-21	deepmirgene	pre_miRNA	1	72	0.*	+	.	ID=hsa-mir-21:1-72(+);mfe=-34.60;structure=((((((((((((((((.(((((.(((((.((((.((...))))))))))).)))))))))))))))))))))
    hsa-mir-21	deepmirgene	miRNA	8	30	0.969	+	.	ID=hsa-mir-21:1-72(+):5p;Derives_from=hsa-mir-21:1-72(+)
    hsa-mir-21	deepmirgene	miRNA	46	67	0.855	+	.	ID=hsa-mir-21:1-72(+):3p;Derives_from=hsa-mir-21:1-72(+)
    short	deepmirgene	pre_miRNA	1	9	0.*	+	.	ID=short:1-9(+);mfe=-1.20;flags=too_short;structure=(((...)))

    $ deepmirgene predict -m tiny.safetensors -f gff3 two.fa 2>/dev/null
    ##gff-version 3

In a long record, the place and the structure are those of its best hairpin.

    $ (echo '>long'; random-fasta 1 200 200 | tail -n +2; sed -n 2p two.fa; random-fasta 1 150 150 | tail -n +2) >long.fa
    $ deepmirgene predict -m tiny.safetensors --threshold 0 long.fa 2>/dev/null >long.tsv
    $ deepmirgene predict -m tiny.safetensors --threshold 0 -f gff3 long.fa 2>/dev/null >long.gff3
    $ awk 'NR == 2 {print substr($6, $8, $9 - $8 + 1), $7, $8, $9}' long.tsv >a
    $ sed -n '2{s/.*;flags=//; s/;structure=/ /; p}' long.gff3 | awk '{print $2, $1}' | tr '\n' ' ' >b
    $ sed -n 2p long.gff3 | cut -f 4,5 | tr '\t' ' ' >>b && cmp a b && grep -c long a
    1

Other bytes of a name than GFF3 allows are escaped.

    $ printf '>"a\\b"%%\001\nACGU\n>caf\303\251;=&,\nACGU\n>\nACGU\n' >hostile.fa
    $ deepmirgene predict -m tiny.safetensors --threshold 0 -f gff3 hostile.fa 2>/dev/null | cut -f 1,9 | sed 's/;.*//'
    ##gff-version 3
    %22a%5Cb%22%25%01	ID="a\b"%25%01:1-4(+)
    café%3B%3D%26%2C	ID=café%3B%3D%26%2C:1-4(+)
    .	ID=:1-4(+)
