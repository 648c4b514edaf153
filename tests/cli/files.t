What a command reads, it does not write; and it writes nothing twice. Each refusal comes before any
work, with exit status 1, and leaves every file as it was.

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 -o m.safetensors 2>/dev/null
    $ printf 'chr\t0\t60\n' >r.bed; printf '>chr\n%s\n' "$(tail -n 1 pre-mirnas.fa)" >g.fa
    $ grep -h '>' pre-mirnas.fa | head -n 1 | tr -d '>' >ids.txt; cp pre-mirnas.fa p.fa
    $ printf '{}\n' >a.json; mkdir kept && cp * kept 2>/dev/null; true
    $ cat >refused <<'END'
    > #!/bin/sh
    > # refused COMMAND...: what is said, and whether all files are still the same.
    > deepmirgene "$@" >/dev/null || echo "$?"
    > diff -r -x refused -x kept -x log . kept
    > END
    $ chmod +x refused

== An input of any option

    $ ./refused predict -m m.safetensors -o m.safetensors p.fa
    1
    ! deepmirgene predict: cannot write m.safetensors: it is one of the inputs (--model)

    $ ./refused predict -m m.safetensors -o out --report ./m.safetensors p.fa
    1
    ! deepmirgene predict: cannot write ./m.safetensors: it is one of the inputs (--model)

    $ ./refused scan --bed r.bed -o r.bed g.fa
    1
    ! deepmirgene scan: cannot write r.bed: it is one of the inputs (--bed)

    $ ./refused train -p p.fa -n others.fa -e 1 --validation ids.txt --history ids.txt -o n
    1
    ! deepmirgene train: cannot write ids.txt: it is one of the inputs (--validation)

    $ ./refused train -p p.fa -n others.fa -e 1 --teacher m.safetensors -o m.safetensors
    1
    ! deepmirgene train: cannot write m.safetensors: it is one of the inputs (--teacher)

    $ ./refused train -p p.fa -n others.fa -e 1 -a a.json -o a.json
    1
    ! deepmirgene train: cannot write a.json: it is one of the inputs (--architecture)

    $ ./refused evaluate -m m.safetensors -p p.fa --predictions m.safetensors
    1
    ! deepmirgene evaluate: cannot write m.safetensors: it is one of the inputs (--model)

    $ ./refused calibrate -m m.safetensors -p p.fa -n others.fa -o m.safetensors
    1
    ! deepmirgene calibrate: cannot write m.safetensors: it is one of the inputs (--model)

    $ ./refused dataset check -p p.fa --against others.fa -o others.fa
    1
    ! deepmirgene dataset check: cannot write others.fa: it is one of the inputs (--against)

    $ ./refused explain -m m.safetensors p.fa -o m.safetensors
    1
    ! deepmirgene explain: cannot write m.safetensors: it is one of the inputs (--model)

== Under another name, or beside the file that is named

    $ ln -s p.fa link; ln p.fa hard; cp -P link kept; cp hard kept
    $ ./refused fold p.fa -o link
    1
    ! deepmirgene fold: cannot write link: it is one of the inputs
    $ ./refused fold p.fa -o hard
    1
    ! deepmirgene fold: cannot write hard: it is one of the inputs
    $ ./refused fold p.fa -o ../$(basename "$PWD")/p.fa 2>log || true; grep -c 'one of the inputs' log
    1
    1
    $ : >g.fa.fai; cp g.fa.fai kept; ./refused scan g.fa -o g.fa.fai
    1
    ! deepmirgene scan: cannot write g.fa.fai: it is one of the inputs
    $ cp p.fa g.journal; cp g.journal kept; ./refused scan g.journal -o g
    1
    ! deepmirgene scan: cannot write g.journal: it is one of the inputs

== Standard streams are the files behind them

    $ cp p.fa before; deepmirgene fold p.fa >>p.fa
    ! deepmirgene fold: cannot write standard output: it is one of the inputs
    [1]
    $ deepmirgene fold - <p.fa -o p.fa
    ! deepmirgene fold: cannot write p.fa: it is one of the inputs
    [1]
    $ cmp p.fa before

== Two outputs of one name

    $ ./refused predict -o x --report x p.fa
    1
    ! deepmirgene predict: cannot write x: both --output and --report would
    $ ./refused predict -o x --report ./x p.fa
    1
    ! deepmirgene predict: cannot write ./x: both --output and --report would
    $ ./refused predict --report - p.fa
    1
    ! deepmirgene predict: cannot write standard output: both --output and --report would
    $ ./refused scan -o x --report x.journal g.fa
    1
    ! deepmirgene scan: cannot write x.journal: both --report and --output would
    $ ./refused evaluate -p p.fa --roc a.svg --pr a.svg
    1
    ! deepmirgene evaluate: cannot write a.svg: both --roc and --pr would
    $ ./refused evaluate -p p.fa --roc a.svg --pr a.pdf
    1
    ! deepmirgene evaluate: cannot write a.data.tsv: both --roc and --pr would
    $ ./refused evaluate -p p.fa --roc a.svg --predictions a.data.tsv
    1
    ! deepmirgene evaluate: cannot write a.data.tsv: both --predictions and --roc would
    $ ./refused train -p p.fa -n others.fa -e 1 -o h --history h
    1
    ! deepmirgene train: cannot write h: both --output and --history would
    $ ./refused train -p p.fa -n others.fa -e 1 -o h --history h.checkpoint
    1
    ! deepmirgene train: cannot write h.checkpoint: both --output and --history would

== A folder of results that holds an input

    $ mkdir out && cp p.fa out/p.fa && cp -r out kept
    $ ./refused crossval -p out/p.fa -n others.fa -o out --resume
    1
    ! deepmirgene crossval: cannot write to the folder out: an input lies in it, out/p.fa

== Devices may be written twice, and a name may be a model's

    $ deepmirgene predict -m human -o /dev/null --report /dev/null p.fa 2>/dev/null
    $ deepmirgene predict -m human -o human p.fa 2>/dev/null; ls human
    human

== An output that cannot be written is told before any work

    $ ./refused evaluate -p p.fa --predictions nowhere/x
    1
    ! deepmirgene evaluate: cannot write nowhere/x: No such file or directory
    $ ./refused evaluate -p p.fa --roc nowhere/x.svg
    1
    ! deepmirgene evaluate: cannot write nowhere/x.svg: No such file or directory
    $ ./refused scan g.fa --report nowhere/x
    1
    ! deepmirgene scan: cannot write nowhere/x: No such file or directory
    $ ./refused calibrate -p p.fa -n others.fa -o nowhere/x
    1
    ! deepmirgene calibrate: cannot write nowhere/x: No such file or directory
