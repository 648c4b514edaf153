deepmirgene scan --known: loci named after the known microRNAs that they resemble.

    $ tail -n +3 pre-mirnas.fa >others.fa
    $ (echo '>contig'; echo ACCAGTTACCATCCATTACA; head -2 pre-mirnas.fa | tail -1 | tr U T; echo CACCAATACATTCACTACCA) >contig.fa

== After hairpins

    $ deepmirgene scan --known pre-mirnas.fa -f tsv contig.fa 2>/dev/null | cut -f 1-4,15-18
    seqid	start	end	strand	known	family	identity	seed
    contig	11	110	+	hsa-let-7a-1	let-7	1.000	both
    $ deepmirgene scan --known pre-mirnas.fa contig.fa 2>/dev/null | grep -o 'known=.*;seed=[^;]*'
    known=hsa-let-7a-1;family=let-7;identity=1.000;seed=both

== After mature sequences

    $ printf '>hsa-let-7b-5p\nUGAGGUAGUAGGUUGUGUGGUU\n>hsa-miR-21-5p\nUAGCUUAUCAGACUGAUGUUGA\n' >mature.fa
    $ deepmirgene scan --known mature.fa --mature -f tsv contig.fa 2>/dev/null | cut -f 15-22
    mature_5p	p_5p	mature_3p	p_3p	known	family	identity	seed
    26-47	0.968	77-97	0.983	hsa-let-7b-5p	let-7	0.909	5p

== What resembles none is novel

    $ deepmirgene scan --known others.fa -f tsv contig.fa 2>/dev/null | cut -f 1-4,15-18
    seqid	start	end	strand	known	family	identity	seed
    contig	11	110	+	novel	NA	NA	NA
    $ deepmirgene scan --known others.fa -f jsonl contig.fa 2>/dev/null | grep -o '"known".*"seed":[a-z]*'
    "known":"novel","family":null,"identity":null,"seed":null

== In BED what is novel has a colour of its own

    $ for known in pre-mirnas.fa others.fa; do
    >     deepmirgene scan --known $known -f bed contig.fa 2>/dev/null | cut -f 2,3,7-9
    > done
    10	110	10	10	0,114,178
    10	110	10	10	213,94,0

== Faults

    $ deepmirgene scan --known missing.fa contig.fa
    ! deepmirgene scan: missing.fa: cannot open: No such file or directory
    [1]
    $ printf '>a\nprotein\n' >bad.fa; deepmirgene scan --known bad.fa contig.fa 2>&1 | tail -1
    deepmirgene scan: bad.fa:2: record 'a': 'p' at column 1 is not a nucleotide letter (a protein file? A modified base is written as its plain letter, or N)
