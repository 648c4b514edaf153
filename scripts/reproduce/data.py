# SPDX-License-Identifier: MIT
"""The files that the experiments read, made from the published sets."""
import collections

from experiments import COPIES, FOLDS, SETS

SIDES = {"pos": "1", "neg": "0"}


class MissingData(Exception):
    pass


class Record(collections.namedtuple("Record", "id text")):
    """A record of a FASTA file: its id and its lines, as they stand there."""

    def renamed(self, name):
        return Record(name, self.text.replace(">" + self.id, ">" + name, 1))


def read(path):
    try:
        return path.read_text()
    except OSError as error:
        raise MissingData(f"cannot read {path}: {error.strerror}; "
                          "doc/models.md says where the published sets are") from error


def read_records(path):
    return [Record(block.split()[0], ">" + block) for block in read(path).split(">")[1:]]


def read_splits(path):
    """Split by (label, id)."""
    rows = [line.split("\t") for line in read(path).splitlines()[1:]]
    return {(label, name): split for name, label, split in rows}


class LabelledSet:
    """records: [(side, record, split)]"""

    def __init__(self, records):
        self.records = records

    @classmethod
    def read(cls, folder, name):
        splits = {}
        if name != "new":
            splits = read_splits(folder / f"{name}_splits.tsv")
        return cls([(side, record, splits.get((label, record.id), "test"))
                    for side, label in SIDES.items()
                    for record in read_records(folder / f"{name}_{side}.fa")])

    def first(self, count):
        """The first records of each side and split; 0: all."""
        seen, kept = collections.Counter(), []
        for side, record, split in self.records:
            seen[side, split] += 1
            if not count or seen[side, split] <= count:
                kept.append((side, record, split))
        return LabelledSet(kept)

    def write(self, folder, name, with_splits=True):
        for wanted in SIDES:
            texts = [record.text for side, record, _ in self.records if side == wanted]
            (folder / f"{name}_{wanted}.fa").write_text("".join(texts))
        if not with_splits:
            return
        rows = [f"{record.id}\t{SIDES[side]}\t{split}\n" for side, record, split in self.records]
        (folder / f"{name}_splits.tsv").write_text("id\tlabel\tsplit\n" + "".join(rows))


def train_and_test(train, test):
    """Both sets in one, the second one held out. Ids are numbers in either."""
    return LabelledSet([
        (side, record.renamed(f"{prefix}:{record.id}"), split)
        for labelled, prefix, split in ((train, "train", "train"), (test, "test", "test"))
        for side, record, _ in labelled.records])


def equal_classes(labelled, fold):
    """One fold held out, precursors of the others several times; the test rows are left out."""
    records = []
    for side, record, split in labelled.records:
        if split == "test":
            continue
        if split == fold:
            records.append((side, record, "test"))
            continue
        copies = COPIES if side == "pos" else 1
        records += [(side, record.renamed(f"{record.id}.{copy}"), "train")
                    for copy in range(1, copies + 1)]
    return LabelledSet(records)


def prepare(source, folder, records):
    """Fills the folder; `records` of each side and split, 0 for all."""
    sets = {name: LabelledSet.read(source, name).first(records) for name in SETS}
    folder.mkdir(parents=True, exist_ok=True)
    for name, labelled in sets.items():
        labelled.write(folder, name, with_splits=name != "new")
    train_and_test(sets["cross_species"], sets["new"]).write(folder, "cross_species_and_new")
    for fold in FOLDS:
        equal_classes(sets["human"], str(fold)).write(folder, f"human_equal_{fold}")
