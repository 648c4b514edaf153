The networks that are known by name.

== Each one trains, predicts and can be judged

    $ for name in $(deepmirgene version | sed -n '/^networks/,$ s/.* //p'); do
    >     deepmirgene train -p pre-mirnas.fa -n others.fa -e 2 -a $name -o net 2>log || cat log
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
