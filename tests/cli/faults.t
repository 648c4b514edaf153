Inputs that are wrong: one line that says so, exit status 1, and nothing half-written.

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 -o tiny.safetensors 2>/dev/null
    $ cat >try <<'END'
    > #!/bin/sh
    > # try FILE: every command that reads sequences, each writing to a file; then what is there.
    > for command in "fold $1" "predict -m tiny.safetensors $1" \
    >     "train -e 1 -p pre-mirnas.fa -n $1" "evaluate -m tiny.safetensors -p $1 -n others.fa"; do
    >     deepmirgene $command -o out && echo "no failure"
    >     echo "$?"
    > done
    > ls out* 2>/dev/null
    > true
    > END
    $ chmod +x try

== A missing file

    $ ./try nowhere.fa
    1
    1
    1
    1
    ! deepmirgene fold: nowhere.fa: cannot open: No such file or directory
    ! deepmirgene predict: nowhere.fa: cannot open: No such file or directory
    ! deepmirgene train: nowhere.fa: cannot open: No such file or directory
    ! deepmirgene evaluate: nowhere.fa: cannot open: No such file or directory

== A missing file among others is told before any work

    $ deepmirgene fold pre-mirnas.fa nowhere.fa
    ! deepmirgene fold: nowhere.fa: cannot open: No such file or directory
    [1]

    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa others.fa nowhere.fa pre-mirnas.fa
    ! deepmirgene predict: nowhere.fa: cannot open: No such file or directory
    [1]

== An unreadable file

    $ [ "$(id -u)" -ne 0 ] || { echo "root may read anything"; exit 77; }
    $ cp pre-mirnas.fa secret.fa && chmod 000 secret.fa
    $ ./try secret.fa
    1
    1
    1
    1
    ! deepmirgene fold: secret.fa: cannot open: Permission denied
    ! deepmirgene predict: secret.fa: cannot open: Permission denied
    ! deepmirgene train: secret.fa: cannot open: Permission denied
    ! deepmirgene evaluate: secret.fa: cannot open: Permission denied

== A directory

    $ mkdir folder && ./try folder
    1
    1
    1
    1
    ! deepmirgene fold: folder: is a directory, not a file
    ! deepmirgene predict: folder: is a directory, not a file
    ! deepmirgene train: folder: is a directory, not a file
    ! deepmirgene evaluate: folder: is a directory, not a file

== An empty file

    $ : >empty.fa && ./try empty.fa
    no failure
    0
    no failure
    0
    1
    no failure
    0
    out
    ! deepmirgene fold: warning: empty.fa: no sequence records
    ! deepmirgene predict: warning: empty.fa: no sequence records
    ! deepmirgene predict: 0 records by model tiny.safetensors: 0 pre-miRNA, 0 other
    ! deepmirgene train: warning: empty.fa: no sequence records
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 0 others
    ! deepmirgene train: training needs both classes: 4 records include 4 positives
    ! deepmirgene evaluate: warning: empty.fa: no sequence records

    $ deepmirgene predict -m tiny.safetensors - </dev/null
    id	length	p_mirna	call	mfe	structure	flags	hairpin_start	hairpin_end
    ! deepmirgene predict: warning: standard input: no sequence records
    ! deepmirgene predict: 0 records by model tiny.safetensors: 0 pre-miRNA, 0 other

    $ for command in fold "features -o out" "scan -o out" "explain -o out"; do
    >     deepmirgene $command -q - </dev/null
    > done; deepmirgene dataset check -p - </dev/null >out
    ! deepmirgene fold: warning: standard input: no sequence records
    ! deepmirgene features: warning: standard input: no sequence records
    ! deepmirgene scan: warning: standard input: no sequence records
    ! deepmirgene explain: warning: standard input: no sequence records
    ! deepmirgene dataset check: warning: standard input: no sequence records

    $ deepmirgene fold -q --tsv empty.fa - <pre-mirnas.fa >out
    ! deepmirgene fold: warning: empty.fa: no sequence records

    $ deepmirgene fold - <&-
    ! deepmirgene fold: standard input: reading failed: Bad file descriptor
    [1]

== A file without a record

    $ printf '\n\n  \n' >blank.fa && ./try blank.fa
    no failure
    0
    no failure
    0
    1
    no failure
    0
    out
    ! deepmirgene fold: warning: blank.fa: no sequence records
    ! deepmirgene predict: warning: blank.fa: no sequence records
    ! deepmirgene predict: 0 records by model tiny.safetensors: 0 pre-miRNA, 0 other
    ! deepmirgene train: warning: blank.fa: no sequence records
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 0 others
    ! deepmirgene train: training needs both classes: 4 records include 4 positives
    ! deepmirgene evaluate: warning: blank.fa: no sequence records

== A file of another kind

    $ ./try tiny.safetensors
    1
    1
    1
    1
    ! deepmirgene fold: tiny.safetensors:1: expected '>' (FASTA) or '@' (FASTQ) at the start, found *; it looks like a binary file
    ! deepmirgene predict: tiny.safetensors:1: expected '>' (FASTA) or '@' (FASTQ) at the start, found *; it looks like a binary file
    ! deepmirgene train: tiny.safetensors:1: expected '>' (FASTA) or '@' (FASTQ) at the start, found *; it looks like a binary file
    ! deepmirgene evaluate: tiny.safetensors:1: expected '>' (FASTA) or '@' (FASTQ) at the start, found *; it looks like a binary file

    $ printf 'id\tlength\n' >table.tsv && ./try table.tsv
    1
    1
    1
    1
    ! deepmirgene fold: table.tsv:1: expected '>' (FASTA) or '@' (FASTQ) at the start, found 'i'
    ! deepmirgene predict: table.tsv:1: expected '>' (FASTA) or '@' (FASTQ) at the start, found 'i'
    ! deepmirgene train: table.tsv:1: expected '>' (FASTA) or '@' (FASTQ) at the start, found 'i'
    ! deepmirgene evaluate: table.tsv:1: expected '>' (FASTA) or '@' (FASTQ) at the start, found 'i'

== A protein

    $ printf '>sp|P69905|HBA_HUMAN\nMVLSPADKTNVKAAWGKVGA\n' >protein.fa && ./try protein.fa
    1
    1
    1
    1
    ! deepmirgene fold: protein.fa:2: record 'sp|P69905|HBA_HUMAN': 'L' at column 3 is not a nucleotide letter (is this a protein file?)
    ! deepmirgene predict: protein.fa:2: record 'sp|P69905|HBA_HUMAN': 'L' at column 3 is not a nucleotide letter (is this a protein file?)
    ! deepmirgene train: protein.fa:2: record 'sp|P69905|HBA_HUMAN': 'L' at column 3 is not a nucleotide letter (is this a protein file?)
    ! deepmirgene evaluate: protein.fa:2: record 'sp|P69905|HBA_HUMAN': 'L' at column 3 is not a nucleotide letter (is this a protein file?)

== A compressed file that is cut short

    $ random-fasta 100 50 50 | gzip -c | head -c 1000 >cut.fa.gz && ./try cut.fa.gz
    1
    1
    1
    1
    ! deepmirgene fold: cut.fa.gz: compressed data are truncated (near line 1)
    ! deepmirgene predict: cut.fa.gz: compressed data are truncated (near line 1)
    ! deepmirgene train: cut.fa.gz: compressed data are truncated (near line 1)
    ! deepmirgene evaluate: cut.fa.gz: compressed data are truncated (near line 1)

== Malformed in the middle

What stands before is printed on standard output; a file is written whole or not at all.

    $ deepmirgene fold malformed.fa
    >malformed-first fine
    GGGGAAAACCCC
    ((((....)))) ( -5.40)
    ! deepmirgene fold: malformed.fa:4: record 'second': '-' at column 5 is not a nucleotide letter; remove the gaps of an alignment
    [1]

    $ deepmirgene predict -m tiny.safetensors malformed.fa | cut -f 1,2
    id	length
    malformed-first	12
    ! deepmirgene predict: malformed.fa:4: record 'second': '-' at column 5 is not a nucleotide letter; remove the gaps of an alignment

    $ ./try malformed.fa
    1
    1
    1
    1
    ! deepmirgene fold: malformed.fa:4: record 'second': '-' at column 5 is not a nucleotide letter; remove the gaps of an alignment
    ! deepmirgene predict: malformed.fa:4: record 'second': '-' at column 5 is not a nucleotide letter; remove the gaps of an alignment
    ! deepmirgene train: malformed.fa:4: record 'second': '-' at column 5 is not a nucleotide letter; remove the gaps of an alignment
    ! deepmirgene evaluate: malformed.fa:4: record 'second': '-' at column 5 is not a nucleotide letter; remove the gaps of an alignment

== Malformed in a later file

    $ deepmirgene fold --tsv others.fa malformed.fa pre-mirnas.fa | cut -f 1
    id
    tRNA-Phe
    random-1
    random-2
    poly-A
    malformed-first
    ! deepmirgene fold: malformed.fa:4: record 'second': '-' at column 5 is not a nucleotide letter; remove the gaps of an alignment

== Structures that do not fit

    $ printf '>short\nGGGGAAAACCCC\n((((...))))\n' >short.fa && deepmirgene fold short.fa
    ! deepmirgene fold: short.fa:3: record 'short': the structure has 11 characters, the sequence 12
    [1]

    $ printf '>open\nGGGGAAAACCCC\n((((....))).\n' | deepmirgene fold -
    ! deepmirgene fold: standard input:3: record 'open': unbalanced '(' at position 1 of the structure
    [1]

== An architecture that cannot be one is not read whole

    $ head -c 2000000 /dev/zero >big.json; deepmirgene train -a big.json -p pre-mirnas.fa -n others.fa -o out
    ! deepmirgene train: big.json: larger than 1048576 bytes, which no architecture is
    [1]

== FASTQ without its qualities

    $ printf '@read\nACGU\n' | deepmirgene fold -
    ! deepmirgene fold: standard input:2: record 'read': the file ends before its '+' line and qualities
    [1]

== An older output stays as it was

    $ echo precious >out && deepmirgene fold -o out malformed.fa 2>/dev/null; cat out
    precious

== A file is not overwritten by what is made of it

    $ cp pre-mirnas.fa copy.fa && ln copy.fa link.fa
    $ deepmirgene fold others.fa copy.fa -o link.fa
    ! deepmirgene fold: cannot write link.fa: it is one of the inputs
    [1]

    $ deepmirgene predict -m tiny.safetensors copy.fa -o ./copy.fa
    ! deepmirgene predict: cannot write ./copy.fa: it is one of the inputs
    [1]

    $ deepmirgene evaluate -m tiny.safetensors -p others.fa -n copy.fa -o copy.fa
    ! deepmirgene evaluate: cannot write copy.fa: it is one of the inputs (--negative)
    [1]

    $ cmp copy.fa pre-mirnas.fa

== A name that looks hostile is shown as it is

    $ deepmirgene fold '%s%n%s%n'
    ! deepmirgene fold: %s%n%s%n: cannot open: No such file or directory
    [1]

    $ deepmirgene fold "$(printf 'x%.0s' $(seq 5000))" 2>&1 | wc -l
    1
