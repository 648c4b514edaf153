deepmirgene train: a model from labelled sequences.

== A small training from end to end

    $ deepmirgene train --recipe 2016 --positive pre-mirnas.fa --negative others.fa --epochs 3 -o new.safetensors
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: epoch 3/3, loss 0.*, * s each, 0:00:00 left
    ! deepmirgene train: wrote new.safetensors, 1828 parameters, in * s
    ! deepmirgene train: on * records: *
    ! ...

    $ ls new*
    new.safetensors

    $ deepmirgene predict -m new.safetensors pre-mirnas.fa 2>/dev/null | wc -l
    5

== Options are taken in short, too

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 2 -b 3 -s 7 -t 1 -o short 2>/dev/null
    $ mkdir long && deepmirgene train --recipe 2016 --positive=pre-mirnas.fa --negative=others.fa --epochs=2 \
    >     --batch=3 --seed=7 --threads=1 --architecture=deepmirgene-2016 --learning-rate=0.001 \
    >     --dropout=0.2 --cpu=auto --output=long/short.safetensors 2>/dev/null
    $ cmp short long/short.safetensors

== The same bytes for any number of threads, others for another seed

    $ for n in 1 2 3; do
    >     mkdir $n && deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 3 -b 3 -t $n -o $n/m 2>/dev/null
    > done
    $ cmp 1/m 2/m && cmp 1/m 3/m
    $ mkdir s && deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 3 -b 3 -s 2 -o s/m 2>/dev/null
    $ cmp -s 1/m s/m
    [1]

== Several files per side

    $ head -4 pre-mirnas.fa >a.fa && tail -n 4 pre-mirnas.fa | gzip >b.fa.gz
    $ deepmirgene train --recipe 2016 -p a.fa -p b.fa.gz -n others.fa -e 1 -o two.safetensors
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: epoch 1/1, loss 0.*, * s each, 0:00:00 left
    ! deepmirgene train: wrote two.safetensors, 1828 parameters, in * s
    ! deepmirgene train: on * records: *
    ! ...

== The history

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 3 --history h.tsv -o m 2>/dev/null; cat h.tsv
    epoch	loss	validation_loss	se	sp	acc	ppv	f	mcc	gmean	auroc	aupr
    1	0.*	NaN	NaN	NaN	NaN	NaN	NaN	NaN	NaN	NaN	NaN
    2	0.*	NaN	NaN	NaN	NaN	NaN	NaN	NaN	NaN	NaN	NaN
    3	0.*	NaN	NaN	NaN	NaN	NaN	NaN	NaN	NaN	NaN	NaN

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 2 --validation 0.5 --history h.tsv -o m
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: epoch 2/2, loss 0.*, F *, * s each, 0:00:00 left
    ! deepmirgene train: wrote m, 1828 parameters, in * s
    ! deepmirgene train: on * records: *
    ! ...

    $ cut -f 1,3-12 h.tsv
    epoch	validation_loss	se	sp	acc	ppv	f	mcc	gmean	auroc	aupr
    1	0.*	0.*
    2	0.*	0.*

== Held-out records from a list of ids

    $ printf 'id\tfold\nhsa-mir-21\t1\n\npoly-A\t1\r\n' >list.tsv
    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 --validation list.tsv --history h.tsv -o m
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: epoch 1/1, loss 0.*, F *, * s each, 0:00:00 left
    ! deepmirgene train: wrote m, 1828 parameters, in * s
    ! deepmirgene train: on * records: *
    ! ...

    $ tail -n 1 h.tsv | cut -f 1
    1

    $ echo hsa-mir-22 >list.tsv
    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 --validation list.tsv -o m2
    ! deepmirgene train: list.tsv:1: no record has the id 'hsa-mir-22'
    [1]

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 --validation none.tsv -o m2
    ! deepmirgene train: cannot read none.tsv: No such file or directory
    [1]

    $ grep -h '^>' pre-mirnas.fa | tr -d '>' | cut -d ' ' -f 1 >list.tsv
    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 --validation list.tsv -o m2
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: training needs both classes: 4 records include 0 positives
    [1]

== A sequence on both sides is reported, or left out

    $ (cat others.fa; head -4 pre-mirnas.fa | tr U t) >mixed.fa
    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n mixed.fa -e 1 -o m
    ! deepmirgene train: warning: 2 sequences with both labels, in 4 records: kept (--drop-conflicts discards them)
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 6 others
    ! deepmirgene train: epoch 1/1, loss 0.*, * s each, 0:00:00 left
    ! deepmirgene train: wrote m, 1828 parameters, in * s
    ! deepmirgene train: on * records: *
    ! ...

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n mixed.fa -e 1 -o m --drop-conflicts
    ! deepmirgene train: 2 sequences with both labels, in 4 records: discarded
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 2 pre-miRNAs and 4 others
    ! deepmirgene train: epoch 1/1, loss 0.*, * s each, 0:00:00 left
    ! deepmirgene train: wrote m, 1828 parameters, in * s
    ! deepmirgene train: on * records: *
    ! ...

    $ (cat others.fa; tail -n 2 pre-mirnas.fa) >mixed.fa
    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n mixed.fa -e 1 -o m --drop-conflicts
    ! deepmirgene train: 1 sequence with both labels, in 2 records: discarded
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 3 pre-miRNAs and 4 others
    ! deepmirgene train: epoch 1/1, loss 0.*, * s each, 0:00:00 left
    ! deepmirgene train: wrote m, 1828 parameters, in * s
    ! deepmirgene train: on * records: *
    ! ...

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n pre-mirnas.fa -e 1 -o m2 --drop-conflicts
    ! deepmirgene train: 4 sequences with both labels, in 8 records: discarded
    ! deepmirgene train: warning: 8 of 8 records have both labels*
    ! deepmirgene train: folding 0 pre-miRNAs and 0 others
    ! deepmirgene train: training needs both classes: 0 records include 0 positives
    [1]

== What a model says instead of labels, and sequences without any

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa --teacher human --unlabelled pre-mirnas.fa \
    >     --unlabelled others.fa -e 1 -o student.safetensors
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others, and 8 unlabelled
    ! deepmirgene train: epoch 1/1, loss 0.*, * s each, 0:00:00 left
    ! deepmirgene train: wrote student.safetensors, 1828 parameters, in * s
    ! deepmirgene train: on * records: *
    ! ...

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa --teacher none.safetensors -e 1 -o m2
    ! deepmirgene train: *none.safetensors*No such file or directory*
    [1]

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa --unlabelled others.fa -e 1 -o m2
    ! deepmirgene train: --unlabelled requires --teacher; see 'deepmirgene train --help'
    [2]

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa --teacher human --class-weight balanced -o m2
    ! deepmirgene train: --class-weight balanced cannot be combined with --teacher, which does not use labels; see 'deepmirgene train --help'
    [2]

== Another network, described in a file

    $ cat >small.json <<END
    > {"id": "small",
    >  "streams": [{"name": "sequence", "embedding": 2, "units": [3, 2], "bidirectional": true}],
    >  "dense": [{"name": "output", "inputs": ["sequence"], "units": 2, "activation": "sigmoid",
    >             "dropout": 0.1}]}
    > END
    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 2 --architecture small.json -o small
    ! deepmirgene train: warning: * training * few, *
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: epoch 2/2, loss 0.*, * s each, 0:00:00 left
    ! deepmirgene train: wrote small, 306 parameters, in * s
    ! deepmirgene train: on * records: *
    ! ...

    $ deepmirgene predict -m small pre-mirnas.fa -o small.tsv
    ! deepmirgene predict: 4 records by model small: 0 pre-miRNA, 4 other

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa --architecture alexnet -o m
    ! deepmirgene train: no architecture 'alexnet': neither a readable file nor a built-in name (deepmirgene-2016, *)
    [1]

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa --architecture pre-mirnas.fa -o m
    ! deepmirgene train: pre-mirnas.fa: architecture: line 1: '[' or '{' expected near '>'
    [1]

    $ sed 's/"units": 2/"units": 0/' small.json >none.json
    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa --architecture none.json -o m
    ! deepmirgene train: none.json: architecture: units 0 is not within 1 .. 128
    [1]

== Options that are missing

    $ deepmirgene train
    ! deepmirgene train: option --positive is missing; see 'deepmirgene train --help'
    [2]

    $ deepmirgene train --recipe 2016 --positive pre-mirnas.fa
    ! deepmirgene train: option --negative is missing; see 'deepmirgene train --help'
    [2]

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa
    ! deepmirgene train: option --output is missing; see 'deepmirgene train --help'
    [2]

== Values that are wrong are told in one line, before anything is read

    $ deepmirgene train --recipe 2016 -p nowhere.fa -n others.fa -o m --epochs 0
    ! deepmirgene train: --epochs '0': expected a whole number from 1 to 1000000
    [2]

    $ deepmirgene train --recipe 2016 -p nowhere.fa -n others.fa -o m --epochs 1.5
    ! deepmirgene train: --epochs '1.5': expected a whole number from 1 to 1000000
    [2]

    $ deepmirgene train --recipe 2016 -p nowhere.fa -n others.fa -o m --batch 0
    ! deepmirgene train: --batch '0': expected a whole number from 1 to 65536
    [2]

    $ deepmirgene train --recipe 2016 -p nowhere.fa -n others.fa -o m --learning-rate 0
    ! deepmirgene train: --learning-rate '0': expected a number from 1e-09 to 10
    [2]

    $ deepmirgene train --recipe 2016 -p nowhere.fa -n others.fa -o m --dropout 1
    ! deepmirgene train: --dropout '1': expected a number from 0 to 0.99
    [2]

    $ deepmirgene train --recipe 2016 -p nowhere.fa -n others.fa -o m --dropout -1
    ! deepmirgene train: --dropout '-1': expected a number from 0 to 0.99
    [2]

    $ deepmirgene train --recipe 2016 -p nowhere.fa -n others.fa -o m --seed -1
    ! deepmirgene train: --seed '-1': expected a whole number from 0 to 9007199254740992
    [2]

    $ deepmirgene train --recipe 2016 -p nowhere.fa -n others.fa -o m --validation 1
    ! deepmirgene train: --validation '1': expected a number between 0 and 1, or a file of ids; see 'deepmirgene train --help'
    [2]

    $ deepmirgene train --recipe 2016 -p nowhere.fa -n others.fa -o m --validation -0.1
    ! deepmirgene train: --validation '-0.1': expected a number between 0 and 1, or a file of ids; see 'deepmirgene train --help'
    [2]

== A record without letters, or with too many, cannot be learned from

    $ printf '>fine\nACGU\n>nothing in it\n' >empty-record.fa
    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n empty-record.fa -o m
    ! deepmirgene train: empty-record.fa:3: record 'nothing' has 0 nucleotides; expected 1 to 32767
    [1]

    $ (echo '>giant'; head -c 32768 /dev/zero | tr '\0' A) >giant.fa
    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n giant.fa -o m
    ! deepmirgene train: giant.fa:1: record 'giant' has 32768 nucleotides; expected 1 to 32767
    [1]

== What cannot be written is told before the training

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -o nowhere/m
    ! deepmirgene train: cannot write nowhere/m: No such file or directory
    [1]

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -o .
    ! deepmirgene train: cannot write .: Is a directory
    [1]

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -o -
    ! deepmirgene train: cannot write -: not a regular file
    [1]

    $ ln -s /dev/full device && deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -o device
    ! deepmirgene train: cannot write device: not a regular file
    [1]

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -o m --history nowhere/h.tsv
    ! deepmirgene train: cannot write nowhere/h.tsv: No such file or directory
    [1]

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -o m --history -
    ! deepmirgene train: cannot write -: not a regular file
    [1]

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -o others.fa
    ! deepmirgene train: cannot write others.fa: it is one of the inputs (--negative)
    [1]

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -o m --history pre-mirnas.fa
    ! deepmirgene train: cannot write pre-mirnas.fa: it is one of the inputs (--positive)
    [1]

    $ ls
    device
    malformed.fa
    others.fa
    pre-mirnas.fa

== What is invalid is said, with what to try

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 -o dead
    ! deepmirgene train: warning: 4 training pre-miRNAs are few, and the result depends on the seed; --from general starts from a trained network
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: epoch 1/1, loss 0.*, * s each, 0:00:00 left
    ! deepmirgene train: wrote dead, 1828 parameters, in * s
    ! deepmirgene train: on 8 training records: sensitivity 0.000, specificity 1.000, average precision 0.*
    ! deepmirgene train: warning: dead calls none of 8 records a pre-miRNA and does not separate the classes; more epochs, --recipe 2026 or --class-weight balanced may help

    $ deepmirgene evaluate -m dead -p pre-mirnas.fa -n others.fa --bootstrap 0 --method network | grep SE
    | SE (sensitivity)        |   0.000 |
    ! deepmirgene evaluate: warning: network calls none of 8 records a pre-miRNA and does not separate the classes at this threshold

    $ deepmirgene train -p pre-mirnas.fa -n pre-mirnas.fa -e 1 -o m
    ! deepmirgene train: warning: 4 sequences with both labels, in 8 records: kept (--drop-conflicts discards them)
    ! deepmirgene train: warning: 8 of 8 records have both labels and cannot be learned; is one file given as both --positive and --negative?
    ! ...

== A checkpoint that a power cut left empty

    $ : >cut.checkpoint
    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 --resume -o cut 2>&1 | grep cut.checkpoint
    deepmirgene train: warning: cut.checkpoint: this checkpoint is cut off; the training begins from the start
    $ ls cut*
    cut

== Recipes

By default the network is like that of the model general.

    $ deepmirgene train -p pre-mirnas.fa -n others.fa -e 2 -o new 2>&1 | grep wrote
    deepmirgene train: wrote new, 15538 parameters, in * s
    $ mkdir same && deepmirgene train --recipe 2026 -a deepmirgene-2026 --loss cross-entropy -b 256 \
    >     --learning-rate 3e-3 --final-learning-rate 1e-4 -p pre-mirnas.fa -n others.fa -e 2 -o same/new 2>/dev/null
    $ cmp new same/new
    $ deepmirgene train --recipe 2036 -p pre-mirnas.fa -n others.fa -o m
    ! deepmirgene train: --recipe '2036': unknown recipe; expected 2026, 2016 or fine-tune; see 'deepmirgene train --help'
    [2]

== Fine-tuning, and what it gains

    $ deepmirgene train --from general -p pre-mirnas.fa -n others.fa -e 1 -o mine
    ! deepmirgene train: folding 4 pre-miRNAs and 4 others
    ! deepmirgene train: epoch 1/1, loss 0.*, F *, * s each, 0:00:00 left
    ! deepmirgene train: wrote mine, 15538 parameters, in * s
    ! deepmirgene train: on 2 held-out records: sensitivity *, specificity *, average precision *
    ! deepmirgene train: general on the same: sensitivity *, specificity *, average precision *
    ! ...
    $ deepmirgene train --from general --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 --validation 0.5 -o mine 2>&1 | grep held
    deepmirgene train: on 4 held-out records: *
    $ deepmirgene train --from general -a deepmirgene-2016 -p pre-mirnas.fa -n others.fa -o m
    ! deepmirgene train: --architecture cannot be combined with --from, which sets it; see 'deepmirgene train --help'
    [2]
    $ deepmirgene train --from general --pretrain 2 -p pre-mirnas.fa -n others.fa -o m
    ! deepmirgene train: --pretrain cannot be combined with --from, whose weights it would overwrite; see 'deepmirgene train --help'
    [2]
