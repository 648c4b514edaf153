What people see who watch: progress is one line that is rewritten, and leaves the screen tidy.

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 -o tiny.safetensors 2>/dev/null
    $ random-fasta 4000 60 60 >many.fa

== Training shows a bar with loss, score, time of an epoch and time left

    $ on-terminal 80 deepmirgene train --recipe 2016 -p many.fa -n others.fa -n pre-mirnas.fa -e 2 -b 512 \
    >     --validation 0.1 -o m >screen
    $ cat screen
    deepmirgene train: folding 4000 pre-miRNAs and 8 others
    *\x0d\x1b[K[##########] epoch 2/2, loss 0.*, F *, * s each, 0:00:00 left
    deepmirgene train: wrote m, 1828 parameters, in * s
    deepmirgene train: on 401 held-out records: sensitivity *, specificity *, average precision *
    deepmirgene train: warning: m calls * of 401 records a pre-miRNA*
    $ grep -v ^deepmirgene screen | tr '\r' '\n' | sed 's/\x1b\[K//' | awk 'length > 79'

== A narrow terminal

    $ on-terminal 29 deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 2 -o m >screen
    $ grep 'epoch [0-9]' screen
    *\x0d\x1b[K[##########] epoch 2/2, loss

== An error stands on a line of its own

    $ on-terminal 80 sh -c 'interrupt INT m.checkpoint deepmirgene train --recipe 2016 -p many.fa -n others.fa -o m' >screen
    [1]
    $ tail -n 1 screen
    deepmirgene train: stopped on request; run the same command with --resume to continue

== Prediction into a file counts, and wipes the counter

    $ on-terminal 80 sh -c '(cat many.fa; sleep 0.3; cat others.fa) |
    >     deepmirgene predict -m tiny.safetensors - -o out.tsv'
    *\x0d\x1b[K* records, */s\x0d\x1b[Kdeepmirgene predict: 4004 records by model *

== Prediction from a file shows the time left

    $ on-terminal 80 sh -c 'random-fasta 400 2000 2000 >long.fa; deepmirgene predict long.fa -o out.tsv' >screen
    $ grep -qE 'records, [0-9]+/s, 0:00:[0-9]{2} left' screen

    $ on-terminal 80 sh -c 'deepmirgene predict -q long.fa -o out.tsv'

== Rows on the terminal are not mixed with progress

    $ on-terminal 80 sh -c '(cat many.fa; sleep 0.3; cat others.fa) |
    >     deepmirgene predict -m tiny.safetensors -' >screen
    $ grep -c '^random-' screen && tr -cd '\r\033' <screen | wc -c && tail -n 1 screen
    4002
    0
    deepmirgene predict: 4004 records by model *

== No progress where nobody watches

    $ deepmirgene predict -m tiny.safetensors many.fa -o out.tsv
    ! deepmirgene predict: 4000 records by model tiny.safetensors: 0 pre-miRNA, 4000 other
