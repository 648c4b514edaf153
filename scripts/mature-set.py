#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the training, calibration and test sets of the model of mature ends.

    scripts/mature-set.py DATA PROGRAM OUT

DATA holds mirbase/ (doc/mature.md says where it comes from), PROGRAM is deepmirgene. OUT gets
train.tsv, calibration.tsv and test.tsv, split by the groups of scripts/training-set.py, so that a
hairpin that the default model was not trained on is not trained on here either. A line is a hairpin
with its mature sequences, which either arm may lack:

    id clade cut weight sequence start_5p end_5p start_3p end_3p source_5p source_3p mirgenedb

Positions are 0-based and half open, '.' is unknown. `source` is E for an experimental mature sequence, S
for one by similarity, G for one of MirGeneDB where miRBase has none. `mirgenedb` holds MirGeneDB's four
positions, or '.'. `cut` says where the hairpin was cut out:

    published  as in miRBase
    found      as a scan cuts it out of flanks: those of the genome for human ones, shuffled ones for others
    cropped    at random places of the flanks, two of each hairpin

so that a model cannot learn the habits of miRBase's curators. A weight of 1/sqrt(n) makes a cluster of n
hairpins of 80 % identity count as sqrt(n). The same data give the same bytes.
"""
import collections
import gzip
import importlib.util
import pathlib
import random
import re
import sys

CROPS = 2
CROP_MARGIN = (-2, 25)  # nucleotides outside the mature sequences
LONGEST = 400
WORD = 20

Mature = collections.namedtuple("Mature", "start end source")
Hairpin = collections.namedtuple("Hairpin", "name clade group sequence matures mirgenedb weight")


def training_set():
    path = pathlib.Path(__file__).with_name("training-set.py")
    spec = importlib.util.spec_from_file_location("training_set", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sets = training_set()


def rows(path):
    with gzip.open(path, "rt") as lines:
        titles = next(lines).rstrip("\n").split("\t")
        for line in lines:
            yield dict(zip(titles, line.rstrip("\n").split("\t")))


# --- groups ---


class Groups:
    """The group of a hairpin: as listed, or that of its kin by family name or by a shared word."""

    def __init__(self, data):
        self.listed, self.cluster, self.by_family = {}, {}, collections.defaultdict(set)
        with open(data / "mirbase/groups.tsv") as lines:
            next(lines)
            for line in lines:
                name, _, _, family, cluster, group = line.rstrip("\n").split("\t")
                self.listed[name], self.cluster[name] = group, cluster
                if family:
                    self.by_family[family].add(group)
        self.by_word = collections.defaultdict(set)

    def index(self, name, sequence):
        for word in sets.words(sequence):
            self.by_word[word].add(self.listed[name])

    def of_addition(self, family, sequence):
        """None where its kin are in several parts: nowhere could it go."""
        found = set(self.by_family.get(family, ()))
        for word in sets.words(sequence):
            found |= self.by_word.get(word, set())
        parts = {sets.part_of(group) for group in found}
        return min(found) if len(parts) == 1 else None


# --- hairpins and their mature sequences ---


def read_matures(data):
    """hairpin -> arm -> Mature; the experimental one, then the first, where an arm has several."""
    matures = collections.defaultdict(dict)
    for row in rows(data / "mirbase/cutsites.tsv.gz"):
        if row["arm"] not in ("5p", "3p"):
            continue
        source = "E" if row["experimental"] == "1" else "S"
        arms = matures[row["hairpin"]]
        if row["arm"] not in arms or (source == "E" and arms[row["arm"]].source == "S"):
            arms[row["arm"]] = Mature(int(row["start"]), int(row["end"]), source)
    return matures


def read_mirgenedb(data):
    """hairpin of miRBase -> (5p start, 5p end, 3p start, 3p end) by MirGeneDB."""
    ends = {}
    for row in rows(data / "mirbase/mirgenedb.tsv.gz"):
        if not row["arm5_end"] or not row["arm3_start"]:
            continue
        for place in filter(None, row["mirbase22_hairpins(id:start-end;...)"].split(";")):
            name, span = place.rsplit(":", 1)
            if not re.fullmatch(r"\d+-\d+", span):
                continue
            start, end = map(int, span.split("-"))
            if end - start == len(row["sequence"]):
                ends[name] = (start, start + int(row["arm5_end"]), start + int(row["arm3_start"]), end)
    return ends


def completed(matures, mirgenedb):
    """With MirGeneDB's mature sequence on the arm for which miRBase has none."""
    if mirgenedb:
        a, b, c, d = mirgenedb
        matures = {"5p": Mature(a, b, "G"), "3p": Mature(c, d, "G"), **matures}
    return matures


def in_order(matures):
    return "5p" not in matures or "3p" not in matures or matures["5p"].end <= matures["3p"].start


def sequences(data):
    for clade in ("animal", "plant", "other"):
        for name, sequence in sets.read_fasta(data / f"mirbase/{clade}.fa"):
            yield name, clade, sequence


def additions(data):
    known = {row["hairpin"]: row for row in rows(data / "mirbase/support.tsv.gz")}
    for name, sequence in sets.read_fasta(data / "mirbase/v22_additions.fa.gz"):
        if name in known and known[name]["clade"] != "virus":
            yield name, known[name]["clade"], known[name]["family"], sequence


def read_hairpins(data):
    groups, matures, mirgenedb = Groups(data), read_matures(data), read_mirgenedb(data)
    found = []
    for name, clade, sequence in sequences(data):
        groups.index(name, sequence)
        found.append((name, clade, groups.listed[name], groups.cluster[name], sequence))
    for name, clade, family, sequence in additions(data):
        group = groups.of_addition(family, sequence)
        if group:
            found.append((name, clade, group, group, sequence))
    sizes = collections.Counter(cluster for _, _, _, cluster, _ in found)
    for name, clade, group, cluster, sequence in found:
        ends = mirgenedb.get(name)
        arms = completed(matures.get(name, {}), ends)
        if arms and in_order(arms) and len(sequence) <= LONGEST:
            yield Hairpin(name, clade, group, sequence, arms, ends, sizes[cluster] ** -0.5)


# --- where they are cut out ---


def human_flanks(data):
    """name -> (sequence with flanks, start of the hairpin in it)."""
    flanked = {}
    with gzip.open(data / "mirbase/human_flanks.fa.gz", "rt") as lines:
        for line in lines:
            if line.startswith(">"):
                name = line[1:].split()[0]
                start = int(re.search(r"hairpin=(\d+)-", line).group(1))
                flanked[name] = [sets.normalised(next(lines).strip()), start]
    return flanked


def with_flanks(hairpin, genome):
    if hairpin.name in genome:
        return genome[hairpin.name]
    rng = random.Random(hairpin.name)
    left, right = sets.flank(hairpin.sequence, rng), sets.flank(hairpin.sequence, rng)
    return left + hairpin.sequence + right, len(left)


def found_by_scan(program, hairpins, flanked, out):
    """name -> (start, end) of the best candidate in the flanked sequence that has all the matures."""
    path = out / "flanked.fa"
    with open(path, "w") as lines:
        for hairpin in hairpins:
            lines.write(f">{hairpin.name}\n{flanked[hairpin.name][0]}\n")
    spans = {h.name: matures_span(h, flanked[h.name][1]) for h in hairpins}
    best = {}
    for name, start, end, strand, _ in sets.candidates(program, path):
        inner = spans[name]
        if strand != "+" or start > inner[0] or end < inner[1]:
            continue
        if name not in best or end - start < best[name][1] - best[name][0]:
            best[name] = (start, end)
    path.unlink()
    return best


def matures_span(hairpin, offset):
    return (offset + min(m.start for m in hairpin.matures.values()),
            offset + max(m.end for m in hairpin.matures.values()))


def cropped(hairpin, flanked, number):
    rng = random.Random(f"{hairpin.name}:{number}")
    sequence, offset = flanked
    start, end = offset, offset + len(hairpin.sequence)
    if "5p" in hairpin.matures:
        start = offset + hairpin.matures["5p"].start - rng.randint(*CROP_MARGIN)
    if "3p" in hairpin.matures:
        end = offset + hairpin.matures["3p"].end + rng.randint(*CROP_MARGIN)
    return max(start, 0), min(end, len(sequence))


def line_of(hairpin, cut, sequence, shift):
    fields = [hairpin.name, hairpin.clade, cut, f"{hairpin.weight:.4f}", sequence]
    for arm in ("5p", "3p"):
        mature = hairpin.matures.get(arm)
        places = (mature.start + shift, mature.end + shift) if mature else (-1, -1)
        inside = 0 <= places[0] and places[1] <= len(sequence)
        fields += [str(p) for p in places] if inside else [".", "."]
    fields += [hairpin.matures[arm].source if arm in hairpin.matures else "." for arm in ("5p", "3p")]
    fields.append(",".join(str(e + shift) for e in hairpin.mirgenedb) if hairpin.mirgenedb else ".")
    return "\t".join(fields) + "\n"


def lines_of(hairpin, flanked, found):
    yield line_of(hairpin, "published", hairpin.sequence, 0)
    whole, offset = flanked
    cuts = [("found", found)] if found else []
    cuts += [("cropped", cropped(hairpin, flanked, number)) for number in range(CROPS)]
    for cut, (start, end) in cuts:
        yield line_of(hairpin, cut, whole[start:end], offset - start)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    data, program, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    hairpins = list(read_hairpins(data))
    genome = human_flanks(data)
    flanked = {h.name: with_flanks(h, genome) for h in hairpins}
    found = found_by_scan(program, hairpins, flanked, out)
    files = {part: open(out / f"{part}.tsv", "w") for part in sorted(set(sets.PARTS))}
    for hairpin in hairpins:
        for line in lines_of(hairpin, flanked[hairpin.name], found.get(hairpin.name)):
            files[sets.part_of(hairpin.group)].write(line)
    for file in files.values():
        file.close()
    print(f"{len(hairpins)} hairpins, {len(found)} of them found by a scan", file=sys.stderr)


if __name__ == "__main__":
    main()
