# SPDX-License-Identifier: MIT
"""The experiments, as data: each is one command of the program, and one line here."""
import dataclasses
import json
import pathlib

SETS = ("human", "cross_species", "new")
TITLES = {"human": "human", "cross_species": "cross-species", "new": "new"}

# The data of a row of Table 2. `new` has no folds: its records are scored by networks trained on all
# of cross_species, so both are in the files.
FILES = {"human": "human", "cross_species": "cross_species", "new": "cross_species_and_new"}


def last_tenth(epochs):
    """How many are averaged: in the paper 50 of 500."""
    return max(1, epochs // 10)


@dataclasses.dataclass(frozen=True)
class Protocol:
    epochs: int
    seeds: int  # of what the paper's claims hang on; all else has one
    replicates: int  # of the bootstrap
    records: int  # of each label and split; 0: all

    @property
    def average_last(self):
        return last_tenth(self.epochs)


FULL = Protocol(epochs=500, seeds=3, replicates=1000, records=0)
QUICK = Protocol(epochs=2, seeds=2, replicates=20, records=4)


@dataclasses.dataclass(frozen=True)
class Experiment:
    title: str  # in tables
    set: str  # of SETS
    options: tuple = ()
    files: str = ""  # of what, if not FILES says it
    many_seeds: bool = False
    epochs: int = 0  # at most so many, for what is slow; 0: as the protocol says
    figures: str = "none"

    @property
    def method(self):
        return self.options[1] if self.options[:1] == ("--method",) else "network"

    @property
    def name(self):
        """Of its folder."""
        return f"{self.set}-{self.title}".translate(str.maketrans(" ,", "--")).replace("--", "-")

    def command(self, protocol):
        files = "data/" + (self.files or FILES[self.set])
        words = ["crossval", "--positive", f"{files}_pos.fa", "--negative", f"{files}_neg.fa",
                 "--splits", f"{files}_splits.tsv", *self.options, "--seed", "1"]
        if self.method == "network":
            epochs = min(self.epochs or protocol.epochs, protocol.epochs)
            words += ["--recipe", "2016", "--repeats", str(protocol.seeds if self.many_seeds else 1),
                      "--epochs", str(epochs),
                      "--average-last", str(last_tenth(epochs))]
        return words + ["--bootstrap", str(protocol.replicates), "--figures", self.figures,
                        "-o", f"results/{self.name}", "--resume"]


def network(title, *options, set="human", **more):
    return Experiment(title, set, options, **more)


def known(title, name, **more):
    """A network that the program knows by name."""
    return network(title, "--architecture", f"deepmirgene-2016-{name}", **more)


def changed(title):
    """A network of CHANGES."""
    return network(title, "--architecture", f"architectures/{title.replace(' ', '-')}.json")


MAIN = {name: network("network", set=name, many_seeds=True, figures="svg") for name in SETS}

def baselines(name, methods):
    return [Experiment(method, name, ("--method", method)) for method in methods]


BASELINES = {name: baselines(name, ("mfe-per-length", "length", "mirena", "triplet-svm"))
             for name in SETS}

# More programs that classify by features; they have a page of their own, with those above.
RIVALS = {name: baselines(name, ("mipred", "micropred", "mirboost", "cshmm", "boosted-trees"))
          for name in SETS}

# Figures 5 and 6.
SEQUENCE_ONLY = known("sequence only", "sequence", many_seeds=True)
STRUCTURE_ONLY = known("structure only", "structure", many_seeds=True)
WHOLE_STRUCTURE = known("whole structure", "unsplit", many_seeds=True)

# Named in section 5 of the paper.
VARIANTS = [
    known("two layers", "two-layers"),
    known("bidirectional", "bidirectional"),
    known("batch normalisation", "batch-norm"),
    network("pre-trained for 50 epochs", "--pretrain", "50"),
    known("convolutional, 100 epochs", "cnn", epochs=100),
]


def drop_output_inputs(architecture):
    architecture["dense"][-1]["dropout"] = 0.2


def widen_embeddings(architecture):
    for stream in architecture["streams"]:
        stream["embedding"] = 16


# What is changed in the paper's network.
CHANGES = {"dropout on output": drop_output_inputs, "wide embeddings": widen_embeddings}

# Where the paper leaves a choice, or where its choice may be what holds the network back.
TRIED = [
    changed("dropout on output"),
    changed("wide embeddings"),
    network("no dropout", "--dropout", "0"),
    network("batches of 32", "--batch", "32"),
]

# Precursors of the training folds are given so often that both classes are about equally large.
# The folds are run separately, because copies of a record must not be evaluated: in each, one fold is
# the "test" of a table.
COPIES = 9
FOLDS = range(1, 6)
EQUAL_CLASSES = [network(f"equal classes, fold {fold}", files=f"human_equal_{fold}")
                 for fold in FOLDS]


def rival_experiments():
    return [experiment for name in SETS for experiment in RIVALS[name]]


def all_experiments():
    """The quick ones first, then by how much hangs on them."""
    yield from (experiment for name in SETS for experiment in BASELINES[name][:3])
    yield from MAIN.values()
    yield from (SEQUENCE_ONLY, STRUCTURE_ONLY, WHOLE_STRUCTURE)
    yield from (experiment for name in SETS for experiment in BASELINES[name][3:])
    yield from rival_experiments()
    yield from TRIED
    yield from EQUAL_CLASSES
    yield from VARIANTS


def check_command(name):
    """Of `dataset check`: each side against all files of the other sets."""
    others = [f"data/{other}_{side}.fa"
              for other in SETS if other != name for side in ("pos", "neg")]
    against = [word for path in others for word in ("--against", path)]
    return ["dataset", "check", "--format", "tsv", "--positive", f"data/{name}_pos.fa",
            "--negative", f"data/{name}_neg.fa", *against, "-o", f"results/{name}-check.tsv"]


def write_architectures(folder):
    folder.mkdir(exist_ok=True)
    source = pathlib.Path(__file__).parents[2] / "architectures" / "deepmirgene-2016.json"
    for title, change in CHANGES.items():
        name = title.replace(" ", "-")
        architecture = json.loads(source.read_text()) | {"id": name}
        change(architecture)
        (folder / f"{name}.json").write_text(json.dumps(architecture, indent=1) + "\n")
