deepmirgene evaluate: how good a model is.

    $ deepmirgene train -p pre-mirnas.fa -n others.fa -e 2 -o tiny.safetensors 2>/dev/null

== The table

At threshold 1 everything is called other, whatever the model.

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -n others.fa --threshold 1
    metric	raw	balanced
    TP	0	NaN
    FP	0	NaN
    TN	4	NaN
    FN	4	NaN
    SE	0.0000	0.0000
    SP	1.0000	1.0000
    ACC	0.5000	0.5000
    PPV	NaN	NaN
    F	0.0000	0.0000
    MCC	NaN	NaN
    gmean	0.0000	0.0000
    AUROC	*	NaN
    AUPR	*	NaN

At threshold 0 everything is called pre-miRNA; with three times as many of the others, the balanced
column differs from the raw one.

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -n others.fa -n others.fa -n others.fa \
    >     --threshold 0
    metric	raw	balanced
    TP	4	NaN
    FP	12	NaN
    TN	0	NaN
    FN	0	NaN
    SE	1.0000	1.0000
    SP	0.0000	0.0000
    ACC	0.2500	0.5000
    PPV	0.2500	0.5000
    F	0.4000	0.6667
    MCC	NaN	NaN
    gmean	0.0000	0.0000
    AUROC	*	NaN
    AUPR	*	NaN

== One side alone: NaN for what is undefined

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa --threshold 0
    metric	raw	balanced
    TP	4	NaN
    FP	0	NaN
    TN	0	NaN
    FN	0	NaN
    SE	1.0000	1.0000
    SP	NaN	NaN
    ACC	1.0000	NaN
    PPV	1.0000	NaN
    F	1.0000	NaN
    MCC	NaN	NaN
    gmean	NaN	NaN
    AUROC	NaN	NaN
    AUPR	1.0000	NaN

    $ deepmirgene evaluate -m tiny.safetensors -n others.fa --threshold 1
    metric	raw	balanced
    TP	0	NaN
    FP	0	NaN
    TN	4	NaN
    FN	0	NaN
    SE	NaN	NaN
    SP	1.0000	1.0000
    ACC	1.0000	NaN
    PPV	NaN	NaN
    F	NaN	NaN
    MCC	NaN	NaN
    gmean	NaN	NaN
    AUROC	NaN	NaN
    AUPR	NaN	NaN

== Into a file, with any number of threads

    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -n others.fa -t 1 >1
    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -n others.fa -t 3 -o 3 && cmp 1 3

== It agrees with the calls of predict

    $ deepmirgene predict -m tiny.safetensors pre-mirnas.fa others.fa 2>/dev/null |
    >     cut -f 3 | sort -n | sed -n 5p >middle
    $ for side in pre-mirnas others; do
    >     deepmirgene predict -m tiny.safetensors --threshold $(cat middle) $side.fa 2>/dev/null |
    >         awk '$4 == "pre-miRNA" { n++ } END { print n + 0 }'
    > done >predicted
    $ deepmirgene evaluate -m tiny.safetensors --threshold $(cat middle) -p pre-mirnas.fa -n others.fa |
    >     awk '$1 == "TP" || $1 == "FP" { print $2 }' | cmp - predicted

== A model that is not there

    $ deepmirgene evaluate -m mouse -p pre-mirnas.fa -n others.fa
    ! deepmirgene evaluate: cannot read mouse: No such file or directory (and no built-in model has that name: human, cross-species)
    [1]

== An empty record cannot be judged

    $ printf '>fine\nACGU\n>nothing in it\n' >empty-record.fa
    $ deepmirgene evaluate -m tiny.safetensors -p pre-mirnas.fa -n empty-record.fa
    ! deepmirgene evaluate: empty-record.fa:3: record 'nothing' has 0 nucleotides; 1 to 32767 are expected
    [1]
