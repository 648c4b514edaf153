Man pages and completions of shells, which the build has the program write.

== Every command of the overview has a page that manual readers take without a warning

Pages have no date: the version says how old they are.

    $ deepmirgene help | sed -n 's/^  \([a-z]*\) .*/\1/p' >commands
    $ wc -l <commands
    13
    $ deepmirgene generate man >deepmirgene.1
    $ while read -r name; do deepmirgene generate man "$name" >deepmirgene-$name.1 || echo "$name"; done <commands
    $ while read -r name; do grep -q "^        '$name',$" "$DMG_SOURCE/man/meson.build" || echo "$name is not installed"; done <commands
    $ command -v mandoc >/dev/null || { echo 'skipped: mandoc is not installed'; exit 77; }
    $ mandoc -T lint -W warning *.1 | grep -v 'missing date'
    [1]

== man prints the same pages without a warning

    $ command -v man >/dev/null && command -v groff >/dev/null || { echo 'skipped: man or groff is not installed'; exit 77; }
    $ mkdir -p man/man1; for name in $(deepmirgene help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do deepmirgene generate man $name >man/man1/deepmirgene-$name.1; man --warnings -l man/man1/deepmirgene-$name.1 2>&1 >/dev/null; done
    $ MANWIDTH=80 LC_ALL=C man -M man deepmirgene-version | col -b
    DEEPMIRGENE-VERSION(1)*
    ...
    SYNOPSIS
           deepmirgene version
    ...
    SEE ALSO
           deepmirgene(1)
    (blank)
    ...

== A page has every option and preset of the help

    $ deepmirgene scan --help | sed -n 's/^ *\(-.,\)* *--\([a-z-]*\).*/--\2/p' | sort -u >help
    $ deepmirgene generate man scan | sed -n 's/^.*\\fB\\-\\-\(.*\)\\fR.*/--\1/p' | sed 's/\\fR.*//; s/\\-/-/g' | sort -u >page
    $ cmp help page && grep -e --strand -e --format page
    --format
    --strand
    $ deepmirgene generate man scan | grep -F -A3 'B\-\-format'
    \fB\-f\fR, \fB\-\-format\fR \fIgff3|bed|tsv|jsonl|fasta\fR
    *
    [gff3]
    .TP

== Its examples are those of the help

    $ deepmirgene fold --help | sed -n '/^Examples:/,$p' | sed '1d; s/^ *//' >help
    $ deepmirgene generate man fold | sed -n '/^\.SH EXAMPLES/,/^\.SH EXIT/p' | sed '/^\./d; s/^\\& *//; s/\\-/-/g' >page
    $ cmp help page && grep -c deepmirgene page
    *

== No text is taken for a request of roff, and quotes are those of the text

    $ for name in $(deepmirgene help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do deepmirgene generate man $name; done >pages
    $ grep '^\.' pages | grep -Ev '^\.(\\"|TH|SH|TP|PP|BR|nf|fi|in)( |$)|^\.\\"'
    [1]
    $ grep -v '^\.' pages | grep -c "['^~]"
    0
    [1]

== Bash completes commands, options and the words that an option may have

    $ complete-bash sc
    scan
    $ complete-bash scan --for
    --format
    $ complete-bash scan --format ''
    gff3
    bed
    tsv
    jsonl
    fasta
    $ complete-bash scan --format = b
    bed
    $ complete-bash dataset ''
    check
    $ complete-bash help en
    ensemble

Files are completed by the shell itself, where nothing is offered:

    $ complete-bash scan --output ''
    (blank)

== Fish completes the same

    $ command -v fish >/dev/null || { echo 'skipped: fish is not installed'; exit 77; }
    $ export HOME=$PWD; deepmirgene generate completion fish >fish
    $ for words in sc 'scan --for' 'scan --format ' 'dataset '; do fish --no-config -c "source fish; complete -C 'deepmirgene $words'" | cut -f1; done
    scan
    --format
    bed
    fasta
    gff3
    jsonl
    tsv
    check

== Zsh reads its completion

    $ command -v zsh >/dev/null || { echo 'skipped: zsh is not installed'; exit 77; }
    $ deepmirgene generate completion zsh >_deepmirgene
    $ zsh -fn _deepmirgene
    $ grep -- --format _deepmirgene | grep -c '(gff3 bed tsv jsonl fasta)'
    2

== What cannot be generated is refused

    $ deepmirgene generate man brew
    ! Usage: deepmirgene generate man [COMMAND]
    !        deepmirgene generate completion bash|zsh|fish
    [2]
    $ deepmirgene generate completion man 2>/dev/null
    [2]
    $ deepmirgene scan --describe man x
    ! deepmirgene scan: unknown option --describe*
    [2]
