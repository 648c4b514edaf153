deepmirgene ensemble: several models as one.

    $ cat >tiny.json <<'END'
    > {"id": "tiny",
    >  "streams": [{"name": "forward", "embedding": 2, "units": [2], "bidirectional": false}],
    >  "dense": [{"name": "output", "inputs": ["forward"], "units": 2, "activation": "sigmoid",
    >             "dropout": 0.1}]}
    > END
    $ for seed in 1 2 3; do
    >     deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -a tiny.json -e 2 -s $seed \
    >         -o $seed.safetensors 2>/dev/null
    > done
    $ deepmirgene ensemble -o all.safetensors 1.safetensors 2.safetensors 3.safetensors
    ! deepmirgene ensemble: wrote all.safetensors, 3 members, 156 parameters

== Its probability is the mean of theirs

    $ for m in 1 2 3 all; do
    >     deepmirgene predict -m $m.safetensors pre-mirnas.fa 2>/dev/null | cut -f 3 | tail -n +2 >$m.p
    > done
    $ paste 1.p 2.p 3.p all.p | awk '{ d = ($1 + $2 + $3) / 3 - $4; if (d * d > 1e-10) print }'
    $ wc -l <all.p
    4

== The same bytes each time, and what is in them

    $ mkdir again && deepmirgene ensemble --output again/all.safetensors [123].safetensors 2>/dev/null
    $ cmp all.safetensors again/all.safetensors
    $ python3 -c 'import json, struct; b = open("all.safetensors", "rb").read()
    > h = json.loads(b[8:8 + struct.unpack("<Q", b[:8])[0]]); m = h.pop("__metadata__")
    > print(m["name"], m["members"]); print(*h)
    > for t in json.loads(m["training"])["members"]: print(t["name"], t["training"]["seed"])'
    all 3
    member.0.forward.embedding member.0.forward.lstm.0.kernel member.0.forward.lstm.0.recurrent member.0.forward.lstm.0.bias member.0.output.weight member.0.output.bias member.1.forward.embedding member.1.forward.lstm.0.kernel member.1.forward.lstm.0.recurrent member.1.forward.lstm.0.bias member.1.output.weight member.1.output.bias member.2.forward.embedding member.2.forward.lstm.0.kernel member.2.forward.lstm.0.recurrent member.2.forward.lstm.0.bias member.2.output.weight member.2.output.bias
    1 1
    2 2
    3 3

== Other commands take it

    $ deepmirgene evaluate -m all.safetensors -p pre-mirnas.fa -n others.fa 2>/dev/null | wc -l
    28
    $ random-fasta 1 500 500 >genome.fa
    $ deepmirgene scan -m all.safetensors genome.fa 2>/dev/null | head -1
    ##gff-version 3

    $ deepmirgene explain -m all.safetensors pre-mirnas.fa -o x.html
    ! deepmirgene explain: the model has 3 members, and only one network can be explained at a time: choose one (explain --member)
    [1]
    $ ls x.html
    ! ls: cannot access 'x.html': No such file or directory
    [2]
    $ for n in 1 2 3; do
    >     deepmirgene explain -m all.safetensors --member $n -f tsv pre-mirnas.fa 2>/dev/null >a
    >     deepmirgene explain -m $n.safetensors -f tsv pre-mirnas.fa 2>/dev/null | cmp a && wc -l <a
    > done
    1999
    1999
    1999
    $ deepmirgene explain -m all.safetensors --member 4 pre-mirnas.fa -o x.html
    ! deepmirgene explain: the model has 3 members; member 4 does not exist
    [1]
    $ deepmirgene explain -m all.safetensors --units -p pre-mirnas.fa -n others.fa
    ! deepmirgene explain: the networks of the model do not share units; choose one network (explain --member)
    [1]
    $ deepmirgene explain -m all.safetensors --member 2 --units -p pre-mirnas.fa -n others.fa >a
    $ deepmirgene explain -m 2.safetensors --member 1 --units -p pre-mirnas.fa -n others.fa | cmp a

== What cannot be joined

    $ deepmirgene ensemble -o x 1.safetensors
    ! deepmirgene ensemble: 2 to 16 models are required, not 1; see 'deepmirgene ensemble --help'
    [2]
    $ deepmirgene ensemble -o x
    ! deepmirgene ensemble: no model given; see 'deepmirgene ensemble --help'
    [2]
    $ deepmirgene ensemble 1.safetensors 2.safetensors
    ! deepmirgene ensemble: option --output is missing; see 'deepmirgene ensemble --help'
    [2]
    $ deepmirgene ensemble -o x 1.safetensors 2.safetensors missing
    ! deepmirgene ensemble: cannot read missing: No such file or directory (nor is it a built-in model: general, animal, plant, human, cross-species)
    [1]
    $ deepmirgene ensemble -o x 1.safetensors 2.safetensors 1.safetensors
    ! deepmirgene ensemble: 1.safetensors: same network as 1.safetensors
    [1]
    $ deepmirgene ensemble -o x 1.safetensors human
    ! deepmirgene ensemble: human: architecture differs from that of 1.safetensors; all members of a model must have the same, dropout included
    [1]
    $ deepmirgene ensemble -o x all.safetensors 1.safetensors
    ! deepmirgene ensemble: all.safetensors: already has 3 members; join the models it was made of
    [1]
    $ deepmirgene ensemble -o 2.safetensors 1.safetensors 2.safetensors
    ! deepmirgene ensemble: cannot write 2.safetensors: it is one of the inputs
    [1]
    $ deepmirgene ensemble -o x pre-mirnas.fa 1.safetensors
    ! deepmirgene ensemble: pre-mirnas.fa: not a safetensors file, or truncated: a header of 8387228823211698238 bytes is announced, but the file has 554
    [1]
    $ ls x
    ! ls: cannot access 'x': No such file or directory
    [2]
