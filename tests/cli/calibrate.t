deepmirgene calibrate: probabilities that are shares of pre-miRNAs, and predict --prior.

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 2 -o tiny.safetensors 2>/dev/null
    $ cat pre-mirnas.fa others.fa >all.fa
    $ deepmirgene calibrate -m human -p pre-mirnas.fa -n others.fa -n others.fa -o calibrated.safetensors 2>/dev/null
    $ deepmirgene calibrate -m human -p pre-mirnas.fa -n others.fa -o once.safetensors 2>/dev/null
    $ deepmirgene calibrate -m human -p pre-mirnas.fa -n others.fa --prior 0.01 -o rare.safetensors
    ! deepmirgene calibrate: wrote rare.safetensors: a = 0.1785, b = -4.502 from 8 records, for a pre-miRNA fraction of 0.01

== A model like the other, with two numbers more

    $ deepmirgene calibrate -m human -p pre-mirnas.fa -n others.fa -n others.fa -o again.safetensors
    ! deepmirgene calibrate: wrote again.safetensors: a = 0.1596, b = -0.5333 from 12 records, for a pre-miRNA fraction of 0.3333

    $ head -c 4000 calibrated.safetensors | grep -ao '"calibration": *"{.*}]' | tr -d '\\' | grep -o '"prior":[^,]*,"records":[^,]*'
    "prior":0.333333333,"records":12

The order of sequences is that of the model.

    $ for model in human calibrated.safetensors; do
    >     deepmirgene predict -m $model all.fa 2>/dev/null | tail -n +2 | sort -g -k 3 | cut -f 1 >$model.order
    > done; cmp human.order calibrated.safetensors.order

Calibration of a calibrated model begins again from the network's own numbers.

    $ cmp again.safetensors calibrated.safetensors
    $ deepmirgene calibrate -m calibrated.safetensors -p pre-mirnas.fa -n others.fa -o twice.safetensors 2>/dev/null
    $ cmp once.safetensors twice.safetensors

== predict --prior multiplies the odds

With four pre-miRNAs of twelve, the odds were those of 1:2; at 1:1000 they are a 500th of that.

    $ deepmirgene predict -m calibrated.safetensors all.fa 2>/dev/null | cut -f 3 >third
    $ deepmirgene predict -m calibrated.safetensors --prior 0.000999001 all.fa 2>/dev/null | cut -f 3 >rare
    $ paste third rare | awk 'NR > 1 { printf "%.1f\n", $1 / (1 - $1) / ($2 / (1 - $2)) }' | uniq -c
          8 500.0

The prior of the calibration changes nothing, and one that was stated when calibrating is kept.

    $ deepmirgene predict -m once.safetensors all.fa 2>/dev/null >a
    $ deepmirgene predict -m once.safetensors --prior 0.5 all.fa 2>/dev/null | cmp a -
    $ deepmirgene predict -m rare.safetensors --prior 0.5 all.fa 2>/dev/null | cut -f 1,3 >b
    $ cut -f 1,3 a | paste - b | awk 'NR > 1 && ($2 - $4) ^ 2 > 1e-12'

A model that is not calibrated has no prior to start from.

    $ deepmirgene predict -m tiny.safetensors --prior 0.01 all.fa
    ! deepmirgene predict: the model is not calibrated, so its probabilities cannot be adjusted to a prior; calibrate it with 'deepmirgene calibrate'
    [1]
    $ deepmirgene predict -m once.safetensors --prior 0 all.fa
    ! deepmirgene predict: --prior '0': expected a number from 1e-09 to 0.999999999
    [2]

== Several networks are calibrated as one

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 2 -s 2 -o other.safetensors 2>/dev/null
    $ deepmirgene ensemble once.safetensors other.safetensors -o two.safetensors
    ! deepmirgene ensemble: wrote two.safetensors, 2 members, 3656 parameters
    $ deepmirgene calibrate -m two.safetensors -p pre-mirnas.fa -n others.fa -o no.safetensors
    ! deepmirgene calibrate: pre-mirnas.fa: the model was trained on these records; calibrate it on others
    [1]
    $ deepmirgene predict -m two.safetensors --prior 0.5 all.fa
    ! deepmirgene predict: the model is not calibrated, so its probabilities cannot be adjusted to a prior; calibrate it with 'deepmirgene calibrate'
    [1]
    $ deepmirgene ensemble once.safetensors cross-species -o two.safetensors 2>/dev/null
    $ deepmirgene calibrate -m two.safetensors -p pre-mirnas.fa -n others.fa -o two-calibrated.safetensors
    ! deepmirgene calibrate: wrote two-calibrated.safetensors: a = 0.2461, b = 0.06897 from 8 records, for a pre-miRNA fraction of 0.5
    $ deepmirgene predict -m two-calibrated.safetensors --prior 0.5 all.fa >/dev/null
    ! deepmirgene predict: 8 records by model two-calibrated.safetensors: 4 pre-miRNA, 4 other

== What cannot be calibrated

Records of the training, one class alone, a model that has it the wrong way round.

    $ deepmirgene calibrate -m tiny.safetensors -p pre-mirnas.fa -n others.fa -o no.safetensors
    ! deepmirgene calibrate: pre-mirnas.fa: the model was trained on these records; calibrate it on others
    [1]

What its teacher was trained on counts as well.

    $ head -4 pre-mirnas.fa >p.fa && head -4 others.fa >n.fa
    $ deepmirgene train --recipe 2016 -p p.fa -n n.fa --teacher tiny.safetensors -e 1 -o student.safetensors 2>/dev/null
    $ deepmirgene calibrate -m student.safetensors -p pre-mirnas.fa -n others.fa -o no.safetensors
    ! deepmirgene calibrate: pre-mirnas.fa: the model was trained on these records; calibrate it on others
    [1]
    $ : >empty.fa; deepmirgene calibrate -m human -p pre-mirnas.fa -n empty.fa -o no.safetensors
    ! deepmirgene calibrate: warning: empty.fa: no sequence records
    ! deepmirgene calibrate: calibration needs precursors and other sequences; 4 records include 4 precursors
    [1]
    $ deepmirgene calibrate -m human -p others.fa -n pre-mirnas.fa -o no.safetensors
    ! deepmirgene calibrate: the model does not score precursors higher than other sequences (a = -0.178456), so it cannot be calibrated
    [1]
    $ deepmirgene calibrate -m human -p pre-mirnas.fa -n others.fa
    ! deepmirgene calibrate: option --output is missing; see 'deepmirgene calibrate --help'
    [2]
    $ deepmirgene calibrate -m human -p pre-mirnas.fa -n others.fa -o others.fa
    ! deepmirgene calibrate: cannot write others.fa: it is one of the inputs (--negative)
    [1]
    $ test ! -e no.safetensors
