Files that are not quite what is expected: read where their meaning is clear, else named.

    $ deepmirgene train -p pre-mirnas.fa -n others.fa -e 1 -o m.safetensors 2>/dev/null
    $ head -n 2 pre-mirnas.fa | sed 's/ .*//' >let7.fa; seq=$(tail -n 1 let7.fa)
    > deepmirgene fold let7.fa >rnafold.txt
    $ cat >same <<'END'
    > #!/bin/sh
    > # same FILE: whether it is predicted as let7.fa is, flags aside.
    > deepmirgene predict -m m.safetensors "$1" | cut -f 1-6 >seen &&
    >     deepmirgene predict -m m.safetensors let7.fa 2>/dev/null | cut -f 1-6 | cmp - seen
    > END
    $ chmod +x same

== What RNAfold prints with -p and --MEA, and energies with a unit

    $ { cat rnafold.txt; echo "$(sed -n '3s/ .*//p' rnafold.txt) [-35.10]"
    >     echo "$(sed -n '3s/ .*//p' rnafold.txt | tr '(.)' '{,}') { -33.90 d=4.20}"
    >     echo "$(sed -n '3s/ .*//p' rnafold.txt) {-33.90 MEA=70.20}"
    >     echo ' frequency of mfe structure in ensemble 0.2; ensemble diversity 6.30'; } >p.txt
    > ./same p.txt 2>/dev/null
    $ sed '3s/(-34.20)/-34.20 kcal\/mol/' rnafold.txt >k.txt && ./same k.txt 2>/dev/null

== What cannot be read says what it is

    $ tail -n 2 rnafold.txt >headless.txt; deepmirgene predict -m m.safetensors headless.txt >/dev/null
    ! deepmirgene predict: headless.txt:1: expected '>' (FASTA) or '@' (FASTQ) at the start, found 'U'; its first line is a sequence: each needs a line '>name' before it
    [1]

    $ printf '>let7\n(((...))) (-1.20)    1\nGGGAAACCC\n' >l.txt; deepmirgene fold l.txt
    ! deepmirgene fold: l.txt:2: record 'let7': a structure before its sequence; RNALfold's output cannot be read: give the sequences that it was made from
    [1]

    $ printf '\050\265\057\375\044Y' >x.fa.zst; deepmirgene scan x.fa.zst; deepmirgene fold x.fa.zst
    ! deepmirgene scan: x.fa.zst: it is packed by zstd; unpack it first (zstd -d)
    ! deepmirgene fold: x.fa.zst: it is packed by zstd; unpack it first (zstd -d)
    [1]

    $ for start in 'LOCUS       X 80 bp RNA' 'ID   X1; SV 1;' '# STOCKHOLM 1.0' 'CLUSTAL W' '<html>'; do
    >     echo "$start" >x.txt; deepmirgene scan x.txt; done
    ! deepmirgene scan: x.txt:1: expected '>' (FASTA) at the start, found 'L'; it is a GenBank file; convert it to FASTA
    ! deepmirgene scan: x.txt:1: expected '>' (FASTA) at the start, found 'I'; it is an EMBL file; convert it to FASTA
    ! deepmirgene scan: x.txt:1: expected '>' (FASTA) at the start, found '#'; it is a Stockholm alignment; convert it to FASTA without gaps
    ! deepmirgene scan: x.txt:1: expected '>' (FASTA) at the start, found 'C'; it is a Clustal alignment; convert it to FASTA without gaps
    ! deepmirgene scan: x.txt:1: expected '>' (FASTA) at the start, found '<'; it is a page of HTML, perhaps an error message of a download
    [1]

== Bytes that are no letters say what they may be

    $ for line in 'ACGU--A' '..ACGU' 'ACGU*' '1 acguacgua' 'ACGUPA'; do
    >     printf '>a\n%s\n' "$line" | deepmirgene fold -; done
    ! deepmirgene fold: standard input:2: record 'a': '-' at column 5 is not a nucleotide letter; remove the gaps of an alignment
    ! deepmirgene fold: standard input:2: record 'a': '.' at column 1 is not a nucleotide letter; remove the gaps of an alignment
    ! deepmirgene fold: standard input:2: record 'a': '*' at column 5 is not a nucleotide letter; remove the end mark of some formats
    ! deepmirgene fold: standard input:2: record 'a': '1' at column 1 is not a nucleotide letter; remove the line numbers of GenBank format
    ! deepmirgene fold: standard input:2: record 'a': 'P' at column 5 is not a nucleotide letter (a protein file? A modified base is written as its plain letter, or N)
    [1]

== One bad record among others

    $ { cat let7.fa; printf '>bad\nACGU*\n'; cat let7.fa; } >batch.fa
    $ deepmirgene predict -m m.safetensors batch.fa -o out
    ! deepmirgene predict: batch.fa:4: record 'bad': '*' at column 5 is not a nucleotide letter; remove the end mark of some formats
    [1]
    $ ls out
    ! ls: cannot access 'out': No such file or directory
    [2]
    $ deepmirgene predict -m m.safetensors --skip-bad batch.fa -o out; echo $?; cut -f 1,2,7 out
    1
    id	length	flags
    hsa-let-7a-1	80	-
    bad	NA	malformed
    hsa-let-7a-1	80	-
    ! deepmirgene predict: skipped: batch.fa:4: record 'bad': '*' at column 5 is not a nucleotide letter; remove the end mark of some formats
    ! deepmirgene predict: 3 records by model m.safetensors: * pre-miRNA, * other, 1 not scored
    $ deepmirgene fold --skip-bad batch.fa >out; echo $?; cat rnafold.txt rnafold.txt | cmp - out
    1
    ! deepmirgene fold: skipped: batch.fa:4: record 'bad': '*' at column 5 is not a nucleotide letter; remove the end mark of some formats

== A sequence that memory does not do for

    $ [ -z "$DMG_SANITIZED" ] || { echo "no limits on a sanitizer"; exit 77; }
    $ { cat let7.fa; echo '>large'; yes ACGUACGUAC | head -n 1200; cat let7.fa; } >large.fa
    > (ulimit -v 250000; deepmirgene fold --tsv -t 1 large.fa -o out); echo $?; cut -f 1,2,4 out
    1
    id	length	mfe
    hsa-let-7a-1	80	-34.20
    large	12000	NA
    hsa-let-7a-1	80	-34.20
    ! deepmirgene fold: large.fa:3: record 'large': out of memory for 12000 nucleotides

== Files without records: the header, a warning, and the other files

    $ : >empty.fa; deepmirgene predict -m m.safetensors empty.fa
    id	length	p_mirna	call	mfe	structure	flags	hairpin_start	hairpin_end
    ! deepmirgene predict: warning: empty.fa: no sequence records
    ! deepmirgene predict: 0 records by model m.safetensors: 0 pre-miRNA, 0 other
    $ deepmirgene predict -m m.safetensors let7.fa empty.fa let7.fa 2>/dev/null | grep -c let
    2
    $ deepmirgene scan empty.fa
    ##gff-version 3
    ! deepmirgene scan: warning: empty.fa: no sequence records
    ! deepmirgene scan: 0 loci in 0 sequences, 0.0 kb

== Too short to be a precursor

    $ printf '>s\nGGGGGGCCAAAAGGCCCCCC\n' | deepmirgene predict - 2>/dev/null | cut -f 1,2,7
    id	length	flags
    s	20	too_short

== Tables with a byte order mark, and with the line ends of other systems

    $ printf '\357\273\277id\tsplit\r\n' >bom.tsv
    > grep -h '>' pre-mirnas.fa others.fa | sed 's/>//; s/ .*//' >ids
    > awk '{ printf "%s\t%d\r\n", $1, NR % 2 + 1 }' ids >>bom.tsv
    > deepmirgene crossval -p pre-mirnas.fa -n others.fa -e 1 --splits bom.tsv -o x 2>/dev/null; ls x | wc -l
    6
    $ tr -d '\n' <bom.tsv >cr.tsv; rm -r x
    > deepmirgene crossval -p pre-mirnas.fa -n others.fa -e 1 --splits cr.tsv -o x
    ! deepmirgene crossval: cr.tsv:1: a carriage return inside a line; lines must end in LF or CRLF
    [1]
    $ printf '\357\273\277%s\r\n' "$(head -n 1 ids)" >ids.txt
    > deepmirgene train -p pre-mirnas.fa -n others.fa -e 1 --validation ids.txt -o n 2>/dev/null; ls n
    n
    $ printf '\377\376i\0d\0' >ids.txt
    > deepmirgene train -p pre-mirnas.fa -n others.fa -e 1 --validation ids.txt -o n
    ! deepmirgene train: ids.txt:1: this is UTF-16 text; save it as UTF-8 or plain text
    [1]

== A folder for temporary files that is not there

    $ TMPDIR=/nonexistent deepmirgene scan let7.fa
    ! deepmirgene scan: cannot make a temporary file in /nonexistent (TMPDIR): No such file or directory
    [1]
