What the program says of itself, and to a command line it does not understand.

== The overview is printed on request

    $ deepmirgene --help
    Usage: deepmirgene COMMAND [options] [FILE...]
    (blank)
    Predicts microRNA precursors (pre-miRNAs) and the secondary structures of RNA.
    (blank)
    Commands:
      predict    estimate the probability that each sequence is a pre-miRNA
      scan       find pre-miRNAs in a genome
      merge      merge the parts of a sharded scan
      fold       predict minimum free energy structures, in RNAfold's format
      features   compute the features by which other programs classify
      explain    draw how the network arrives at its prediction
      train      train a model on labelled sequences
      ensemble   combine models into one that averages their outputs
      calibrate  calibrate the probabilities of a model
      evaluate   measure a model's performance on labelled sequences
      crossval   cross-validate a method on labelled sequences
      dataset    check labelled sequences for duplicates and conflicts
      version    print version, build, built-in models and networks
    (blank)
    Run 'deepmirgene COMMAND --help' for the options of a command and examples.

    $ deepmirgene --help >a; deepmirgene -h >b; deepmirgene help >c; cmp a b && cmp b c

== Without arguments the overview goes to standard error

    $ deepmirgene
    ! Usage: deepmirgene COMMAND [options] [FILE...]
    ! (blank)
    ! Predicts microRNA precursors (pre-miRNAs) and the secondary structures of RNA.
    ! (blank)
    ! Commands:
    !   predict    estimate the probability that each sequence is a pre-miRNA
    !   scan       find pre-miRNAs in a genome
    !   merge      merge the parts of a sharded scan
    !   fold       predict minimum free energy structures, in RNAfold's format
    !   features   compute the features by which other programs classify
    !   explain    draw how the network arrives at its prediction
    !   train      train a model on labelled sequences
    !   ensemble   combine models into one that averages their outputs
    !   calibrate  calibrate the probabilities of a model
    !   evaluate   measure a model's performance on labelled sequences
    !   crossval   cross-validate a method on labelled sequences
    !   dataset    check labelled sequences for duplicates and conflicts
    !   version    print version, build, built-in models and networks
    ! (blank)
    ! Run 'deepmirgene COMMAND --help' for the options of a command and examples.
    [2]

== Every command has a help, by either way

    $ for command in predict fold train calibrate evaluate version; do
    >     deepmirgene $command --help >a && deepmirgene help $command >b && cmp a b && head -1 a
    >     deepmirgene $command -h | cmp - a
    > done
    Usage: deepmirgene predict [options] FILE...
    Usage: deepmirgene fold [options] FILE...
    Usage: deepmirgene train [options] --positive FILE --negative FILE -o FILE
    Usage: deepmirgene calibrate [options] --positive FILE --negative FILE -o FILE
    Usage: deepmirgene evaluate [options] --positive FILE --negative FILE
    Usage: deepmirgene version

== All help fits a terminal of 80 columns, and ends no line in blanks

    $ for command in "" predict scan merge fold features explain train ensemble calibrate evaluate \
    >     crossval dataset version; do
    >     deepmirgene help $command
    > done | awk 'length > 80 || / $/'

== The help of every command ends with examples of it

    $ for command in predict scan merge fold features explain train ensemble calibrate evaluate \
    >     crossval dataset version; do
    >     deepmirgene $command --help | sed '1,/^Examples:$/d' | grep -q "deepmirgene $command" ||
    >         echo "$command has none"
    > done

== A letter is the same option in every command

    $ for command in predict scan merge fold features explain train ensemble calibrate evaluate \
    >     crossval dataset version; do
    >     deepmirgene help $command
    > done | grep -oE '^  -[A-Za-z], --[a-z-]+' | sort -u | cut -c 3-4 | uniq -d

== Letters that changed their meaning still work, with a note

    $ deepmirgene dataset check -a pre-mirnas.fa -p pre-mirnas.fa -n others.fa -o new
    ! deepmirgene dataset check: note: -a is an old name of --against; write --against

    $ deepmirgene dataset check --against pre-mirnas.fa -p pre-mirnas.fa -n others.fa | cmp - new

    $ deepmirgene crossval -f 2 -r 1 -m length -q -p pre-mirnas.fa -n others.fa --figures none -o new-folds

    $ deepmirgene crossval --folds 2 --repeats 1 --method length -p pre-mirnas.fa -n others.fa \
    >     --figures none -o folds 2>/dev/null; cmp folds/report.md new-folds/report.md

== Quiet: no notes, no progress; errors and warnings

    $ deepmirgene predict pre-mirnas.fa -o out
    ! deepmirgene predict: 4 records by model general: 4 pre-miRNA, 0 other

    $ deepmirgene predict --quiet pre-mirnas.fa | cmp - out

    $ deepmirgene scan -q --threshold 0 pre-mirnas.fa >out; deepmirgene explain -q pre-mirnas.fa >out

    $ deepmirgene train -q --recipe 2016 -e 1 -p pre-mirnas.fa -n others.fa -o m.safetensors
    ! deepmirgene train: warning: 4 training pre-miRNAs are few, *
    ! deepmirgene train: warning: m calls * of 8 records *

    $ : >empty.fa; deepmirgene predict -q empty.fa -o out
    ! deepmirgene predict: warning: empty.fa: no sequence records

    $ deepmirgene fold -q none.fa
    ! deepmirgene fold: none.fa: cannot open: No such file or directory
    [1]

== Every command tells the version

    $ for command in predict scan merge fold features explain train ensemble calibrate evaluate \
    >     crossval dataset version; do
    >     deepmirgene $command --version; deepmirgene $command -V
    > done | sort | uniq -c
         26 deepmirgene *.*.*

    $ deepmirgene dataset --version
    deepmirgene *.*.*

== The help of train

    $ deepmirgene help train
    Usage: deepmirgene train [options] --positive FILE --negative FILE -o FILE
    (blank)
    Trains a network to distinguish pre-miRNAs from other sequences. The default
    recipe gives a network like that of the model general; --recipe 2016 is that of
    Park et al. 2016. At the end, prints the sensitivity and specificity of the
    model at the threshold 0.5, on held-out records with --validation, otherwise on
    the training records, where both are too optimistic.
    (blank)
    Sequences are folded once, before the training. The same data, options and seed
    give the same file, byte for byte, for any number of threads and whether or not
    the training was interrupted. After Ctrl-C or a crash, the same command with
    --resume continues the training and repeats at most the current epoch, or the
    last second of shorter epochs.
    (blank)
    Options:
      -p, --positive FILE     pre-miRNA sequences (repeatable)
      -n, --negative FILE     other sequences (repeatable)
      -o, --output FILE       model file (safetensors); its name without folder and
                              extension becomes the name of the model
          --recipe NAME       preset of the network and of the training options; see
                              below [2026]
      -a, --architecture NAME|FILE
                              network: built-in ('deepmirgene version' lists them),
                              or a JSON file that describes one [from the recipe]
      -e, --epochs N          passes over the data [from the recipe]
      -b, --batch N           sequences per step of Adam [from the recipe]
          --learning-rate X   learning rate of Adam [from the recipe]
          --final-learning-rate X
                              learning rate of the last epoch, approached along a
                              cosine; 0: the rate is constant [from the recipe]
          --loss squared-error|cross-entropy
                              loss to minimise [from the recipe]
          --average-weights N average the weights over the last N epochs; 0: use the
                              weights of the last epoch [from the recipe]
          --class-weight none|balanced
                              balanced: both classes contribute equally to the loss,
                              regardless of the number of records [from the recipe]
          --weight-decay X    decay of all weight matrices, as in AdamW
                              [from the recipe]
          --pretrain N        pre-training epochs, in which each stream is trained
                              as the encoder of an LSTM autoencoder
                              [from the recipe]
          --dropout X         dropout rate between LSTMs and dense layers
                              [from the architecture]
          --drop-conflicts    discard sequences that occur on both sides
          --from NAME|FILE    fine-tune this model: start from its weights and
                              architecture, use --recipe fine-tune, and compare both
                              models on held-out records (--validation 0.25)
          --teacher NAME|FILE train on the probabilities predicted by this model
                              instead of the labels; one network can learn from an
                              ensemble
          --unlabelled FILE   additional sequences without labels, for training with
                              --teacher (repeatable)
      -s, --seed N            seed for all random numbers [1]
          --validation X|FILE evaluate each epoch on records held out from training:
                              a fraction of each side, such as 0.1, drawn at random,
                              or those of a file of ids, one per line
          --history FILE      write a table of loss and metrics by epoch
          --resume            continue an interrupted training from its checkpoint,
                              OUTPUT.checkpoint; without one, start from the
                              beginning
      -t, --threads N         number of threads; 0: all processors [0]
          --cpu auto|scalar|v128|avx2|avx512
                              instruction set to use [auto]
      -q, --quiet             print errors and warnings only, no notes or progress
      -V, --version           print the version and exit
      -h, --help              print this help and exit
    (blank)
    Recipes:
      2026      --architecture deepmirgene-2026 --loss cross-entropy --epochs 20
                --batch 256 --learning-rate 0.003 --final-learning-rate 0.0001
      2016      --architecture deepmirgene-2016 --loss squared-error --epochs 500
                --batch 128 --learning-rate 0.001
      fine-tune --architecture deepmirgene-2026 --loss cross-entropy --epochs 20
                --batch 32 --learning-rate 0.0003 --final-learning-rate 1e-05
    (blank)
    Examples:
      deepmirgene train -p pre-mirnas.fa -n others.fa -o model.safetensors
      deepmirgene train --validation 0.1 --history history.tsv \
          -p pre-mirnas.fa -n others.fa -o model.safetensors

== The help of predict

    $ deepmirgene predict --help
    Usage: deepmirgene predict [options] FILE...
    (blank)
    Predicts the probability that each sequence is a microRNA precursor. Reads FASTA
    or FASTQ files (plain, gzip or bgzip; '-' is standard input) and folds each
    sequence, unless the file gives its structure as RNAfold prints it. Prints one
    row per record, in input order:
    (blank)
      id         first word of the header
      length     in nucleotides
      p_mirna    probability of being a pre-miRNA, 0 to 1; NA if not scored
      call       pre-miRNA, other, or NA
      mfe        free energy of the structure, kcal/mol; NA if not known
      structure  in dot-bracket notation
      flags      '-', or any of these, separated by commas:
                 empty            no sequence: not scored
                 ambiguous        letters other than A C G T U, which do not pair
                 structure_given  the structure was read from the file
                 no_pair          the structure has no base pair
                 multiloop        the structure has several hairpin loops
                 long             longer than 300 nucleotides: the best hairpin is
                                  shown, and p_mirna accounts for all hairpins
                 no_hairpin       longer than 300 nucleotides, without a hairpin
                 too_short        shorter than 40 nucleotides
                 malformed        could not be read (--skip-bad): not scored
                 no_memory        memory ran out: not scored
                 not_a_number     the model's output is not a number: not scored
      hairpin_start, hairpin_end
                 the part that was scored, 1-based: the whole record, or the best
                 hairpin of a long one
    (blank)
    Additional columns with --mature, NA if the arms are too short:
    (blank)
      mature_5p  mature sequence of the 5p arm, as start-end, 1-based
      p_5p       probability that its 5' end is within one nucleotide of this start
      mature_3p  mature sequence of the 3p arm
      p_3p       probability that its 5' end is within one nucleotide of this start
    (blank)
    GFF3 holds the pre-miRNAs only. Positions are those within the record, so that
    records need different names; --mature adds the mature sequences as features.
    (blank)
    Options:
      -m, --model NAME|FILE   built-in model ('deepmirgene version' lists them) or
                              a file written by 'deepmirgene train' [general]
          --threshold P       lowest p_mirna at which a record is called a pre-miRNA
                              [0.5]
          --prior P           expected fraction of pre-miRNAs among the records (for
                              example 0.001), to which p_mirna is adjusted; requires
                              a calibrated model [prior of the calibration]
          --mature            also predict the mature sequence of each arm: adds
                              four columns
      -f, --format tsv|jsonl|gff3
                              output format: table, JSON Lines, or GFF3 of the
                              pre-miRNAs; by the ending of --output if not given
                              [tsv]
      -o, --output FILE       output file (written atomically; compressed if it
                              ends in .gz) [standard output]
          --report FILE       also write an HTML page: records in a table that can
                              be sorted and searched, and drawings of the best
          --skip-bad          skip records that cannot be read; if there are any,
                              the exit status is 1
      -t, --threads N         number of threads; 0: all processors [0]
          --cpu auto|scalar|v128|avx2|avx512
                              instruction set to use [auto]
      -q, --quiet             print errors and warnings only, no notes or progress
      -V, --version           print the version and exit
      -h, --help              print this help and exit
    (blank)
    Examples:
      deepmirgene predict hairpins.fa > predictions.tsv
      deepmirgene predict --threshold 0.9 --mature -o predictions.tsv hairpins.fa.gz
      deepmirgene predict --report hairpins.html -o predictions.tsv hairpins.fa

== Help is given wherever it is asked for

    $ deepmirgene fold pre-mirnas.fa --help | head -1
    Usage: deepmirgene fold [options] FILE...

== Version tells what the program was built with

    $ deepmirgene version
    deepmirgene *.*.*
    compiler    *
    flags       *-std=c17*
    htslib      1.*
    jansson     2.*
    kernels     *
    models      general        deepmirgene-2026, another network from 141 nt, calibrated for a share of 0.245 pre-miRNAs
                animal         deepmirgene-2026, calibrated for a share of 0.213 pre-miRNAs
                plant          deepmirgene-2026, calibrated for a share of 0.0656 pre-miRNAs
                human          deepmirgene-2016, not calibrated
                cross-species  deepmirgene-2016, not calibrated
    networks    deepmirgene-2016
                deepmirgene-2016-sequence
    ...

    $ deepmirgene version >a && deepmirgene --version | cmp - a

== What is unknown is named

    $ deepmirgene brew
    ! deepmirgene: unknown command 'brew'; see 'deepmirgene --help'
    [2]

    $ deepmirgene --brew
    ! deepmirgene: unknown option '--brew'; see 'deepmirgene --help'
    [2]

    $ deepmirgene help brew
    ! deepmirgene: unknown command 'brew'; see 'deepmirgene --help'
    [2]

    $ deepmirgene fold --brew pre-mirnas.fa
    ! deepmirgene fold: unknown option --brew; see 'deepmirgene fold --help'
    [2]

    $ deepmirgene fold pre-mirnas.fa --brew=strong
    ! deepmirgene fold: unknown option --brew; see 'deepmirgene fold --help'
    [2]

    $ deepmirgene fold -x pre-mirnas.fa
    ! deepmirgene fold: unknown option -x; see 'deepmirgene fold --help'
    [2]

    $ deepmirgene fold -xo out pre-mirnas.fa
    ! deepmirgene fold: unknown option -x; see 'deepmirgene fold --help'
    [2]

    $ deepmirgene fold -5 pre-mirnas.fa
    ! deepmirgene fold: unknown option -5; see 'deepmirgene fold --help'
    [2]

== An option may be shortened while it stays clear

    $ deepmirgene fold --ts --out=table.tsv pre-mirnas.fa && wc -l <table.tsv
    5

    $ deepmirgene fold --t pre-mirnas.fa
    ! deepmirgene fold: option --t is ambiguous; see 'deepmirgene fold --help'
    [2]

    $ deepmirgene train --h
    ! deepmirgene train: option --h is ambiguous; see 'deepmirgene train --help'
    [2]

== Values that are missing or not wanted

    $ deepmirgene fold -o
    ! deepmirgene fold: option --output needs a value (FILE); see 'deepmirgene fold --help'
    [2]

    $ deepmirgene fold pre-mirnas.fa --output
    ! deepmirgene fold: option --output needs a value (FILE); see 'deepmirgene fold --help'
    [2]

    $ deepmirgene fold --tsv=yes pre-mirnas.fa
    ! deepmirgene fold: option --tsv takes no value; see 'deepmirgene fold --help'
    [2]

    $ deepmirgene fold --help=all
    ! deepmirgene fold: option --help takes no value; see 'deepmirgene fold --help'
    [2]

== Values that are wrong

    $ deepmirgene fold --threads many pre-mirnas.fa
    ! deepmirgene fold: --threads 'many': expected a whole number from 0 to 1024
    [2]

    $ deepmirgene fold --threads= pre-mirnas.fa
    ! deepmirgene fold: --threads '': expected a whole number from 0 to 1024
    [2]

    $ deepmirgene fold --threads -1 pre-mirnas.fa
    ! deepmirgene fold: --threads '-1': expected a whole number from 0 to 1024
    [2]

    $ deepmirgene fold --threads 1025 pre-mirnas.fa
    ! deepmirgene fold: --threads '1025': expected a whole number from 0 to 1024
    [2]

    $ deepmirgene fold --threads 2x pre-mirnas.fa
    ! deepmirgene fold: --threads '2x': expected a whole number from 0 to 1024
    [2]

    $ deepmirgene fold --threads 18446744073709551617 pre-mirnas.fa
    ! deepmirgene fold: --threads '18446744073709551617': expected a whole number from 0 to 1024
    [2]

    $ deepmirgene fold --cpu 486 pre-mirnas.fa
    ! deepmirgene fold: --cpu '486': expected one of auto|scalar|v128|avx2|avx512
    [2]

    $ deepmirgene predict --threshold 1.5 pre-mirnas.fa
    ! deepmirgene predict: --threshold '1.5': expected a number from 0 to 1
    [2]

    $ deepmirgene predict --threshold -0.1 pre-mirnas.fa
    ! deepmirgene predict: --threshold '-0.1': expected a number from 0 to 1
    [2]

    $ deepmirgene predict --threshold nan pre-mirnas.fa
    ! deepmirgene predict: --threshold 'nan': expected a number from 0 to 1
    [2]

    $ deepmirgene predict --threshold 0,5 pre-mirnas.fa
    ! deepmirgene predict: --threshold '0,5': expected a number from 0 to 1
    [2]

    $ deepmirgene predict --format xml pre-mirnas.fa
    ! deepmirgene predict: --format 'xml': expected one of tsv|jsonl|gff3
    [2]

    $ deepmirgene predict --format ts pre-mirnas.fa
    ! deepmirgene predict: --format 'ts': expected one of tsv|jsonl|gff3
    [2]

== Operands that are missing or not wanted

    $ deepmirgene fold
    ! deepmirgene fold: no input file given; see 'deepmirgene fold --help'
    [2]

    $ deepmirgene predict --threshold 0.9
    ! deepmirgene predict: no input file given; see 'deepmirgene predict --help'
    [2]

    $ deepmirgene version now
    ! deepmirgene version: unexpected argument 'now'; see 'deepmirgene version --help'
    [2]

    $ deepmirgene train pre-mirnas.fa
    ! deepmirgene train: option --positive is missing; see 'deepmirgene train --help'
    [2]

    $ deepmirgene evaluate
    ! deepmirgene evaluate: --positive or --negative is required; see 'deepmirgene evaluate --help'
    [2]

== Behind two dashes everything is a file

    $ cp pre-mirnas.fa ./--tsv && deepmirgene fold -- --tsv | head -1
    >hsa-let-7a-1 MI0000060 Homo sapiens let-7a-1 stem-loop

    $ deepmirgene fold -- -o
    ! deepmirgene fold: -o: cannot open: No such file or directory
    [1]

== Zero threads are all threads

    $ deepmirgene fold --threads 0 pre-mirnas.fa | head -1
    >hsa-let-7a-1 MI0000060 Homo sapiens let-7a-1 stem-loop

== Help on a full disk is a failure as well

    $ deepmirgene --help >/dev/full
    ! deepmirgene: cannot write standard output: No space left on device
    [1]

    $ deepmirgene help train >/dev/full
    ! deepmirgene: cannot write standard output: No space left on device
    [1]

    $ deepmirgene version >&-
    ! deepmirgene: cannot write standard output: Bad file descriptor
    [1]

== A word that is nearly right

    $ deepmirgene predcit
    ! deepmirgene: unknown command 'predcit'; did you mean 'predict'? See 'deepmirgene --help'
    [2]
    $ deepmirgene scan --treshold 0.5 g.fa
    ! deepmirgene scan: unknown option --treshold; did you mean --threshold? See 'deepmirgene scan --help'
    [2]
    $ deepmirgene fold --hepl
    ! deepmirgene fold: unknown option --hepl; did you mean --help? See 'deepmirgene fold --help'
    [2]
    $ deepmirgene -V | head -n 1
    deepmirgene *
