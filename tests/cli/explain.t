deepmirgene explain: what the network saw.

    $ deepmirgene train --recipe 2016 -p pre-mirnas.fa -n others.fa -e 1 -o tiny.safetensors 2>/dev/null
    $ head -n 2 pre-mirnas.fa >one.fa

== A page

It holds a drawing, the cell states of three LSTMs, attributions and the map of mutations.

    $ deepmirgene explain one.fa -o one.html
    ! deepmirgene explain: 1 record by model general
    $ grep -c '<svg class="drawing hairpin"' one.html
    2
    $ grep -c '<svg class="drawing map"' one.html
    6
    $ grep -c 'table class="index"' one.html
    0
    [1]

The hairpin has the colours of attributions, or of the probabilities of its pairs, by choice.

    $ grep -o 'type="radio" name="view" value="[a-z]*"' one.html
    type="radio" name="view" value="score"
    type="radio" name="view" value="pairs"
    $ grep -c '<title>[A-Z] [0-9]*: probability of this pair' one.html; grep -c ': probability of being unpaired' one.html
    66
    14

== Several records have an index, and only the first are explained

    $ deepmirgene explain --draw 2 --mutations 0 pre-mirnas.fa -o all.html
    ! deepmirgene explain: 2 records by model general; 2 not explained (beyond --draw, empty, or longer than 2000)
    $ grep -c '<article' all.html
    2
    $ grep -c '<tr[^>]*><td' all.html
    4

== Gates on request

    $ deepmirgene explain --mutations 0 --show input,forget,output,hidden one.fa -o gates.html
    ! deepmirgene explain: 1 record by model general
    $ grep '<h3>' gates.html
    <h3>Structure</h3>
    <h3>Hidden states</h3>
    <h3>Input gates</h3>
    <h3>Forget gates</h3>
    <h3>Output gates</h3>
    <h3>Attribution</h3>

== A drawing

    $ deepmirgene explain -f svg one.fa -o one.svg
    ! deepmirgene explain: 1 record by model general
    $ grep '<title>hsa' one.svg
    <title>hsa-let-7a-1: pre-miRNA, p_mirna 0.9951</title>
    $ deepmirgene explain -f svg --mutations 0 pre-mirnas.fa -o two.svg
    ! deepmirgene explain: --format svg draws one record, but the input has more; --format html draws them all
    [1]
    $ ls two.svg
    ! ls: cannot access 'two.svg': No such file or directory
    [2]

== Numbers

The attributions add up to the difference of the scores.

    $ deepmirgene explain -f tsv one.fa -o one.tsv
    ! deepmirgene explain: 1 record by model general
    $ head -n 3 one.tsv
    id	what	stream	layer	unit	position	letter	value
    hsa-let-7a-1	p_mirna	-	-	-	-	-	0.995105
    hsa-let-7a-1	score	-	-	-	-	-	4.00392
    $ awk -F'\t' '{n[$2]++} END {for (w in n) print w, n[w]}' one.tsv | sort
    attribution 252
    baseline_score 1
    cell 3840
    mutation 240
    p_mirna 1
    pair_probability 80
    residual 1
    score 1
    what 1
    $ awk -F'\t' '$2 == "score" {s += $8} $2 == "baseline_score" {s -= $8} $2 == "attribution" {s -= $8} END {print (s < 1e-3 && s > -1e-3)}' one.tsv
    1
    $ deepmirgene explain -f json one.fa | cut -c 1-20
    {"id":"hsa-let-7a-1"
    ! deepmirgene explain: 1 record by model general

== What cannot be explained

    $ printf '>empty\n\n>good\nGGGGAAAACCCC\n' | deepmirgene explain -f tsv - | cut -f 1 | sort -u
    good
    id
    ! deepmirgene explain: 1 record by model general; 1 not explained (empty, or longer than 2000)
    $ deepmirgene explain --show cells one.fa
    ! deepmirgene explain: --show takes cell, hidden, input, forget and output, not 'cells'; see 'deepmirgene explain --help'
    [2]
    $ deepmirgene explain
    ! deepmirgene explain: no input file given; see 'deepmirgene explain --help'
    [2]
    $ deepmirgene explain --units one.fa
    ! deepmirgene explain: --units requires --positive and --negative; see 'deepmirgene explain --help'
    [2]
    $ deepmirgene explain --positive one.fa one.fa
    ! deepmirgene explain: --positive and --negative require --units; see 'deepmirgene explain --help'
    [2]

== Units

    $ deepmirgene explain --units -m tiny.safetensors -p pre-mirnas.fa -n others.fa -o units.tsv
    $ cut -f 1-3,10 units.tsv | sed -n '1,2p;31p'
    stream	layer	unit	still
    sequence	1	1	no
    backward	1	10	no
    $ deepmirgene explain --units -p pre-mirnas.fa -n others.fa | wc -l
    65

== The report of predict

    $ deepmirgene predict pre-mirnas.fa --report hits.html -o rows
    ! deepmirgene predict: 4 records by model general: 4 pre-miRNA, 0 other
    $ grep -c '<article' hits.html
    4
    $ deepmirgene predict /dev/null --report none.html -o rows 2>/dev/null
    $ grep -o 'There are no records to list' none.html; grep -c '<table\|id="search"' none.html
    There are no records to list
    0
    [1]
    $ deepmirgene predict pre-mirnas.fa --report no/where.html -o rows2; ls rows2
    ! deepmirgene predict: cannot write no/where.html: No such file or directory
    ! ls: cannot access 'rows2': No such file or directory
    [2]
    $ deepmirgene predict one.fa --report one.fa
    ! deepmirgene predict: cannot write one.fa: it is one of the inputs
    [1]

== A page of many records stays small

    $ random-fasta 10000 20 20 >many.fa
    $ in-megabytes 100 deepmirgene explain --draw 5 --threads 2 many.fa -o many.html
    ! deepmirgene explain: 5 records by model general; 9995 not explained (beyond --draw, empty, or longer than 2000)
    $ grep -c '<tr[^>]*><td' many.html
    10000
