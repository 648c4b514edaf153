# SPDX-License-Identifier: MIT
"""Predicting and folding: every kind of input, the order, faults, Ctrl-C."""
import itertools
import math
import os
import pickle
import signal
import threading

import pytest

import deepmirgene as dmg

LET7 = "UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUGUCUUUCCUA"


def read(path):
    records, name = {}, None
    for line in path.read_text().splitlines():
        if line.startswith(">"):
            name = line[1:].split()[0]
            records[name] = ""
        else:
            records[name] += line
    return records


def test_every_kind_of_input_gives_the_same(hairpins):
    expected = dmg.predict(hairpins, threads=1).to_list()
    assert [p.call for p in expected] == ["pre-miRNA"] * 3 + ["other"] * 4
    records = read(hairpins)
    assert dmg.predict(str(hairpins)).to_list() == expected
    assert dmg.predict(records).to_list() == expected
    assert dmg.predict(list(records.items()), threads=2).to_list() == expected
    assert dmg.predict(dmg.Record(*item) for item in records.items()).to_list() == expected
    assert [p[1:] for p in dmg.predict(records.values())] == [p[1:] for p in expected]


def test_records_of_biopython(hairpins):
    seqio = pytest.importorskip("Bio.SeqIO")
    expected = dmg.predict(hairpins).to_list()
    assert dmg.predict(seqio.parse(hairpins, "fasta")).to_list() == expected


def test_a_single_sequence_pair_or_structure():
    (plain,) = dmg.predict(LET7)
    (pair,) = dmg.predict(("x", LET7))
    (folded,) = dmg.predict([("x", LET7, plain.structure)])
    assert plain.id == "1" and pair.id == "x"
    assert plain[1:] == pair[1:]
    assert folded.p_mirna == plain.p_mirna and folded.flags == ("structure_given",)


def test_mature_sequences_and_long_records():
    (p,) = dmg.predict(LET7, mature=True)
    assert (p.hairpin_start, p.hairpin_end) == (1, len(LET7))
    assert "UGAGGUAGUAGGUUGUAU" in LET7[p.mature_5p.start - 1:p.mature_5p.end]
    assert 0 <= p.mature_3p.p <= 1
    (long,) = dmg.predict("ACCA" * 100 + LET7 + "CCAA" * 100)
    assert "long" in long.flags and 380 < long.hairpin_start < long.hairpin_end <= 500


def test_many_records_come_in_order():
    sequences = ["".join(s) for s in itertools.product("ACGU", repeat=6)] * 2
    rows = dmg.fold(sequences, threads=2).to_list()
    assert [row.sequence for row in rows] == sequences
    assert [row.id for row in rows] == [str(i) for i in range(1, len(sequences) + 1)]


def test_results_stream_from_an_iterator_without_end():
    stream = dmg.fold(("r%d" % i, "GGGGAAAACCCC") for i in itertools.count())
    assert [next(stream).id for _ in range(5000)][-1] == "r4999"
    stream.close()


def test_what_cannot_be_scored_is_a_row():
    (empty,) = dmg.predict([("e", "")])
    assert math.isnan(empty.p_mirna) and math.isnan(empty.mfe)
    assert (empty.call, empty.structure, empty.flags) == ("NA", None, ("empty",))
    assert dmg.predict([]).to_list() == []


def test_a_fault_names_the_record_after_those_before_it(tmp_path):
    rows = dmg.predict([("good", "ACGU"), ("bad", "AC-GU"), ("never", "ACGU")])
    assert next(rows).id == "good"
    with pytest.raises(dmg.FormatError, match="record 'bad': '-'.* position 3"):
        next(rows)
    path = tmp_path / "faulty.fa"
    path.write_text(">good\nACGU\n>bad\nAC\nG!U\n")
    rows = dmg.predict(path)
    assert next(rows).id == "good"
    with pytest.raises(ValueError, match=r"faulty.fa:5: record 'bad'"):
        next(rows)
    rows = dmg.predict([("good", "ACGU"), 7])
    with pytest.raises(TypeError, match="record 2"):
        list(rows)


def test_mistakes_are_exceptions():
    with pytest.raises(OSError, match="nowhere.fa"):
        list(dmg.predict("nowhere.fa"))
    with pytest.raises(OSError):
        dmg.predict(LET7, model="no-such-model.safetensors")
    with pytest.raises(dmg.RangeError, match="threads=0"):
        list(dmg.predict(LET7, threads=0))
    with pytest.raises(dmg.RangeError, match="threshold"):
        list(dmg.predict(LET7, threshold=2))
    with pytest.raises(dmg.FormatError, match="structure has 3"):
        list(dmg.predict([("s", "ACGU", "...")]))
    with pytest.raises(dmg.FormatError, match="unbalanced"):
        list(dmg.predict([("s", "ACGU", "(..(")]))
    with pytest.raises(ValueError, match="NUL"):
        list(dmg.predict([("s\0", "ACGU")]))


def test_models(tmp_path):
    assert dmg.builtin_models()[0] == "general"
    model = dmg.Model("human")
    path = tmp_path / "copy.safetensors"
    model.save(path)
    expected = dmg.predict(LET7, model).to_list()
    for same in (path, str(path), path.read_bytes(), pickle.loads(pickle.dumps(model)), "human"):
        assert dmg.predict(LET7, same).to_list() == expected


def test_pandas(hairpins):
    pytest.importorskip("pandas")
    table = dmg.predict(hairpins).to_pandas()
    assert list(table.columns) == list(dmg.Prediction._fields)
    assert table["call"].value_counts().to_dict() == {"pre-miRNA": 3, "other": 4}


def test_ctrl_c_ends_the_run():
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        for _ in dmg.predict(("r", "ACGU" * 250) for _ in itertools.count()):
            pass
    assert len(dmg.predict(LET7).to_list()) == 1
