Outputs that cannot be written: one line that says so, exit status 1, and nothing half-written.

    $ deepmirgene train -p pre-mirnas.fa -n others.fa -e 1 -o tiny.safetensors 2>/dev/null
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
    > deepmirgene train -p pre-mirnas.fa -n others.fa -e 1 -o disk/new; echo $?
    > deepmirgene train -p pre-mirnas.fa -n others.fa -e 1 -o new --history disk/h.tsv; echo $?
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
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: cannot write disk/new.checkpoint: No space left on device
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: cannot write disk/h.tsv: No space left on device

== A file that may not grow

    $ cat >limited <<'END'
    > trap '' XFSZ
    > ulimit -f 16
    > deepmirgene fold many.fa -o out; echo $?
    > deepmirgene fold many.fa >stdout; echo $?
    > deepmirgene predict -m tiny.safetensors many.fa -o out; echo $?
    > deepmirgene train -p pre-mirnas.fa -n others.fa -e 1 -o new; echo $?
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
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: cannot write new.checkpoint: File too large

== A closed pipe

    $ { deepmirgene fold many.fa; echo $? >&2; } | head -n 1
    >random-0
    ! deepmirgene fold: cannot write standard output: Broken pipe
    ! 1

    $ { deepmirgene predict -m tiny.safetensors many.fa; echo $? >&2; } | head -n 1
    id	length	p_mirna	call	mfe	structure	flags
    ! deepmirgene predict: cannot write standard output: Broken pipe
    ! 1

    $ { sleep 0.2; deepmirgene evaluate -m tiny.safetensors -p many.fa; echo $? >&2; } | true
    ! deepmirgene evaluate: cannot write standard output: Broken pipe
    ! 1

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
