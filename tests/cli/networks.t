The networks that are known by name.

== Each one trains, predicts and can be evaluated

    $ for name in $(deepmirgene version | sed -n '/^networks/,$ s/.* //p'); do
    >     deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 2 -a $name -o net 2>log || cat log
    >     echo $name: $(sed -n 's/.*net, \(.* parameters\).*/\1/p' log)
    >     deepmirgene predict -m net pre-mirnas.fa 2>log | cut -f 1 | wc -l
    >     deepmirgene evaluate -m net -p pre-mirnas.fa -n others.fa 2>log >table || cat log
    > done
    deepmirgene-2016: 1828 parameters
    5
    deepmirgene-2016-sequence: 644 parameters
    5
    deepmirgene-2016-structure: 1186 parameters
    5
    deepmirgene-2016-unsplit: 1239 parameters
    5
    deepmirgene-2016-two-layers: 4348 parameters
    5
    deepmirgene-2016-bidirectional: 3608 parameters
    5
    deepmirgene-2016-batch-norm: 1888 parameters
    5
    deepmirgene-2016-cnn: 2704 parameters
    5
    deepmirgene-2026: 15538 parameters
    5
    deepmirgene-2026-length: 20164 parameters
    5

== Pre-training is part of the training, and of what a checkpoint belongs to

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 2 --pretrain 3 -o m
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: pre-training, epoch 3/3, 1.* nats a symbol
    ! deepmirgene train: epoch 2/2, loss 0.*, * s each, 0:00:00 left
    ! deepmirgene train: wrote m, 1828 parameters, in * s
    ! deepmirgene train: on * records: *
    ! ...

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 2 -o plain 2>/dev/null
    $ cmp -s m plain
    [1]

    $ deepmirgene crossval --recipe 2016 -p pre-mirnas.fa -n others.fa --folds 2 -e 1 --figures none \
    >     --pretrain 2 -o cv 2>/dev/null && grep -c -- '--pretrain 2' cv/history.tsv
    1

    $ deepmirgene crossval --recipe 2016 -p pre-mirnas.fa -n others.fa --folds 2 -e 1 --figures none \
    >     --pretrain 1 -o cv --resume 2>&1 | grep -c pretrain
    1

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -a deepmirgene-2016-cnn --pretrain 1 -o c
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: architecture 'deepmirgene-2016-cnn' has no LSTM to pre-train as an encoder
    [1]

== The example of doc/models.md, which has all that an architecture may have

A structure with pairs that have no energy is scored all the same.

    $ sed -n '/^{"id": "mine"/,/^```/ p' "$DMG_SOURCE/doc/models.md" | grep -v '```' > mine.json
    $ echo --loss cross-entropy --learning-rate 3e-3 --final-learning-rate 1e-4 > how
    $ for threads in 1 3; do
    >     deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 3 -a mine.json $(cat how) -t $threads \
    >         -o mine 2>log || cat log
    >     mv mine mine.$threads
    > done
    $ cmp mine.1 mine.3
    $ deepmirgene predict -m mine.1 pre-mirnas.fa 2>log | cut -f 1 | wc -l
    5
    $ deepmirgene predict -m mine.1 pre-mirnas.fa 2>log | cut -f 3 > folded
    $ deepmirgene fold pre-mirnas.fa | deepmirgene predict -m mine.1 - 2>log | cut -f 3 > given
    $ cmp folded given
    $ deepmirgene crossval --recipe 2016 -p pre-mirnas.fa -n others.fa --folds 2 -e 2 -a mine.json $(cat how) -o folder \
    >     --bootstrap 0 --figures none 2>log || cat log
    $ grep -o -e '--learning-rate.* --loss [^ ]*' folder/history.tsv
    --learning-rate 0.003 --final-learning-rate 0.0001 --loss cross-entropy
    $ printf '>given\nGGGGAAAACCCC\n((((....))))\n>none\nAAAAGGGGAAAA\n((((....))))\n' > given.fa
    $ deepmirgene predict -m mine.1 given.fa 2>log | cut -f 1,5
    id	mfe
    given	-5.40
    none	NA
