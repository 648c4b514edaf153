#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the labelled sets for training, calibrating and testing the default model.

    scripts/training-set.py DATA PROGRAM OUT

DATA holds mirbase/, negatives/, genomes/ and mirboost/ (doc/models.md describes them), PROGRAM is
deepmirgene. OUT gets, for each of the parts train, calibration and test,

    precursor.PART.fa   precursors as published
    found.PART.fa       the same as a scan cuts them out of random flanks
    other.PART.fa       coding regions, tRNA, rRNA, published negatives
    mined.PART.fa       candidates of a scan in genomes away from known loci
    plain.PART.fa       random bases, few or all four, which are not candidates of a scan
    ncrna.PART.fa       structured RNA of other kinds; whole classes are kept for the later parts
    chance.PART.fa      shuffled precursors, random bases, random inverted repeats
    animal.PART.fa      precursor and found of animals
    plant.PART.fa       those of plants, and the same as a scan with --span 400 cuts them

    long.PART.fa        precursors of more than LONG nt, as published and as a scan with --span 400 cuts them
    long_cut.PART.fa    the latter alone
    long_other.PART.fa  other sequences of more than LONG nt, long_mined among them
    long_mined.PART.fa  candidates of more than LONG nt of a scan with --long-span 400 in human
                        chromosome X, not in the test part

and, for the models of one clade, plant_genome.train.fa and plant_genome.calibration.fa: candidates of a
scan with --span 400 in genomes of two plants. For training only,

    genome.train.fa     candidates of a scan in more genomes
    repeat.train.fa     inverted repeats of random bases and of stretches of genomes
    varied.train.fa     records with changed bases, which have no labels: a student learns its teacher's
                        probabilities of them

chance.train.fa has no inverted repeats, since repeat.train.fa has them, and nothing longer than 400 nt.
sets.tsv gives the origin of each record. The same data give the same bytes.

Similar records are never separated: precursors are assigned by group (families and clusters of 80 %
identity joined), other sequences by clusters that share a word of WORD nucleotides on either strand.
Other sequences that share such a word with a known precursor are left out: they may be precursors.
The precursors of Epstein-Barr virus are in no set.
"""
import collections
import gzip
import hashlib
import math
import pathlib
import random
import subprocess
import sys

WORD = 20
LONGEST = 400
LONG = 140  # the span of a scan: longer hairpins have a network of their own
BLOCK = 100_000  # nucleotides of a genome that stay together
FLANK = 150  # random nucleotides on either side of a precursor that the scan is to find
COVERED = 0.8  # of a precursor, to be taken for it
KNOWN_MARGIN = 200  # around known loci nothing is a negative
PLAIN = 10_000  # sequences of random letters,
PLAIN_LENGTHS = (12, 200)  # nucleotides, short ones as often as long ones
VARIED = {"precursor": 1, "found": 3, "other": 1 / 3, "mined": 1 / 3}  # copies of a record
CHANGED = (0.04, 0.08, 0.16, 0.3)  # shares of letters replaced at random, one for each copy
CHANCE = {"shuf": 10_000, "rand": 10_000, "long": 1_200, "ir": 4_000}  # of the train part,
GENOME_REPEATS = 12_000
FEWER = {"train": 1, "calibration": 0.2, "test": 0.4}  # and how many of them the parts have
PARTS = ["train"] * 14 + ["calibration"] * 2 + ["test"] * 4  # of twenty
PLANT_SPAN = ("--span", str(LONGEST))
LONG_SPAN = ("--long-span", str(LONGEST))
COMPLEMENT = str.maketrans("ACGU", "UGCA")

COMMON_NEGATIVES = [
    ("coding", "negatives/coding_pseudo_hairpins.fa"),
    ("trna-rrna", "negatives/trna_rrna.fa"),
    ("mirboost", "mirboost/human_neg.fa"),
    ("mirboost", "mirboost/cross_species_neg.fa"),
    ("mirboost", "mirboost/new_neg.fa"),
]
GENOMES = [
    ("human-chr3", "genomes/human_chr3_2mb.fa.gz", None),
    ("human-chr4", "genomes/human_chr4_2mb.fa.gz", None),
    ("worm", "genomes/worm_chrI_1mb.fa.gz", "genomes/worm_chrI_1mb.truth.bed"),
    ("fly", "genomes/fly_dm3_chr4.fa.gz", "genomes/fly_dm3_chr4.truth.bed"),
]
# For training only: of so many blocks one gives all its candidates. The mask has its own margins.
More = collections.namedtuple("More", "source path mask step")
MORE_GENOMES = [
    More("human-chrX", "genomes/human_chrX_70mb.fa.gz", "genomes/human_chrX_70mb.mask.bed", 10),
    More("ecoli", "negative_genomes/ecoli_536.fa.gz", None, 10),
    More("saureus", "negative_genomes/saureus_COL.fa.gz", None, 6),
]

# Long candidates are rare, so more blocks are searched for them, and those of calibration as well.
LONG_GENOME = More("human-chrX", "genomes/human_chrX_70mb.fa.gz", "genomes/human_chrX_70mb.mask.bed", 3)
LONG_SETS = ("plant_genome", "repeat", "ncrna", "chance", "other")

PLANT_GENOMES = {"calibration": "lyrata_1mb", "train": "arabidopsis_3mb"}

Record = collections.namedtuple("Record", "name source group sequence")


def normalised(text):
    return text.upper().replace("T", "U")


def read_fasta(path):
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else open(path)
    name, parts = None, []
    with opened as lines:
        for line in lines:
            if line.startswith(">"):
                if name is not None:
                    yield name, normalised("".join(parts))
                name, parts = line[1:].split()[0], []
            else:
                parts.append(line.strip())
    if name is not None:
        yield name, normalised("".join(parts))


def write_fasta(path, records):
    with open(path, "w") as out:
        for record in records:
            out.write(f">{record.name}\n{record.sequence}\n")


def reverse_complement(sequence):
    return sequence.translate(COMPLEMENT)[::-1]


def words(sequence):
    """Of both strands, as one: the smaller of a word and its reverse complement."""
    for i in range(len(sequence) - WORD + 1):
        word = sequence[i : i + WORD]
        yield min(word, reverse_complement(word))


def words_of_both_strands(records):
    known = set()
    for record in records:
        for sequence in (record.sequence, reverse_complement(record.sequence)):
            known.update(sequence[i : i + WORD] for i in range(len(sequence) - WORD + 1))
    return known


def shares_a_word(sequence, known):
    return any(sequence[i : i + WORD] in known for i in range(len(sequence) - WORD + 1))


def part_of(group):
    """By chance, but for a group that is named like a part."""
    if group in PARTS:
        return group
    return PARTS[int(hashlib.md5(group.encode()).hexdigest(), 16) % len(PARTS)]


# --- precursors ---


def precursors(data):
    """All of miRBase but the viruses, with the group that they must not leave."""
    groups = {}
    for line in open(data / "mirbase/groups.tsv"):
        columns = line.rstrip("\n").split("\t")
        groups[columns[0]] = (columns[1], columns[5])
    for clade in ("animal", "plant", "other"):
        for name, sequence in read_fasta(data / f"mirbase/{clade}.fa"):
            if len(sequence) <= LONGEST:
                yield Record(name, clade, groups[name][1], sequence)


def shuffled(sequence, rng):
    """Another sequence with the same dinucleotides (Altschul & Erickson 1985, by Euler's paths)."""
    successors = collections.defaultdict(list)
    for a, b in zip(sequence, sequence[1:]):
        successors[a].append(b)
    last = sequence[-1]
    while True:  # a last edge for each letter, such that all lead to the last letter
        exits = {a: rng.choice(s) for a, s in successors.items() if a != last}
        if all(leads_to(a, last, exits) for a in exits):
            break
    order = {}
    for a, s in successors.items():
        rest = list(s)
        if a in exits:
            rest.remove(exits[a])
        rng.shuffle(rest)
        order[a] = iter(rest + ([exits[a]] if a in exits else []))
    letters = [sequence[0]]
    for _ in range(len(sequence) - 1):
        letters.append(next(order[letters[-1]]))
    return "".join(letters)


def leads_to(letter, last, exits):
    seen = set()
    while letter != last:
        if letter in seen:
            return False
        seen.add(letter)
        letter = exits[letter]
    return True


def flank(sequence, rng):
    length = 0
    parts = []
    while length < FLANK:
        parts.append(shuffled(sequence, rng))
        length += len(sequence)
    return "".join(parts)[:FLANK]


# --- what the scan finds ---


def candidates(program, path, *options):
    """(contig, start, end, strand, sequence) of every hairpin that a scan would score; 0-based.

    Long ones only by option: the sets must not depend on the model that is the default.
    """
    if "--long-span" not in options:
        options = (*options, "--long-span", "0")
    out = subprocess.run(
        [program, "scan", "--overlapping", "--threshold", "0", "--format", "tsv",
         *options, path],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout.splitlines()
    titles = out[0].split("\t")
    columns = [titles.index(t) for t in ("seqid", "start", "end", "strand", "sequence")]
    order, rows = {}, []
    for line in out[1:]:
        row = line.split("\t")
        contig, start, end, strand, sequence = (row[c] for c in columns)
        rows.append((contig, int(start) - 1, int(end), strand, normalised(sequence)))
        order.setdefault(contig, len(order))
    return sorted(rows, key=lambda row: (order[row[0]], row[3], row[1], row[2]))


def as_found(program, records, out, *options):
    """The precursors as a scan would cut them: set in random flanks, and found again."""
    flanked = out / "flanked.fa"
    with open(flanked, "w") as lines:
        for record in records:
            rng = random.Random(record.name)
            left, right = flank(record.sequence, rng), flank(record.sequence, rng)
            lines.write(f">{record.name}\n{left}{record.sequence}{right}\n")
    known = {record.name: record for record in records}
    best = {}
    for contig, start, end, strand, sequence in candidates(program, flanked, *options):
        length = len(known[contig].sequence)
        shared = min(end, FLANK + length) - max(start, FLANK)
        if strand != "+" or shared < COVERED * length:
            continue
        outside = end - start - shared
        if contig not in best or outside < best[contig][0]:
            best[contig] = (outside, sequence)
    flanked.unlink()
    for name, (_, sequence) in best.items():
        record = known[name]
        yield record._replace(name=name + "/found", source=record.source + "-found",
                              sequence=sequence)


def intervals(path, margin):
    known = collections.defaultdict(list)
    if path:
        for line in open(path):
            contig, start, end = line.split("\t")[:3]
            known[contig].append((int(start) - margin, int(end) + margin))
    return known


def mined(program, data):
    """The hairpins that a scan would score in stretches of genomes, away from the known loci."""
    for source, path, truth in GENOMES:
        known = intervals(truth and data / truth, KNOWN_MARGIN)
        for contig, start, end, strand, sequence in candidates(program, data / path):
            if not any(s < end and start < e for s, e in known[contig]):
                name = f"{source}:{contig}:{start}-{end}({strand})"
                yield Record(name, source, f"{source}:{start // BLOCK}", sequence)


def blocks_of(data, genome, part="train"):
    """(contig, start, sequence)"""
    for contig, sequence in read_fasta(data / genome.path):
        for start in range(0, len(sequence), genome.step * BLOCK):
            if part_of(f"{genome.source}:{contig}:{start // BLOCK}") == part:
                yield contig, start, sequence[start : start + BLOCK]


def mined_blocks(program, data, out, genome, part, *options):
    """What a scan would score in such blocks, away from the known loci."""
    masked = intervals(genome.mask and data / genome.mask, 0)
    path = out / f"{genome.source}.fa"
    with open(path, "w") as lines:
        for contig, start, sequence in blocks_of(data, genome, part):
            lines.write(f">{contig}@{start}\n{sequence}\n")
    for place, start, end, strand, sequence in candidates(program, path, *options):
        contig, offset = place.split("@")
        start, end = start + int(offset), end + int(offset)
        if not any(s < end and start < e for s, e in masked[contig]):
            name = f"{genome.source}:{contig}:{start}-{end}({strand})"
            yield Record(name, genome.source, part, sequence)
    path.unlink()


def mined_more(program, data, out):
    for genome in MORE_GENOMES:
        yield from mined_blocks(program, data, out, genome, "train")


def mined_long(program, data, out):
    for part, step in (("train", LONG_GENOME.step), ("calibration", 1)):
        genome = LONG_GENOME._replace(step=step)
        for record in mined_blocks(program, data, out, genome, part, *LONG_SPAN):
            if len(record.sequence) > LONG:
                yield record._replace(source=record.source + "-long")


def mined_plants(program, data):
    """The same in genomes of plants, with longer hairpins.

    The genomes are relatives: what shares a word with that of calibration is not trained on.
    """
    later = set()
    for part, stem in PLANT_GENOMES.items():
        masked = intervals(data / f"genomes/{stem}.mask.bed", 0)
        records = [Record(f"{stem}:{contig}:{start}-{end}({strand})", stem, part, sequence)
                   for contig, start, end, strand, sequence in candidates(
                       program, data / f"genomes/{stem}.fa.gz", *PLANT_SPAN)
                   if not any(s < end and start < e for s, e in masked[contig])]
        yield from (record for record in records if not shares_a_word(record.sequence, later))
        later |= words_of_both_strands(records)


# --- other sequences ---


def common_negatives(data):
    for source, path in COMMON_NEGATIVES:
        stem = pathlib.Path(path).stem
        for name, sequence in read_fasta(data / path):
            yield Record(f"{stem}:{name}", source, None, sequence)


def without_known(records, known_words):
    """Those that share no word with a precursor; of equal sequences the first."""
    seen = set()
    for record in records:
        if record.sequence in seen or len(record.sequence) > LONGEST:
            continue
        seen.add(record.sequence)
        if not any(word in known_words for word in words(record.sequence)):
            yield record


def clustered(records):
    """The records with groups: those that share a word, directly or through others, have one."""
    parent = list(range(len(records)))

    def root(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first = {}
    for i, record in enumerate(records):
        for word in words(record.sequence):
            j = first.setdefault(word, i)
            if root(j) != root(i):
                parent[max(root(i), root(j))] = min(root(i), root(j))
    return [r._replace(group=records[root(i)].name) for i, r in enumerate(records)]


def structured(data, others):
    """Other structured RNA: whole classes for calibration and test, the rest by clusters.

    What shares a word with a later part, here or among OTHERS, is left out of an earlier one.
    """
    with gzip.open(data / "negatives/ncrna.fa.gz", "rt") as lines:
        classes = {line[1:].split()[0]: line.split("class=")[1].split()[0]
                   for line in lines if line.startswith(">")}
    dealt = collections.defaultdict(list)
    for record in clustered([Record(name, classes[name], None, sequence) for name, sequence
                             in read_fasta(data / "negatives/ncrna.fa.gz")]):
        part = part_of(f"class:{record.source}")
        dealt[part if part != "train" else part_of(record.group)].append(record)
    later = set()
    for part in ("test", "calibration", "train"):
        for record in dealt[part]:
            if not shares_a_word(record.sequence, later):
                yield record._replace(name=f"nc:{record.source}:{record.name}", group=part)
        later |= words_of_both_strands(
            dealt[part] + [record for record in others if part_of(record.group) == part])


# --- sequences without a hairpin ---


def plain():
    """Random letters whose shares are random, too, down to one letter alone.

    All other sequences are hairpins, so nothing else tells a network what it need not know: that
    a sequence that does not fold is not a precursor.
    """
    rng = random.Random(1)
    shortest, longest = map(math.log, PLAIN_LENGTHS)
    for number in range(PLAIN):
        length = round(math.exp(rng.uniform(shortest, longest)))
        weights = [rng.gammavariate(0.7, 1) + 1e-9 for _ in "ACGU"]
        name = f"plain{number + 1}"
        yield Record(name, "plain", name, "".join(rng.choices("ACGU", weights, k=length)))


def random_bases(rng, length):
    gc = rng.uniform(0.2, 0.8)
    return "".join(rng.choices("ACGU", weights=[1 - gc, gc, gc, 1 - gc], k=length))


def random_length(rng, shortest, longest):
    return round(math.exp(rng.uniform(math.log(shortest), math.log(longest))))


def inverted_repeat(rng):
    """Random bases, a loop, and the same bases backwards, with one base in 44 replaced."""
    arm = "".join(rng.choices("ACGU", k=rng.randint(25, 120)))
    back = "".join(rng.choice("ACGU") if rng.random() < rng.choice((0, 0, 0.03, 0.06)) else base
                   for base in reverse_complement(arm))
    return (random_bases(rng, rng.randint(0, 15)) + arm + random_bases(rng, rng.randint(4, 25))
            + back + random_bases(rng, rng.randint(0, 15)))


def chance(known):
    """Sequences that owe what structure they have to chance, or that are nothing but structure."""
    rng = random.Random(7)
    for part in ("train", "calibration", "test"):
        sources = [record.sequence for record in known
                   if part_of(record.group) == part and len(record.sequence) >= 60]
        make = {
            "shuf": lambda: shuffled(rng.choice(sources), rng),
            "rand": lambda: random_bases(rng, random_length(rng, 60, 400)),
            "long": lambda: random_bases(rng, random_length(rng, 400, 4000)),
            "ir": lambda: inverted_repeat(rng),
        }
        for kind, count in CHANCE.items():
            for number in range(int(FEWER[part] * count)):
                yield Record(f"{kind}{number}", kind, part, make[kind]())


def genome_repeats(data):
    """A stretch of a genome, what follows it as a loop, and its reverse complement, more or less changed.

    Inverted repeats look most like precursors, and the few that genomes for mining have teach too little.
    """
    rng = random.Random(11)
    blocks = [sequence[start : start + BLOCK] for source, path, _ in GENOMES
              for _, sequence in read_fasta(data / path)
              for start in range(0, len(sequence) - BLOCK + 1, BLOCK)
              if part_of(f"{source}:{start // BLOCK}") == "train"]
    number = 0
    while number < GENOME_REPEATS:
        block, length = rng.choice(blocks), rng.randint(18, 68)
        start = rng.randrange(len(block) - LONGEST)
        middle = start + length
        arm, loop = block[start:middle], block[middle : middle + rng.randint(3, 24)]
        changed = rng.choice((0, 0.03, 0.06, 0.1))
        back = "".join(rng.choice("ACGU") if rng.random() < changed else base
                       for base in reverse_complement(arm))
        if rng.random() < 0.3 and length > 30:  # a bulge
            cut = rng.randrange(5, length - 5)
            back = back[:cut] + back[cut + rng.randint(1, 3) :]
        if "N" not in arm + loop:
            number += 1
            yield Record(f"genome-repeat{number}", "genome-repeat", "train", arm + loop + back)


def repeats(data, made_by_chance):
    yield from (r for r in made_by_chance if r.source == "ir" and r.group == "train")
    yield from genome_repeats(data)


# --- sequences without labels ---


def varied(records, kind):
    """Copies with letters replaced at random: between precursors and other sequences."""
    for number, record in enumerate(records):
        rng = random.Random(f"{kind}:{record.name}")
        copies = int(VARIED[kind] * (number + 1)) - int(VARIED[kind] * number)
        for copy in range(copies):
            share = rng.choice(CHANGED)
            sequence = "".join(rng.choice("ACGU") if rng.random() < share else letter
                               for letter in record.sequence)
            yield record._replace(name=f"{record.name}/varied{copy + 1}", sequence=sequence)


# --- what is longer than a scan's span ---


def long_sets(sets, mined):
    """Of the candidates only those are left out that are like a precursor of such length."""
    def long_ones(*names):
        return [r for name in names for r in sets[name] if LONG < len(r.sequence) <= LONGEST]

    known = list({record.name: record for record in long_ones("precursor", "plant")}.values())
    mined = list(without_known(mined, {w for record in known for w in words(record.sequence)}))
    return {
        "long": known,
        "long_cut": [record for record in known if record.name.endswith("/long")],
        "long_other": long_ones(*LONG_SETS) + mined,
        "long_mined": mined,
    }


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    data, program, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)

    known = list(precursors(data))
    known_words = {w for record in known for w in words(record.sequence)}
    for _, sequence in read_fasta(data / "mirbase/virus.fa"):
        known_words.update(words(sequence))
    others = clustered(list(without_known(common_negatives(data), known_words)))
    made_by_chance = list(chance(known))
    found = list(as_found(program, known, out))
    plants = [record for record in known if record.source == "plant"]
    sets = {
        "precursor": known,
        "found": found,
        "other": others,
        "mined": without_known(mined(program, data), known_words),
        "plain": plain(),
        "ncrna": structured(data, others),
        "chance": [record for record in made_by_chance
                   if record.group != "train" or record.source in ("shuf", "rand")],
        "genome": without_known(mined_more(program, data, out), known_words),
        "repeat": without_known(repeats(data, made_by_chance), known_words),
        "animal": [r for r in known + found if r.source.startswith("animal")],
        "plant": [*(r for r in known + found if r.source.startswith("plant")),
                  *(r._replace(name=r.name + "/long")
                    for r in as_found(program, plants, out, *PLANT_SPAN))],
        "plant_genome": without_known(mined_plants(program, data), known_words),
    }
    sets = {name: list(records) for name, records in sets.items()}
    sets |= long_sets(sets, mined_long(program, data, out))
    without_labels = []
    with open(out / "sets.tsv", "w") as table:
        table.write("id\tset\tpart\tsource\tgroup\tlength\n")
        for name, records in sets.items():
            dealt = collections.defaultdict(list)
            for record in records:
                part = part_of(record.group)
                dealt[part].append(record)
                table.write(f"{record.name}\t{name}\t{part}\t{record.source}\t{record.group}"
                            f"\t{len(record.sequence)}\n")
            for part in sorted(set(PARTS)):
                write_fasta(out / f"{name}.{part}.fa", dealt[part])
                print(f"{name}.{part}.fa: {len(dealt[part])} records", file=sys.stderr)
            if name in VARIED:
                without_labels += varied(dealt["train"], name)
    write_fasta(out / "varied.train.fa", without_labels)
    print(f"varied.train.fa: {len(without_labels)} records", file=sys.stderr)


if __name__ == "__main__":
    main()
