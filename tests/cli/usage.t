What the program says of itself, and to a command line it does not understand.

== The overview is printed on request

    $ deepmirgene --help
    Usage: deepmirgene COMMAND [options] [FILE...]
    (blank)
    Folds RNA and tells precursor microRNAs (pre-miRNAs) from other hairpins.
    (blank)
    Commands:
      predict    the probability of each sequence to be a pre-miRNA
      scan       the pre-miRNAs of a genome
      merge      the parts of a scan as one result
      fold       minimum-free-energy structures, as RNAfold prints them
      explain    what the network saw in a sequence, drawn
      train      a model from labelled sequences
      ensemble   several models as one, which gives their mean
      calibrate  a model whose probabilities are shares of pre-miRNAs
      evaluate   how good a model is on labelled sequences
      crossval   how good a method is on sequences it has not learned from
      dataset    what to know of labelled sequences before they are trusted
      version    versions, compiler, flags and kernels
    (blank)
    'deepmirgene COMMAND --help' tells more of a command.

    $ deepmirgene --help >a; deepmirgene -h >b; deepmirgene help >c; cmp a b && cmp b c

== Without arguments the overview goes to standard error

    $ deepmirgene
    ! Usage: deepmirgene COMMAND [options] [FILE...]
    ! (blank)
    ! Folds RNA and tells precursor microRNAs (pre-miRNAs) from other hairpins.
    ! (blank)
    ! Commands:
    !   predict    the probability of each sequence to be a pre-miRNA
    !   scan       the pre-miRNAs of a genome
    !   merge      the parts of a scan as one result
    !   fold       minimum-free-energy structures, as RNAfold prints them
    !   explain    what the network saw in a sequence, drawn
    !   train      a model from labelled sequences
    !   ensemble   several models as one, which gives their mean
    !   calibrate  a model whose probabilities are shares of pre-miRNAs
    !   evaluate   how good a model is on labelled sequences
    !   crossval   how good a method is on sequences it has not learned from
    !   dataset    what to know of labelled sequences before they are trusted
    !   version    versions, compiler, flags and kernels
    ! (blank)
    ! 'deepmirgene COMMAND --help' tells more of a command.
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

    $ for command in "" predict fold train calibrate evaluate version; do
    >     deepmirgene help $command
    > done | awk 'length > 80 || / $/'
                 long             more than 300 nucleotides: the best hairpin is shown, and
                 what was scored, 1-based: the record, or the best hairpin of a long one
          --report FILE       write a page of HTML, too: the records to be sorted and

== The help of train

    $ deepmirgene help train
    Usage: deepmirgene train [options] --positive FILE --negative FILE -o FILE
    (blank)
    Trains a network to tell pre-miRNAs from other sequences: by default one like
    the model general; --recipe 2016 gives that of Park et al. 2016. At the end
    sensitivity and specificity of the model are printed, at the threshold 0.5, on
    records held out (--validation) or else on those it learned from, where they
    are better than elsewhere. Sequences are folded once, before. The
    same data, options and seed give the same file, byte for byte, for any number
    of threads and whether or not the training was interrupted: after Ctrl-C or a
    crash, the same command with --resume loses at most the epoch under way, or
    the last second of shorter ones.
    (blank)
    Options:
      -p, --positive FILE     pre-miRNAs; give it several times for several files
      -n, --negative FILE     other sequences; likewise
      -o, --output FILE       the model, a safetensors file; its name without
                              folder and ending is what the model calls itself
          --recipe NAME       options for what is not given: a network and how
                              it is trained; see below [2026]
      -a, --architecture NAME|FILE
                              the network: a known one ('deepmirgene version'
                              lists them), or a file that describes one in JSON
                              [the recipe's]
      -e, --epochs N          times to go through the data [the recipe's]
      -b, --batch N           sequences for one step of Adam [the recipe's]
          --learning-rate X   of Adam [the recipe's]
          --final-learning-rate X
                              let the rate fall to this along a cosine, which
                              the last epoch has; 0: the rate stays as it is
                              [the recipe's]
          --loss squared-error|cross-entropy
                              loss to minimise [the recipe's]
          --average-weights N the model is the mean of the weights after each
                              of the last N epochs; 0: those of the last one
                              [the recipe's]
          --class-weight none|balanced
                              balanced: both classes count as much in the loss,
                              however many records they have [the recipe's]
          --weight-decay X    of all matrices, as AdamW does [the recipe's]
          --pretrain N        epochs before, in which each stream learns to be
                              the encoder of an LSTM autoencoder [the recipe's]
          --dropout X         rate on what dense layers read of LSTMs
                              [the architecture's]
          --drop-conflicts    leave out sequences that stand on both sides
          --from NAME|FILE    fine-tune this model: begin from its weights, with
                              its architecture, by --recipe fine-tune, and compare
                              both on a held-out part (--validation 0.25)
          --teacher NAME|FILE learn the probabilities that this model gives, and
                              not the labels: one network can learn what an
                              ensemble knows
          --unlabelled FILE   more sequences, of which only the teacher knows
                              what to learn; give it several times for several
                              files
      -s, --seed N            of everything random [1]
          --validation X|FILE judge each epoch by records that are not learned
                              from: a fraction (0.1) of each side, drawn by the
                              seed, or a file of their ids, one a line
          --history FILE      write a table there: loss and metrics by epoch
          --resume            continue an interrupted training from its
                              checkpoint, the file OUTPUT.checkpoint; from the
                              start where there is none
      -t, --threads N         threads to work with [all processors]
          --cpu auto|scalar|v128|avx2|avx512
                              instruction set to compute with [auto]
      -h, --help              print this and exit
    (blank)
    Recipes:
      2026      --architecture deepmirgene-2026 --loss cross-entropy --epochs 20
                --batch 256 --learning-rate 0.003 --final-learning-rate 0.0001
      2016      --architecture deepmirgene-2016 --loss squared-error --epochs 500
                --batch 128 --learning-rate 0.001
      fine-tune --architecture deepmirgene-2026 --loss cross-entropy --epochs 20
                --batch 32 --learning-rate 0.0003 --final-learning-rate 1e-05

== The help of predict

    $ deepmirgene predict --help
    Usage: deepmirgene predict [options] FILE...
    (blank)
    Folds each sequence of FASTA or FASTQ files (plain, gzip or bgzip; '-' is
    standard input) and prints how probably it is a precursor microRNA. A structure
    that a file gives, as RNAfold prints it, is used instead of folding. Every
    record gives one row, in the order of the input:
    (blank)
      id         first word of the header
      length     nucleotides
      p_mirna    probability to be a pre-miRNA, 0 to 1; NA where there is none
      call       pre-miRNA, other, or NA
      mfe        free energy of the structure, kcal/mol; NA where there is none
      structure  dot-bracket
      flags      '-', or any of these, separated by commas:
                 empty            no sequence: not scored
                 ambiguous        letters other than A C G T U: they pair with none
                 structure_given  the structure is the file's
                 no_pair          the structure has no pair
                 multiloop        the structure has several hairpin loops
                 long             more than 300 nucleotides: the best hairpin is shown, and
                                  p_mirna counts all of them
                 no_hairpin       long, and no part is a hairpin
                 too_short        less than 40 nucleotides
                 malformed        could not be read (--skip-bad): not scored
                 no_memory        memory was out: not scored
                 not_a_number     the model gives no number: not scored
      hairpin_start, hairpin_end
                 what was scored, 1-based: the record, or the best hairpin of a long one
    With --mature also, NA where the arms are too short:
    (blank)
      mature_5p  start-end of the 5p mature sequence, 1-based
      p_5p       probability that it starts there, give or take a nucleotide
      mature_3p  the same of the 3p mature sequence
      p_3p
    (blank)
    Options:
      -m, --model NAME|FILE   a built-in model ('deepmirgene version' lists them)
                              or a file written by 'deepmirgene train' [general]
          --threshold P       call a pre-miRNA from this probability on [0.5]
          --prior P           state p_mirna for this share of pre-miRNAs among the
                              records, as 0.001; needs a calibrated model
                              [that of the calibration]
          --mature            find the mature sequences of both arms, too: four more
                              columns
      -f, --format tsv|jsonl  table or JSON Lines [tsv]
      -o, --output FILE       write there, the whole file or none [standard output]
          --report FILE       write a page of HTML, too: the records to be sorted and
                              searched, with drawings of the best
          --skip-bad          go on after a record that cannot be read; the exit
                              status says at the end that there was one
      -t, --threads N         threads to work with [all processors]
          --cpu auto|scalar|v128|avx2|avx512
                              instruction set to compute with [auto]
      -h, --help              print this and exit

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
    models      general        deepmirgene-2026, calibrated for a share of 0.245 pre-miRNAs
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
    ! deepmirgene fold: option --t could be one of several; see 'deepmirgene fold --help'
    [2]

    $ deepmirgene train --h
    ! deepmirgene train: option --h could be one of several; see 'deepmirgene train --help'
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
    ! deepmirgene predict: --format 'xml': expected one of tsv|jsonl
    [2]

    $ deepmirgene predict --format ts pre-mirnas.fa
    ! deepmirgene predict: --format 'ts': expected one of tsv|jsonl
    [2]

== Operands that are missing or not wanted

    $ deepmirgene fold
    ! deepmirgene fold: no input file is given; see 'deepmirgene fold --help'
    [2]

    $ deepmirgene predict --threshold 0.9
    ! deepmirgene predict: no input file is given; see 'deepmirgene predict --help'
    [2]

    $ deepmirgene version now
    ! deepmirgene version: unexpected argument 'now'; see 'deepmirgene version --help'
    [2]

    $ deepmirgene train pre-mirnas.fa
    ! deepmirgene train: option --positive is missing; see 'deepmirgene train --help'
    [2]

    $ deepmirgene evaluate
    ! deepmirgene evaluate: neither --positive nor --negative is given; see 'deepmirgene evaluate --help'
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
    ! deepmirgene scan: unknown option --treshold; did you mean --threshold?; see 'deepmirgene scan --help'
    [2]
    $ deepmirgene -V | head -n 1
    deepmirgene *
