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

== A GFF3 names loci by their places, and tells which known ones are missed and why

    $ tr ' ' '\t' >places.gff3 <<'END'
    > ##gff-version 3
    > #a comment
    > contig . miRNA_primary_transcript 21 100 . + . ID=MI1;Name=hsa-let-7a%2D1
    > contig . miRNA 26 47 . + . ID=MIMAT1;Name=hsa-let-7a-5p
    > contig . miRNA_primary_transcript 21 100 . - . ID=MI2;Name=opposite
    > contig . pre_miRNA 2 12 . + . ID=start
    > chr2 . pre_miRNA 21 100 . + . ID=MI4;Name=elsewhere
    > END
    $ deepmirgene scan --known places.gff3 --missed missed.tsv -f tsv contig.fa | cut -f 1-4,15-18
    seqid	start	end	strand	known	family	identity	seed
    contig	11	110	+	hsa-let-7a-1	let-7	NA	NA
    ! deepmirgene scan: 1 of 4 known precursors are among the loci
    ! deepmirgene scan: 1 locus in 1 sequence, 0.1 kb; 0.338 of 1 expected to be true, by the model's background
    $ cat missed.tsv
    known	seqid	start	end	strand	p_mirna	reason
    elsewhere	chr2	21	100	+	NA	not scanned
    start	contig	2	12	+	NA	no candidate
    opposite	contig	21	100	-	0.625527	below threshold
    $ deepmirgene scan --known places.gff3 --missed missed.tsv --threshold 0.999 contig.fa >none.gff3
    ! deepmirgene scan: 0 of 4 known precursors are among the loci
    ! deepmirgene scan: 0 loci in 1 sequence, 0.1 kb
    $ cut -f 1,6,7 missed.tsv
    known	p_mirna	reason
    elsewhere	NA	not scanned
    start	NA	no candidate
    hsa-let-7a-1	0.976839	below threshold
    opposite	0.625527	below threshold
    $ deepmirgene scan --known places.gff3 --missed missed.tsv --threshold 0.5 contig.fa 2>/dev/null >low.gff3
    $ grep opposite missed.tsv | cut -f 6,7
    0.625527	other strand
    $ tr A-Z a-z <contig.fa >soft.fa
    $ deepmirgene scan --known places.gff3 --missed missed.tsv --max-masked 0 soft.fa 2>/dev/null >none.gff3
    $ grep let-7 missed.tsv
    hsa-let-7a-1	contig	21	100	+	0.976839	left out

A part of a scan gives the same.

    $ deepmirgene scan --shard 1/1 -o part contig.fa
    $ deepmirgene merge --known places.gff3 --missed merged.tsv -f tsv part 2>/dev/null | cut -f 1,2,15
    seqid	start	known
    contig	11	hsa-let-7a-1
    $ deepmirgene scan --known places.gff3 --missed missed.tsv contig.fa 2>/dev/null >x; cmp missed.tsv merged.tsv

Faults name file and line.

    $ deepmirgene merge --known pre-mirnas.fa --missed missed.tsv part
    ! deepmirgene merge: --missed of merge requires --known with a GFF3 file
    [1]
    $ deepmirgene scan --missed missed.tsv contig.fa
    ! deepmirgene scan: --missed requires --known; see 'deepmirgene scan --help'
    [2]
    $ deepmirgene scan -q --known places.gff3 --missed missed.tsv contig.fa >x
    $ (cat places.gff3; printf 'contig\t.\tpre_miRNA\t9\t5\t.\t+\t.\tID=x\n') >bad.gff3
    $ deepmirgene scan --known bad.gff3 contig.fa
    ! deepmirgene scan: bad.gff3:8: expected a line of GFF3: nine columns separated by tabs, with 1 <= start <= end
    [1]
    $ sed 's/21\t100\t\.\t-/21\t100\t.\t./' places.gff3 >bad.gff3; deepmirgene scan --known bad.gff3 contig.fa
    ! deepmirgene scan: bad.gff3:5: the strand of a precursor is + or -
    [1]
    $ echo '##gff-version 3' >empty.gff3; deepmirgene scan --known empty.gff3 contig.fa
    ! deepmirgene scan: empty.gff3: no features of type miRNA_primary_transcript or pre_miRNA
    [1]

== Known ones of FASTA are looked up in the genome, on both strands

    $ (cat contig.fa; echo '>minus'; tail -n +2 contig.fa | tr -d '\n' | rev | tr ACGT TGCA | fold -w 30; echo) >both.fa
    $ (head -2 pre-mirnas.fa; echo '>copy'; head -2 pre-mirnas.fa | tail -1; echo '>unpaired'; echo ACCAGTTACCATCCATTA; tail -n +3 pre-mirnas.fa) >known.fa
    $ deepmirgene scan --known known.fa --missed missed.tsv -f tsv both.fa | cut -f 1-4,15-17
    seqid	start	end	strand	known	family	identity
    contig	11	110	+	hsa-let-7a-1	let-7	1.000
    minus	11	110	-	hsa-let-7a-1	let-7	1.000
    ! deepmirgene scan: 2 of 4 known precursors are among the loci
    ! deepmirgene scan: 2 loci in 2 sequences, 0.2 kb; 0.322 of 1 expected to be true, by the model's background
    $ cat missed.tsv
    known	seqid	start	end	strand	p_mirna	reason
    unpaired	contig	1	18	+	NA	no candidate
    unpaired	minus	103	120	-	NA	no candidate
    $ deepmirgene scan --known known.fa --missed missed.tsv - <both.fa
    ! deepmirgene scan: --missed looks up the sequences of known.fa in the genome, and standard input cannot be read twice: give a regular file
    [1]

== Faults

    $ deepmirgene scan --known missing.fa contig.fa
    ! deepmirgene scan: missing.fa: cannot open: No such file or directory
    [1]
    $ printf '>a\nprotein\n' >bad.fa; deepmirgene scan --known bad.fa contig.fa 2>&1 | tail -1
    deepmirgene scan: bad.fa:2: record 'a': 'p' at column 1 is not a nucleotide letter (a protein file? A modified base is written as its plain letter, or N)
