A training that is interrupted and resumed ends in the same bytes as one that is not.

    $ mkdir whole && deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 300 -b 3 -t 1 \
    >     --validation 0.25 --history whole/h.tsv -o whole/m.safetensors 2>/dev/null
    $ cat >train <<'END'
    > #!/bin/sh
    > exec deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 300 -b 3 -t 1 \
    >     --validation 0.25 --history h.tsv -o m.safetensors "$@"
    > END
    $ chmod +x train

== Ctrl-C

    $ interrupt INT m.safetensors.checkpoint ./train
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: stopped on request; run the same command with --resume to continue
    [1]
    $ ls m.safetensors*
    m.safetensors.checkpoint
    $ ./train --resume
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: resumed after epoch *
    ! deepmirgene train: epoch 300/300, loss 0.*, F *, * s each, 0:00:00 left
    ! deepmirgene train: wrote m.safetensors, 1828 parameters, in * s
    ! deepmirgene train: on * records: *
    ! ...
    $ cmp m.safetensors whole/m.safetensors && cmp h.tsv whole/h.tsv && ls m.safetensors*
    m.safetensors

== SIGTERM

    $ interrupt TERM m.safetensors.checkpoint ./train 2>/dev/null
    [1]
    $ ./train --resume 2>/dev/null
    $ cmp m.safetensors whole/m.safetensors && cmp h.tsv whole/h.tsv

== SIGKILL, like a crash; resumed with another number of threads

What was being written then may stay behind as *.part.

    $ interrupt KILL m.safetensors.checkpoint ./train 2>/dev/null || { echo $?; rm -f *.part; }
    137
    $ ./train --threads 2 --resume 2>/dev/null
    $ cmp m.safetensors whole/m.safetensors && cmp h.tsv whole/h.tsv

== Interrupted twice

    $ interrupt INT m.safetensors.checkpoint ./train 2>/dev/null
    [1]
    $ rm h.tsv && interrupt INT h.tsv ./train --resume 2>/dev/null
    [1]
    $ ./train --resume 2>/dev/null
    $ cmp m.safetensors whole/m.safetensors && cmp h.tsv whole/h.tsv

== A checkpoint is neither overwritten nor mixed up

    $ interrupt INT m.safetensors.checkpoint ./train 2>/dev/null
    [1]
    $ ./train
    ! deepmirgene train: m.safetensors.checkpoint: left by an interrupted training; continue it with --resume, or remove the file
    [1]

    $ ./train --resume --seed 2
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: m.safetensors.checkpoint: checkpoint of another training: 'held_out' differs; give the same data and options, or remove the file
    [1]

    $ ./train --resume -n pre-mirnas.fa
    ! deepmirgene train: warning: 4 sequences with both labels, in 8 records: kept (--drop-conflicts discards them)
    ! deepmirgene train: warning: 8 of 12 records have both labels*
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 8 others
    ! deepmirgene train: m.safetensors.checkpoint: checkpoint of another training: 'data' differs; give the same data and options, or remove the file
    [1]

    $ ls m.safetensors*
    m.safetensors.checkpoint

    $ echo nonsense >m.safetensors.checkpoint
    $ ./train --resume
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: m.safetensors.checkpoint: not a safetensors file, or truncated: a header of 7310308002159816558 bytes is announced, but the file has 9
    [1]

== Nothing to resume: from the start

    $ ./train --resume 2>/dev/null
    $ cmp m.safetensors whole/m.safetensors

== Other commands end at once and leave nothing behind

    $ random-fasta 20000 100 100 >many.fa
    $ interrupt INT 'out.*' deepmirgene fold many.fa -o out
    [130]
    $ interrupt TERM 'out.*' deepmirgene predict -m whole/m.safetensors many.fa -o out
    [143]
    $ interrupt HUP 'out.*' deepmirgene evaluate -m whole/m.safetensors -p many.fa -o out
    [129]
    $ mkfifo silent; sleep 100 >silent & interrupt INT 'out.*' deepmirgene fold - -o out <silent
    > status=$?; kill $!; exit $status
    [130]
    $ ls out*
    ! ls: *
    [2]

== A signal that was to be ignored from the start is ignored

As with nohup, or as a shell has its background ignore Ctrl-C.

    $ mkfifo in; deepmirgene fold in -o out & exec 3>in
    > kill -INT $! && cat others.fa >&3; exec 3>&-; wait $! && wc -l <out
    12
