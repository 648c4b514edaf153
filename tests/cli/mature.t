deepmirgene scan --mature: the mature sequences of let-7a-1 on either strand of a sequence.

    $ head -2 pre-mirnas.fa | tail -1 | tr U T >let7
    $ (echo '>plus'; echo ACCAGTTACCATCCATTACA; cat let7; echo CACCAATACATTCACTACCA) | tee plus.fa |
    >  awk '!/>/ { bases = bases $1 } END { print ">minus"; for (i = length(bases); i > 0; i--)
    >       printf "%s", substr("TGCA", index("ACGT", substr(bases, i, 1)), 1); print "" }' >minus.fa
    $ cat plus.fa minus.fa >both.fa

== GFF3: children of the locus, which validators accept

    $ deepmirgene scan --mature both.fa 2>/dev/null | grep -v '^#' | cut -f 1-5,7,9 | sed 's/;mfe.*//'
    plus	deepmirgene	pre_miRNA	11	110	+	ID=plus:11-110(+)
    plus	deepmirgene	miRNA	26	47	+	ID=plus:11-110(+):5p;Derives_from=plus:11-110(+)
    plus	deepmirgene	miRNA	77	97	+	ID=plus:11-110(+):3p;Derives_from=plus:11-110(+)
    minus	deepmirgene	pre_miRNA	11	110	-	ID=minus:11-110(-)
    minus	deepmirgene	miRNA	74	95	-	ID=minus:11-110(-):5p;Derives_from=minus:11-110(-)
    minus	deepmirgene	miRNA	24	44	-	ID=minus:11-110(-):3p;Derives_from=minus:11-110(-)
    $ deepmirgene scan --mature both.fa 2>/dev/null >both.gff3
    $ if type gt >gt.log 2>&1; then gt gff3validator both.gff3; else echo input is valid GFF3; fi
    input is valid GFF3

== Other formats: the same places

    $ deepmirgene scan --mature -f tsv both.fa 2>/dev/null | cut -f 1,4,15-18
    seqid	strand	mature_5p	p_5p	mature_3p	p_3p
    plus	+	26-47	0.968	77-97	0.983
    minus	-	74-95	0.968	24-44	0.983
    $ deepmirgene scan --mature -f fasta both.fa 2>/dev/null | sed '/^>/s/ .*//'
    >plus:11-110(+)
    ATCCATTACATGGGATGAGGTAGTAGGTTGTATAGTTTTAGGGTCACACCCACCACTGGGAGATAACTATACAATCTACTGTCTTTCCTACACCAATACA
    >plus:11-110(+):5p
    TGAGGTAGTAGGTTGTATAGTT
    >plus:11-110(+):3p
    CTATACAATCTACTGTCTTTC
    >minus:11-110(-)
    ATCCATTACATGGGATGAGGTAGTAGGTTGTATAGTTTTAGGGTCACACCCACCACTGGGAGATAACTATACAATCTACTGTCTTTCCTACACCAATACA
    >minus:11-110(-):5p
    TGAGGTAGTAGGTTGTATAGTT
    >minus:11-110(-):3p
    CTATACAATCTACTGTCTTTC
    $ deepmirgene scan --mature -f jsonl both.fa 2>/dev/null | grep -o '"mature_5p.*"p_3p'
    "mature_5p":"26-47","p_5p":0.968,"mature_3p":"77-97","p_3p
    "mature_5p":"74-95","p_5p":0.968,"mature_3p":"24-44","p_3p

BED is thick from the first to the last base of the two.

    $ deepmirgene scan --mature -f bed both.fa 2>/dev/null | cut -f 1-3,6-9
    plus	10	110	+	25	97	0,114,178
    minus	10	110	-	23	95	0,114,178

Over the origin of a circle each part has its own.

    $ awk '/^>/ { keep = /plus/; if (keep) print "circle"; next } keep' both.fa | tr -d '\n' |
    >     sed 's/^circle\(.\{50\}\)\(.*\)$/>circle\n\2\1\n/' >circle.fa
    $ deepmirgene scan --mature --circular -f bed circle.fa 2>/dev/null | cut -f 1-3,6-9
    circle	80	120	+	95	120	0,114,178
    circle	0	60	+	0	47	0,114,178

Without the option the table has no such columns, and BED has six.

    $ deepmirgene scan -f tsv both.fa 2>/dev/null | grep -c mature
    0
    [1]
    $ deepmirgene scan -f bed both.fa 2>/dev/null | awk '{ print NF }'
    6
    6
