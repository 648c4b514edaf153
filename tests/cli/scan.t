The pre-miRNAs of genomes.

Four known hairpins in random sequence, the second one on the other strand; the first begins with the
sequence, the last ends with it.

    $ cat >plant <<'END'
    > #!/usr/bin/env python3
    > import random
    > random.seed(6)
    > noise = lambda n: "".join(random.choices("ACGT", k=n))
    > hairpins = [line.strip().replace("U", "T") for line in open("pre-mirnas.fa") if line[0] != ">"]
    > flip = lambda s: s[::-1].translate(str.maketrans("ACGT", "TGCA"))
    > a, b, c, d = hairpins[:4]
    > chromosome = a + noise(3000) + flip(b) + noise(2000) + c.lower() + "N" * 700 + noise(3000) + d
    > print(">chr|1;x=1 planted\n" + chromosome + "\n>empty\n\n>chr2")
    > second = noise(4000)
    > for i in range(0, 4000, 70):
    >     print(second[i : i + 70])
    > END
    $ python3 plant >genome.fa

== Every format; GFF3 by default

    $ deepmirgene scan genome.fa -o loci.gff3
    ! deepmirgene scan: * loci in 3 sequences, 12.* kb*
    $ ls loci.gff3*
    loci.gff3
    $ head -n 3 loci.gff3
    ##gff-version 3
    ...
    $ for format in bed tsv jsonl fasta; do
    >     deepmirgene scan genome.fa --format $format 2>/dev/null | head -n 3
    > done
    ...

== Error rates: decoys choose their own number, and what cannot be had is said before the scan

The model `human` has no background of its own.

    $ deepmirgene scan -m human genome.fa --fdr 0.5 -o loci.gff3
    ! deepmirgene scan: --fdr 0.5: using --decoy 1
    ! deepmirgene scan: * loci in 3 sequences, 12.* kb; * with p >= 0.5 in decoys, 12.* kb*
    $ deepmirgene scan -m human genome.fa --fdr 0.5 --decoy 0
    ! deepmirgene scan: --fdr requires error rates: give --decoy, because this model does not include a background
    [1]
    $ deepmirgene scan -m human genome.fa --fdr 0.5 --decoy 0.1 -o loci.gff3
    ! deepmirgene scan: note: with --decoy 0.1, a q-value of 0.5 requires at least 20 loci
    ! deepmirgene scan: * loci in 3 sequences, 12.* kb; * with p >= 0.5 in decoys, * kb*
    $ deepmirgene scan -m human genome.fa --decoy 20 -o loci.gff3
    ! deepmirgene scan: note: decoys are the reversed sequence, which exists once: --decoy 20 is reduced to 1
    ! deepmirgene scan: * loci in 3 sequences, 12.* kb; * with p >= 0.5 in decoys, 12.* kb*
    $ deepmirgene scan -m human genome.fa --shard 1/1 -o part
    $ deepmirgene merge part --fdr 0.5
    ! deepmirgene merge: --fdr requires error rates: scan with --decoy, because this model does not include a background
    [1]

== The model's own background: one known hairpin in a short sequence, and what is expected before

    $ deepmirgene scan --help | grep -A 2 -e --prevalence | tail -n 1 | tr -d ' '
    viruses[1]
    $ for prevalence in 0.01 1 100; do
    >     deepmirgene scan genome.fa --prevalence $prevalence --order score -f tsv 2>/dev/null | sed -n 2p | cut -f 12
    > done >precisions
    $ sort -g precisions | cmp - precisions && awk '$1 < 0 || $1 > 1' precisions
    $ deepmirgene scan genome.fa --fdr 0.5 -o loci.gff3
    ! deepmirgene scan: * loci in 3 sequences, 12.* kb*by the model's background

== The rates agree: q is the mean of 1 - precision over a locus and all better ones

    $ deepmirgene scan -m human genome.fa --decoy 1 --threshold 0.2 --order score -f tsv -o rates.tsv 2>/dev/null
    $ python3 - <<'END'
    > import csv
    > rows = list(csv.DictReader(open("rates.tsv"), delimiter="\t", quoting=csv.QUOTE_NONE))
    > wrong = 0
    > assert len(rows) > 5 and all(row["copies"] == "1" for row in rows), rows
    > for n, row in enumerate(rows, 1):
    >     wrong += 1 - float(row["precision"])
    >     assert abs(wrong / n - float(row["q_value"])) < 0.002, row
    > END

== Copies of one sequence are one family, and can be left out

    $ python3 - >copies.fa <<'END'
    > import random
    > random.seed(5)
    > noise = lambda n: "".join(random.choices("ACGT", k=n))
    > hairpin = [line.strip().replace("U", "T") for line in open("pre-mirnas.fa") if line[0] != ">"][1]
    > flip = lambda s: s[::-1].translate(str.maketrans("ACGT", "TGCA"))
    > print(">c\n" + noise(900) + hairpin + noise(900) + flip(hairpin) + noise(900) + hairpin.lower() + noise(900))
    > END
    $ deepmirgene scan copies.fa --threshold 0.5 -f tsv -o copies.tsv 2>/dev/null
    $ awk -F '\t' '$9 == 3 {print ($10 > 0.5)}' copies.tsv
    0
    0
    1
    $ deepmirgene scan copies.fa --threshold 0.5 --max-copies 2 -f tsv 2>/dev/null | awk -F '\t' '$9 == 3'
    $ deepmirgene scan copies.fa --threshold 0.5 --max-masked 0.5 -f tsv 2>/dev/null | awk -F '\t' '$9 == 3' | wc -l
    2

== All candidates: more, and the loci among them; more decoys then, too

    $ deepmirgene scan genome.fa --threshold 0 -f tsv -o best.tsv 2>/dev/null
    $ deepmirgene scan genome.fa --threshold 0 -f tsv --overlapping -o all.tsv 2>/dev/null
    $ cut -f 1-7,15-16 best.tsv | sort >best; cut -f 1-7,15-16 all.tsv | sort >all
    $ comm -23 best all
    $ test $(comm -13 best all | wc -l) -gt 0

== Wrong usage

    $ deepmirgene scan
    ! deepmirgene scan: no input file given; see 'deepmirgene scan --help'
    [2]
    $ deepmirgene scan genome.fa --resume
    ! deepmirgene scan: --resume requires -o FILE; see 'deepmirgene scan --help'
    [2]
    $ deepmirgene scan genome.fa --shard 1/2
    ! deepmirgene scan: --shard requires -o FILE; see 'deepmirgene scan --help'
    [2]
    $ for shard in 0/2 3/2 1 1/ /2 1/2x -1/2 1/-2 ' 1/2' 1/0 a/b; do
    >     deepmirgene scan genome.fa -o x --shard "$shard" 2>/dev/null; echo $?
    > done | uniq
    2
    $ deepmirgene scan genome.fa --circular --region chr2
    ! deepmirgene scan: --circular cannot be combined with --region or --bed; see 'deepmirgene scan --help'
    [2]

== Faults of the input

    $ deepmirgene scan genome.fa none.fa
    ! deepmirgene scan: none.fa: cannot open: No such file or directory
    [1]
    $ deepmirgene scan genome.fa -o genome.fa
    ! deepmirgene scan: cannot write genome.fa: it is one of the inputs
    [1]
    $ printf '>a\nACGT\n>b\nAC-GT\n' >gap.fa; deepmirgene scan gap.fa
    ! deepmirgene scan: gap.fa:4: record 'b': '-' at column 3 is not a nucleotide letter; remove the gaps of an alignment
    [1]
    $ deepmirgene scan genome.fa --region chr3
    ! deepmirgene scan: genome.fa: sequence 'chr3' of a region not found
    [1]
    $ deepmirgene scan genome.fa --region chr2:0-5
    ! deepmirgene scan: genome.fa: sequence 'chr2:0-5' of a region not found (a part is NAME:FROM-TO with 1 <= FROM <= TO)
    [1]
    $ deepmirgene scan genome.fa --region '{chr2}:0-5'
    ! deepmirgene scan: region '{chr2}:0-5': expected NAME, NAME:FROM or NAME:FROM-TO with 1 <= FROM <= TO, and {NAME} if the name contains a colon
    [1]
    $ deepmirgene scan genome.fa --region chr2:4001-4100
    ! deepmirgene scan: a region of 'chr2' begins at 4001, but the sequence has 4000 nucleotides
    [1]
    $ printf 'chr2\t3000\t9000\n' >past.bed; deepmirgene scan genome.fa --bed past.bed -o loci.gff3
    ! deepmirgene scan: warning: a region of 'chr2' ends at 9000, but the sequence has 4000 nucleotides
    ! deepmirgene scan: * loci in 1 sequence, 1.0 kb*
    $ cp genome.fa copy.fa; deepmirgene scan genome.fa copy.fa
    ! deepmirgene scan: copy.fa:1: duplicate sequence name 'chr|1;x=1', first used in genome.fa:1; rename one, or scan the files one by one
    [1]
    $ deepmirgene scan genome.fa --span 59
    ! deepmirgene scan: --span 59 allows stems of at most 39 nucleotides, less than --shortest 40; see 'deepmirgene scan --help'
    [2]
    $ deepmirgene scan genome.fa --pairs 100
    ! deepmirgene scan: --span 140 allows at most 70 base pairs, fewer than --pairs 100; see 'deepmirgene scan --help'
    [2]
    $ printf 'chr2\t5\n' >short.bed; deepmirgene scan genome.fa --bed short.bed
    ! deepmirgene scan: short.bed:1: expected a line of BED: name, start, end, separated by tabs, with 0 <= start <= end
    [1]
    $ printf '#chr2\t0\t40\n' >empty.bed; deepmirgene scan genome.fa --bed empty.bed -f bed
    ! deepmirgene scan: warning: empty.bed: no intervals; nothing was scanned
    ! deepmirgene scan: 0 loci in 0 sequences, 0.0 kb

== The same bytes for any number of threads, chunk and shards

    $ printf '#!/bin/sh\nexec deepmirgene scan --threshold 0 --decoy 0.6 "$@"\n' >scan; chmod +x scan
    $ ./scan genome.fa -o one.gff3 --threads 1
    ! deepmirgene scan: * loci in 3 sequences, 12.* kb; * with p >= 0.5 in decoys, *
    $ for chunk in 100 1000 4096 100000; do
    >     ./scan genome.fa -o other.gff3 --threads 3 --chunk $chunk 2>/dev/null
    >     cmp one.gff3 other.gff3
    > done
    $ gzip -k genome.fa && ./scan genome.fa.gz 2>/dev/null | cmp one.gff3 -
    $ ./scan - <genome.fa 2>/dev/null | cmp one.gff3 -
    $ for shards in 1 2 5; do
    >     for i in $(seq $shards); do
    >         ./scan genome.fa -o part$i --chunk 1000 --shard $i/$shards || echo $?
    >     done
    >     deepmirgene merge $(seq $shards | sed 's/^/part/' | sort -r) -o other.gff3 2>/dev/null
    >     cmp one.gff3 other.gff3; rm part*
    > done

== Parts that do not go together

    $ for i in 1 2; do deepmirgene scan genome.fa -o part$i --chunk 1000 --shard $i/2; done
    $ deepmirgene scan genome.fa -o other --chunk 1000 --shard 2/2 --threshold 0.5
    $ deepmirgene merge part1
    ! deepmirgene merge: part1 is one of 2 parts, but 1 are given
    [1]
    $ deepmirgene merge part1 part1
    ! deepmirgene merge: part1 and part1 are the same part, 1/2
    [1]
    $ deepmirgene merge part1 other
    ! deepmirgene merge: part1 and other are not parts of the same scan
    [1]
    $ head -c -1 part2 >cut; deepmirgene merge part1 cut
    ! deepmirgene merge: cut: this part of a scan is not finished
    [1]
    $ sed 's/0.9/0.8/' part2 >forged; deepmirgene merge part1 forged
    ! deepmirgene merge: forged: not a journal of this version of deepmirgene scan, or damaged
    [1]
    $ sed '$!s/(((/((./' part2 >damaged; deepmirgene merge part1 damaged
    ! deepmirgene merge: damaged: damaged at byte *
    [1]
    $ deepmirgene merge genome.fa
    ! deepmirgene merge: genome.fa: not a journal of this version of deepmirgene scan, or damaged
    [1]
    $ deepmirgene merge part1 part2 -o part1
    ! deepmirgene merge: cannot write part1: it is one of the inputs
    [1]

== Parts of different instruction sets

    $ deepmirgene scan genome.fa -o part1 --chunk 1000 --shard 1/2 --cpu scalar
    $ deepmirgene scan genome.fa -o part2 --chunk 1000 --shard 2/2 --cpu avx2 2>/dev/null || exit 77
    $ deepmirgene merge part1 part2 -o loci.gff3
    ! deepmirgene merge: warning: parts were computed with different instruction sets (scalar, avx2); the last digits of p_mirna may differ from those of a run with one of them
    ! deepmirgene merge: * loci in 3 sequences, *

== Regions: what stands outside is not there

    $ deepmirgene scan genome.fa --threshold 0 --region chr2:1001-3000 -f tsv 2>/dev/null | cut -f 2- >region
    $ python3 - <<'END'
    > sequence = "".join(open("genome.fa").read().split(">chr2")[1].split())
    > open("cut.fa", "w").write(">cut\n" + sequence[1000:3000] + "\n")
    > END
    $ deepmirgene scan cut.fa --threshold 0 -f tsv 2>/dev/null |
    >     awk -F '\t' -v OFS='\t' 'NR > 1 {$2 += 1000; $3 += 1000} 1' | cut -f 2- | cmp - region
    $ printf 'chr2\t1000\t2500\nchr2\t2000\t3000\n' >two.bed
    $ deepmirgene scan genome.fa --threshold 0 --bed two.bed -f tsv 2>/dev/null | cut -f 2- | cmp - region

== Names that look like regions, or like comments of BED

    $ sed 's/^>chr2/>chr|1;x=1:1-700/' genome.fa >colon.fa; deepmirgene scan colon.fa -r 'chr|1;x=1:1-700'
    ! deepmirgene scan: region 'chr|1;x=1:1-700' is ambiguous: a sequence name, or part of a sequence; write {NAME} or {NAME}:FROM-TO
    [1]
    $ deepmirgene scan colon.fa -r '{chr|1;x=1:1-700}' -f tsv --threshold 0.3 2>/dev/null | cut -f 1 | sort -u
    chr|1;x=1:1-700
    seqid
    $ deepmirgene scan colon.fa -r '{chr|1;x=1}:1-700' -f tsv --threshold 0.3 2>/dev/null | cut -f 1 | sort -u
    chr|1;x=1
    seqid
    $ sed 's/^>chr2/>track/' genome.fa >track.fa; deepmirgene scan track.fa --threshold 0 -f bed
    ! deepmirgene scan: a BED line that begins with 'track' is a comment; rename that sequence, or use another format
    [1]
    $ printf 'track\t0\t4000\n' >track.bed
    $ deepmirgene scan track.fa --threshold 0 --bed track.bed -f tsv 2>/dev/null | cut -f 1 | sort -u
    seqid
    track

== Strands

    $ for strand in plus minus; do
    >     deepmirgene scan genome.fa --threshold 0 --strand $strand -f bed 2>/dev/null
    > done | sort -k1,1 -k2,2n -k3,3n -k6,6 >strands.bed
    $ deepmirgene scan genome.fa --threshold 0 --both-strands -f bed 2>/dev/null | sort -k1,1 -k2,2n -k3,3n -k6,6 |
    >     cmp - strands.bed

== Circles: turned anywhere, the same loci

    $ python3 - <<'END'
    > sequence = "".join(open("genome.fa").read().split(">chr2")[1].split())
    > for name, at in ("whole", 0), ("turned", 1234):
    >     open(name + ".fa", "w").write(f">c\n{sequence[at:] + sequence[:at]}\n")
    > END
    $ for name in whole turned; do
    >     deepmirgene scan $name.fa --circular --threshold 0 -f tsv --chunk 700 2>/dev/null |
    >         cut -f 4- | sort >$name.tsv
    > done
    $ cmp whole.tsv turned.tsv && [ $(wc -l <whole.tsv) -gt 20 ]

== A thousand short sequences

    $ random-fasta 1000 0 200 >contigs.fa
    $ deepmirgene scan contigs.fa --threshold 0 --chunk 1000 --threads 2 -o many.gff3
    ! deepmirgene scan: * loci in 1000 sequences, *
    $ deepmirgene scan contigs.fa --threshold 0 -o few.gff3 2>/dev/null; cmp many.gff3 few.gff3

== Nothing to find

    $ printf '>a\n>b\nNNNNNNNNNN\n>c\nACGT\n' >nothing.fa; deepmirgene scan nothing.fa
    ##gff-version 3
    ! deepmirgene scan: 0 loci in 3 sequences, 0.0 kb
    $ deepmirgene scan nothing.fa --circular --decoy 1 -f bed
    ! deepmirgene scan: 0 loci in 3 sequences, 0.0 kb; 0 with p >= 0.5 in decoys, 0.0 kb

== Long hairpins: by option, or because the model was made for them

    $ python3 - >long.fa <<'END'
    > import random
    > random.seed(8)
    > noise = lambda n: "".join(random.choices("ACGT", k=n))
    > def hairpin(length):
    >     arm = noise(length)
    >     return arm + noise(20) + arm[::-1].translate(str.maketrans("ACGT", "TGCA"))
    > print(">long\n" + noise(500) + hairpin(130) + noise(500))
    > print(">shorter\n" + noise(20) + hairpin(90) + noise(20), file=open("shorter.fa", "w"))
    > END
    $ for options in '' '--long-span 0' '--model animal' '--model animal --long-span 400' '--model plant' '--model plant --long-span 0'; do
    >     deepmirgene scan $options --threshold 0 --overlapping --format tsv long.fa 2>/dev/null |
    >         awk 'NR > 1 && $5 > 250 {long = 1} END {print long ? "found" : "not found"}'
    > done
    found
    not found
    not found
    found
    found
    not found

Its p_mirna is that of the network for long hairpins, which the model animal lacks, so that it is that
of predict there:

    $ for model in general animal; do
    >     deepmirgene scan --model $model --long-span 400 --threshold 0 --overlapping --format tsv shorter.fa 2>/dev/null |
    >         awk 'NR > 1 && $5 > 140 {print $6 > "of-scan"; print ">" NR "\n" $15 > "cut.fa"}'
    >     deepmirgene predict --model $model cut.fa 2>/dev/null | cut -f 3 | sed 1d | cmp -s - of-scan && echo same || echo other
    > done
    other
    same

A model file names the longest of them:

    $ python3 - <<'END'
    > import os, sys
    > sys.path.insert(0, os.environ["DMG_SOURCE"] + "/scripts")
    > import model_file
    > for name in "400", "far", "-1", "4e2":
    >     header, tensors = model_file.read(os.environ["DMG_SOURCE"] + "/models/animal.safetensors")
    >     header["__metadata__"]["scan_long_span"] = name
    >     model_file.write(name + ".safetensors", header, tensors)
    > END
    $ deepmirgene scan --model 400.safetensors --threshold 0 --overlapping --format tsv long.fa 2>/dev/null |
    >     awk 'NR > 1 && $5 > 250 {long = 1} END {print long ? "found" : "not found"}'
    found
    $ gzip -c long.fa >long.fa.gz
    $ "$DMG_SOURCE/scripts/scan-background.py" deepmirgene "$DMG_SOURCE/models/plant.safetensors" \
    >     long.fa.gz --long-span 300 long.fa.gz --write written.safetensors | awk '{print $1}' | uniq -c | sed 's/ *//'
    1 genome
    34 long
    $ grep -ao '"scan_long_span":"[0-9]*"' written.safetensors
    "scan_long_span":"300"
    $ for name in far -1 4e2; do deepmirgene scan --model ./$name.safetensors long.fa; done
    ! deepmirgene scan: the scan_long_span of the model, 'far', is not a number from 0 to 1000
    ! deepmirgene scan: the scan_long_span of the model, '-1', is not a number from 0 to 1000
    ! deepmirgene scan: the scan_long_span of the model, '4e2', is not a number from 0 to 1000
    [1]

== What is planted is found: on both strands, at both ends, and beside N

The hairpin at the beginning of chr|1;x=1, the turned one, the lower-case one before N, and the one at
the end; each covered by four fifths at least.

    $ deepmirgene scan genome.fa --threshold 0 --both-strands -f bed 2>/dev/null >all.bed; python3 - <<'END'
    > rows = [line.rstrip("\n").split("\t") for line in open("all.bed")]
    > lengths = [len(line) - 1 for line in open("pre-mirnas.fa") if line[0] != ">"]
    > a, b, c, d = lengths[:4]
    > second = a + 3000; third = second + b + 2000; last = third + c + 3700
    > for begin, end, sign in (0, a, "+"), (second, second + b, "-"), (third, third + c, "+"), (last, last + d, "+"):
    >     covered = [min(end, int(r[2])) - max(begin, int(r[1])) for r in rows
    >                if r[0] == "chr|1;x=1" and r[5] == sign]
    >     print(max(covered) >= 0.8 * (end - begin), min(int(r[1]) for r in rows) >= 0)
    > END
    True True
    True True
    True True
    True True
    $ awk '$3 > 4000 && $1 == "chr2" || $3 > 9030 || $2 >= $3' all.bed

== GFF3 that GenomeTools accepts

    $ command -v gt >/dev/null || exit 77
    $ deepmirgene scan genome.fa --threshold 0 --decoy 1 -o all.gff3 2>/dev/null; gt gff3validator all.gff3
    input is valid GFF3
    $ deepmirgene scan genome.fa --threshold 0 --order score -o all.gff3 2>/dev/null; gt gff3validator all.gff3
    input is valid GFF3
    $ deepmirgene scan genome.fa --threshold 0 -r 'chr2:1-900' -r 'chr2:1000-4000' 2>/dev/null | gt gff3validator
    input is valid GFF3
    $ printf '>a;b=c,d&e%%f g\n' >odd.fa; tail -n 4 genome.fa | head -n 3 >>odd.fa; random-fasta 1 900 900 | tail -n 1 >>odd.fa
    $ deepmirgene scan odd.fa --threshold 0 2>/dev/null | gt gff3validator
    input is valid GFF3
    $ deepmirgene scan odd.fa --circular --threshold 0 2>/dev/null | gt gff3validator
    input is valid GFF3

== BED that bedtools reads, and the sequences that it cuts out

    $ command -v bedtools >/dev/null || exit 77
    $ sed 's/|1;x=1.*/|1;x=1/' genome.fa | tr -d '\r' >plain.fa
    $ deepmirgene scan plain.fa --threshold 0 -f bed 2>/dev/null >all.bed
    $ bedtools sort -i all.bed | bedtools merge -s -i - | awk 'END {print (NR > 20)}'
    1
    $ deepmirgene scan plain.fa --threshold 0 -f fasta 2>/dev/null | grep -v '>' >printed
    $ bedtools getfasta -s -fi plain.fa -bed all.bed 2>/dev/null | grep -v '>' | cmp - printed

== samtools faidx gives the printed sequences, on either strand

    $ command -v samtools >/dev/null || exit 77
    $ deepmirgene scan genome.fa --threshold 0 -f tsv 2>/dev/null | grep '^chr2' |
    >     awk -F '\t' '{print > ("strand" $4)}'
    $ samtools faidx -n 1000 genome.fa $(awk -F '\t' '{print $1 ":" $2 "-" $3}' strand+) | grep -v '>' >seen
    $ cut -f 15 strand+ | cmp - seen
    $ samtools faidx -n 1000 -i genome.fa $(awk -F '\t' '{print $1 ":" $2 "-" $3}' strand-) | grep -v '>' >seen
    $ cut -f 15 strand- | cmp - seen

== An index for regions changes nothing but the time

    $ command -v samtools >/dev/null || exit 77
    $ deepmirgene scan genome.fa --threshold 0 -r chr2:500-3500 -o without.gff3 2>/dev/null
    $ samtools faidx genome.fa
    $ deepmirgene scan genome.fa --threshold 0 -r chr2:500-3500 2>/dev/null | cmp - without.gff3

== JSON Lines say what the table says

    $ deepmirgene scan genome.fa --threshold 0 --decoy 1 -f jsonl -o all.jsonl 2>/dev/null
    $ deepmirgene scan genome.fa --threshold 0 --decoy 1 -f tsv -o all.tsv 2>/dev/null
    $ python3 - <<'END'
    > import csv, json
    > rows = list(csv.DictReader(open("all.tsv"), delimiter="\t", quoting=csv.QUOTE_NONE))
    > objects = [json.loads(line) for line in open("all.jsonl")]
    > assert len(rows) == len(objects) > 50
    > for row, item in zip(rows, objects):
    >     assert list(row) == list(item)
    >     for key, text in row.items():
    >         assert text == "NA" if item[key] is None else (float(text) == item[key]) if isinstance(item[key], (int, float)) else text == item[key], key
    > END

== Fewer false discoveries asked for, fewer loci

    $ for fdr in 0.9 1; do
    >     deepmirgene scan genome.fa --threshold 0 --decoy 1 --fdr $fdr -f tsv 2>/dev/null >fdr$fdr
    > done
    $ awk -F '\t' 'NR == 1 || $13 <= 0.9' fdr1 | cmp - fdr0.9

== Interrupted, and taken up again

    $ random-fasta 16 9000 9000 >long.fa && deepmirgene scan long.fa --threshold 0.3 --decoy 1 -o whole 2>/dev/null
    $ printf '#!/bin/sh\nexec deepmirgene scan long.fa --threshold 0.3 --decoy 1 -o out --chunk 2000 "$@"\n' >run; chmod +x run
    $ interrupt INT out.journal ./run 2>&1 | tail -n 1
    deepmirgene scan: stopped on request; run the same command with --resume to continue
    $ ls out*
    out.journal
    $ ./run
    ! deepmirgene scan: out.journal: left by an interrupted scan; continue it with --resume, or remove the file
    [1]
    $ ./run --resume --threads 1 2>/dev/null && cmp out whole && ls out*
    out

== kill -9, several times, and a journal cut off anywhere

    $ random-fasta 16 9000 9000 >long.fa && deepmirgene scan long.fa --threshold 0.3 --decoy 1 -o whole 2>/dev/null
    $ printf '#!/bin/sh\nexec deepmirgene scan long.fa --threshold 0.3 --decoy 1 -o out --chunk 2000 "$@"\n' >run; chmod +x run
    $ interrupt KILL out.journal ./run
    [137]
    $ cat >killed <<'END'
    > import os, signal, subprocess, sys, time
    > run = subprocess.Popen(["./run", "--resume"], stderr=subprocess.DEVNULL)
    > time.sleep(float(sys.argv[1]))
    > run.kill()
    > END
    $ for seconds in 0.3 0.2 0.4; do
    >     python3 killed $seconds
    >     if [ $(cat out.journal 2>/dev/null | wc -c) -gt 5000 ]; then head -c -77 out.journal >cut && mv cut out.journal; fi
    > done; [ -e out ] || ./run --resume 2>/dev/null; cmp out whole && ls out*
    out

== A scan whose input is refused at its beginning leaves nothing

    $ echo nonsense >bad.fa; deepmirgene scan bad.fa -o out
    ! deepmirgene scan: bad.fa:1: expected '>' (FASTA) at the start, found 'n'
    [1]
    $ printf '>a\nAC!GT\n' >bad.fa; deepmirgene scan bad.fa --shard 1/2 -o out 2>/dev/null
    [1]
    $ ls out*
    ! *
    [2]

== A journal of another scan, or a damaged one, is not taken up

    $ random-fasta 16 9000 9000 >long.fa
    $ printf '#!/bin/sh\nexec deepmirgene scan long.fa --threshold 0.3 --decoy 1 -o out --chunk 2000 "$@"\n' >run; chmod +x run
    $ interrupt INT out.journal ./run 2>/dev/null
    [1]
    $ ./run --resume --seed 2
    ! deepmirgene scan: out.journal: journal of another scan: 'seed' differs; give the same data and options, or remove the file
    [1]
    $ ./run --resume --shard 1/2
    ! deepmirgene scan: out.journal: this is shard 1/1, not 1/2
    [1]
    $ cp long.fa kept; sed '2s/A/C/' kept >long.fa; ./run --resume 2>&1 | tail -n 1; cp kept long.fa
    deepmirgene scan: *
    $ echo nonsense >out.journal; ./run --resume
    ! deepmirgene scan: out.journal: not a journal of this version of deepmirgene scan, or damaged
    [1]

== A page of HTML with all loci

    $ deepmirgene scan genome.fa --threshold 0 --decoy 1 --report page.html -o loci.tsv -f tsv 2>/dev/null
    $ grep -c 'chr|1;x=1:[0-9]*-[0-9]*([+-])' page.html >/dev/null && ls page*
    page.html
    $ deepmirgene scan genome.fa --report genome.fa
    ! deepmirgene scan: cannot write genome.fa: it is one of the inputs
    [1]
