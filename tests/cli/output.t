Outputs that cannot be written: one line that says so, exit status 1, and nothing half-written.

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 -o tiny.safetensors 2>/dev/null
    $ random-fasta 2000 30 30 >many.fa

== A full device

    $ deepmirgene fold pre-mirnas.fa >/dev/full
    ! deepmirgene fold: cannot write standard output: No space left on device
    [1]

    $ deepmirgene fold pre-mirnas.fa -o /dev/full
    ! deepmirgene fold: cannot write /dev/full: No space left on device
    [1]

    $ deepmirgene fold many.fa >/dev/full
    ! deepmirgene fold: cannot write standard output: No space left on device
    [1]

    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa >/dev/full
    ! deepmirgene predict: cannot write standard output: No space left on device
    [1]

    $ deepmirgene predict -m tiny.safetensors -f jsonl pre-mirnas.fa -o /dev/full
    ! deepmirgene predict: cannot write /dev/full: No space left on device
    [1]

    $ deepmirgene predict -m tiny.safetensors many.fa >/dev/full
    ! deepmirgene predict: cannot write standard output: No space left on device
    [1]

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa >/dev/full
    ! deepmirgene evaluate: cannot write standard output: No space left on device
    [1]

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -o /dev/full
    ! deepmirgene evaluate: cannot write /dev/full: No space left on device
    [1]

== A full disk

    $ cat >full-disk <<'END'
    > mount -t tmpfs -o size=64k none disk || exit 77
    > cp tiny.safetensors disk/m && : >disk/fill && head -c 100000 /dev/zero >disk/fill
    > deepmirgene fold many.fa -o disk/out; echo $?
    > deepmirgene predict -m tiny.safetensors many.fa -o disk/out; echo $?
    > deepmirgene evaluate -m tiny.safetensors -p many.fa -o disk/out; echo $?
    > deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 -o disk/new; echo $?
    > deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 -o new --history disk/h.tsv; echo $?
    > cmp disk/m tiny.safetensors; ls disk
    > END
    $ mkdir disk && unshare --user --map-root-user --mount sh full-disk 2>log ||
    >     { cat log; exit 77; }; sed /head:/d log >&2
    1
    1
    1
    1
    1
    fill
    m
    ! deepmirgene fold: cannot write disk/out: No space left on device
    ! deepmirgene predict: cannot write disk/out: No space left on device
    ! deepmirgene evaluate: cannot write disk/out: No space left on device
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: cannot write disk/new.checkpoint: No space left on device
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: cannot write disk/h.tsv: No space left on device

== A file that may not grow

    $ cat >limited <<'END'
    > trap '' XFSZ
    > ulimit -f 16
    > deepmirgene fold many.fa -o out; echo $?
    > deepmirgene fold many.fa >stdout; echo $?
    > deepmirgene predict -m tiny.safetensors many.fa -o out; echo $?
    > deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 -o new; echo $?
    > ls
    > END
    $ sh limited
    1
    1
    1
    1
    limited
    malformed.fa
    many.fa
    others.fa
    pre-mirnas.fa
    stdout
    tiny.safetensors
    ! deepmirgene fold: cannot write out: File too large
    ! deepmirgene fold: cannot write standard output: File too large
    ! deepmirgene predict: cannot write out: File too large
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: cannot write new.checkpoint: File too large

== A closed pipe ends the program without a word, as it ends others

    $ { deepmirgene fold many.fa; echo $? >&2; } | head -n 1
    >random-0
    ! 141

    $ { deepmirgene predict -m tiny.safetensors many.fa; echo $? >&2; } | head -n 1
    id	length	p_mirna	call	mfe	structure	flags	hairpin_start	hairpin_end
    ! 141

    $ { sleep 0.2; deepmirgene evaluate -m tiny.safetensors -p many.fa; echo $? >&2; } | true
    ! 141

    $ { sleep 0.2; deepmirgene fold --help; echo $? >&2; } | true
    ! 141

Where the signal is ignored, the message is all there is:

    $ (trap '' PIPE; { deepmirgene fold many.fa; echo $? >&2; } | head -n 1)
    >random-0
    ! deepmirgene fold: cannot write standard output: Broken pipe
    ! 1

== A link is followed, and permissions stay

    $ mkdir real && echo old >real/out && chmod 600 real/out && ln -s real/out out
    $ deepmirgene fold pre-mirnas.fa -o out && ls -l out real/out | cut -c 1-10
    lrwxrwxrwx
    -rw-------
    $ cmp real/out - <<END
    > $(deepmirgene fold pre-mirnas.fa)
    > END
    $ ln -s nowhere dangling; deepmirgene fold pre-mirnas.fa -o dangling
    ! deepmirgene fold: cannot write dangling: it is a link to a file that does not exist
    [1]

== A name that leaves no room for more

    $ name=$(printf '%0255d' 0) && deepmirgene fold pre-mirnas.fa -o $name && cmp $name - <<END
    > $(deepmirgene fold pre-mirnas.fa)
    > END

== A signal leaves nothing behind

    $ mkfifo pipe && exec 9<>pipe
    > for signal in INT TERM HUP QUIT USR1 USR2 ALRM XCPU VTALRM; do
    >     interrupt $signal 'out.*.part' deepmirgene fold pipe -o out || kill -l $?
    > done; ls out*
    INT
    TERM
    HUP
    QUIT
    USR1
    USR2
    ALRM
    XCPU
    VTALRM
    ! ls: cannot access 'out*': No such file or directory
    [2]

== What a killed writer left goes with the next

    $ mkfifo pipe && exec 9<>pipe && echo mine >out.notes.part
    > interrupt KILL 'out.*-*.part' deepmirgene fold pipe -o out; ls out.*-*.part | wc -l
    > deepmirgene fold pre-mirnas.fa -o out; ls out*; rm out.notes.part
    1
    out
    out.notes.part

== A folder that is not there, or a folder

    $ deepmirgene fold pre-mirnas.fa -o nowhere/out
    ! deepmirgene fold: cannot write nowhere/out: No such file or directory
    [1]

    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa -o nowhere/out
    ! deepmirgene predict: cannot write nowhere/out: No such file or directory
    [1]

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -o nowhere/out
    ! deepmirgene evaluate: cannot write nowhere/out: No such file or directory
    [1]

    $ mkdir folder && deepmirgene fold pre-mirnas.fa -o folder
    ! deepmirgene fold: cannot write folder: Is a directory
    [1]

== A folder that may not be written

    $ [ "$(id -u)" -ne 0 ] || { echo "root may write anywhere"; exit 77; }
    $ mkdir locked && chmod 555 locked && deepmirgene fold pre-mirnas.fa -o locked/out
    ! deepmirgene fold: cannot write locked/out: Permission denied
    [1]

== Standard streams that are closed are no files of ours

    $ deepmirgene fold pre-mirnas.fa >&-
    ! deepmirgene fold: cannot write standard output: Bad file descriptor
    [1]

    $ deepmirgene fold nowhere.fa >&- 2>&-
    [1]

    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa -o out 2>&- <&- && wc -l <out
    5

    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa -o out >&- && wc -l <out
    5
    ! deepmirgene predict: 4 records by model tiny.safetensors: 0 pre-miRNA, 4 other

== The ending of a file chooses its format, unless one is given

    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa -o hits.jsonl 2>/dev/null; head -c 6 hits.jsonl; echo
    {"id":
    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa -o hits.jsonl -f tsv 2>/dev/null; head -c 6 hits.jsonl; echo
    id	len
    $ deepmirgene predict -q -m tiny.safetensors pre-mirnas.fa -o hits.json; head -c 6 hits.json; echo
    {"id":
    $ deepmirgene fold pre-mirnas.fa -o folded.fa; head -c 1 folded.fa; echo
    >
    $ deepmirgene predict pre-mirnas.fa -o hits.bed.gz
    ! deepmirgene predict: --output 'hits.bed.gz': the ending is none of tsv|jsonl|gff3; give --format as well; see 'deepmirgene predict --help'
    [2]
    $ deepmirgene scan pre-mirnas.fa -o loci.csv
    ! deepmirgene scan: --output 'loci.csv': the ending is none of gff3|bed|tsv|jsonl|fasta; give --format as well; see 'deepmirgene scan --help'
    [2]
    $ deepmirgene predict -q -m tiny.safetensors pre-mirnas.fa -o hits.csv -f tsv; head -c 6 hits.csv; echo
    id	len
    $ deepmirgene scan -m tiny.safetensors --threshold 0 pre-mirnas.fa -o loci.fa 2>/dev/null; head -c 1 loci.fa; echo
    >
    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa -o hits.txt 2>/dev/null; head -c 6 hits.txt; echo
    id	len
