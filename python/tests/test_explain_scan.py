# SPDX-License-Identifier: MIT
"""Explaining a record and scanning a genome."""
import random

import pytest

import deepmirgene as dmg

LET7 = "UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUGUCUUUCCUA"


def genome():
    generator = random.Random(3)

    def bases(count):
        return "".join(generator.choice("ACGT") for _ in range(count))

    return bases(300) + LET7.replace("U", "T") + bases(400)


def test_an_explanation_adds_up_and_shows_itself(tmp_path):
    x = dmg.explain(("let-7", LET7), mutations=0)
    (p,) = dmg.predict(("let-7", LET7))
    assert x.prediction == p and x.mutations is None
    assert len(x.attribution) == len(LET7) and len(x.layers) > 0
    assert "sequence" in x.attributions
    assert "<iframe" in x._repr_html_()
    x.save(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert page.startswith("<!") and "let-7" in page and "<svg" in page


def test_mutations():
    x = dmg.explain("GGGGAGAUCGAAAGAUCUCCCC")
    assert len(x.mutations) == 22 and len(x.mutations[0]) == 4


def test_what_cannot_be_explained():
    with pytest.raises(ValueError, match="empty"):
        dmg.explain([("e", "")])
    with pytest.raises(ValueError, match="one record"):
        dmg.explain(["ACGU", "ACGU"])


def test_scan_of_memory_and_file(tmp_path):
    sequence = genome()
    loci = dmg.scan({"chr": sequence}, threshold=0.5, threads=1)
    assert len(loci) >= 1
    best = max(loci, key=lambda locus: locus.p_mirna)
    assert best.strand == "+" and best.start <= 311 and best.end >= 370
    path = tmp_path / "genome.fa"
    path.write_text(f">chr\n{sequence}\n")
    assert list(dmg.scan(path, threshold=0.5, threads=2)) == list(loci)
    assert len(dmg.scan(path, threshold=0.5, strand="plus")) >= 1
    assert len(dmg.scan("ACCA" * 50)) == 0


def test_long_hairpins_are_an_option():
    precursor = (  # ath-MIR169a of miRBase
        "GUGACGAAAGUAGUGUGCAGCCAAGGAUGACUUGCCGAUUUAAAUGAUCUUUCUUUAUACUCUAUUAAGACAAUUUAGUU"
        "UCAAACUUUUUUUUUUUUUUUUUUUUGAAGGAUUCAGGAAGAAAUUAGGAUAUAUUAUUCCGUAUAAAAUACAAGAUAUA"
        "UAAAACCAAAAAGAAAAAGUAACAUGAUCGGCAAGUUGUCCUUGGCUACACGUUACUUUGUGUCGC"
    )
    genome = "A" * 200 + precursor + "A" * 200
    for options in {}, {"model": "animal", "long_span": 400, "threshold": 0}:
        best = max(dmg.scan(genome, **{"threshold": 0.5, **options}), key=lambda locus: locus.p_mirna)
        assert best.start <= 201 and best.end >= 426
    for options in {"long_span": 0}, {"model": "animal"}:
        assert all(locus.end - locus.start < 140 for locus in dmg.scan(genome, threshold=0, **options))


def test_scan_mistakes():
    with pytest.raises(dmg.RangeError, match="threshold"):
        dmg.scan(genome(), threshold=2)
    with pytest.raises(ValueError, match="strand"):
        dmg.scan(genome(), strand="up")
    with pytest.raises(dmg.FormatError, match="'chr'"):
        dmg.scan({"chr": "ACG-T"})


def test_loci_as_a_table():
    pytest.importorskip("pandas")
    table = dmg.scan({"chr": genome()}, threshold=0.5).to_pandas()
    assert {"start", "end", "strand", "p_mirna"} <= set(table.columns)
