# SPDX-License-Identifier: MIT
"""Training, evaluation, cross-validation, and the estimator of scikit-learn."""
import json
import os
import pickle
import subprocess

import pytest

import deepmirgene as dmg


def test_a_trained_model_tells_the_classes_apart(toy, quick, tmp_path):
    positive, negative = toy
    model = dmg.train(positive[:60], negative[:60], name="toy", **quick)
    assert model.name == "toy" and model.training["seed"] == 1
    again = dmg.train(positive[:60], negative[:60], name="toy", threads=2, **quick)
    held_out = positive[60:] + negative[60:]
    assert dmg.predict(held_out, again).to_list() == dmg.predict(held_out, model).to_list()
    values = dmg.evaluate(positive[60:], negative[60:], model)
    assert values["SE"] > 0.8 and values["AUPR"] > 0.95
    path = tmp_path / "toy.safetensors"
    model.save(path)
    assert repr(dmg.evaluate(positive[60:], negative[60:], path)) == repr(values)


def test_files_and_memory_give_one_model(toy, quick, tmp_path):
    positive, negative = toy
    paths = []
    for name, sequences in (("p.fa", positive), ("n.fa", negative)):
        paths.append(tmp_path / name)
        paths[-1].write_text("".join(f">{i}\n{s}\n" for i, s in enumerate(sequences, 1)))
    quick["epochs"] = 2
    of_files, of_memory = dmg.train(*paths, **quick), dmg.train(positive, negative, **quick)
    assert dmg.predict(positive, of_files).to_list() == dmg.predict(positive, of_memory).to_list()


def test_crossval_scores_every_record_once(toy, quick):
    positive, negative = toy
    result = dmg.crossval(positive, negative, folds=3, **quick)
    assert len(result["scores"]) == 160 and list(result["folds"]) == ["1", "2", "3"]
    assert result["labels"] == [True] * 80 + [False] * 80
    assert result["metrics"]["AUPR"] > 0.9


def test_crossval_is_that_of_the_program(toy, quick, tmp_path):
    program = os.environ.get("DMG_PROGRAM")
    if not program:
        pytest.skip("DMG_PROGRAM does not name the program")
    positive, negative = toy
    for name, sequences in (("p.fa", positive), ("n.fa", negative)):
        (tmp_path / name).write_text("".join(f">{name}{i}\n{s}\n" for i, s in enumerate(sequences)))
    (tmp_path / "groups.tsv").write_text("id\tgroup\n" + "".join(f"{name}{i}\t{i // 4}\n"
                                          for name in ("p.fa", "n.fa") for i in range(80)))
    words = [program, "crossval", "-p", tmp_path / "p.fa", "-n", tmp_path / "n.fa", "--recipe", "2016",
             "-e", "2", "--folds", "3", "--seed", "7", "--bootstrap", "0", "--figures", "none",
             "--groups", tmp_path / "groups.tsv", "-o", tmp_path / "out"]
    subprocess.run(words, check=True, stderr=subprocess.DEVNULL)
    rows = [line.split("\t") for line in (tmp_path / "out/predictions.tsv").read_text().splitlines()
            if not line.startswith("#")]
    titles = rows.pop(0)
    expected = {row[titles.index("id")]: row[titles.index("score")] for row in rows}
    result = dmg.crossval(tmp_path / "p.fa", tmp_path / "n.fa", folds=3, seed=7, recipe="2016",
                          epochs=2, groups=tmp_path / "groups.tsv")
    names = [f"{name}{i}" for name in ("p.fa", "n.fa") for i in range(80)]
    assert [f"{score:.9g}" for score in result["scores"]] == [expected[name] for name in names]
    metrics = json.loads((tmp_path / "out/metrics.json").read_text())["methods"][0]["metrics"]
    assert result["metrics"]["AUROC"] == pytest.approx(metrics["AUROC"]["value"], abs=1e-9)


def test_mistakes(toy):
    positive, negative = toy
    with pytest.raises(ValueError, match="loss"):
        dmg.train(positive, negative, loss="hinge")
    with pytest.raises(ValueError, match="folds"):
        dmg.crossval(positive, negative, folds=1)
    with pytest.raises(dmg.FormatError, match="position 2"):
        dmg.train(["A-"], ["ACGU"])
    with pytest.raises(dmg.RangeError, match="recipe"):
        dmg.train(positive, negative, recipe="1915")
    with pytest.raises(ValueError, match="labels"):
        dmg.metrics([0.5], [])


def test_metrics_by_hand():
    values = dmg.metrics([0.9, 0.8, 0.3, 0.1], [True, False, True, False])
    assert values["TP"] == 1 and values["FP"] == 1 and values["SE"] == 0.5
    assert values["AUROC"] == 0.75


def estimator(**options):
    pytest.importorskip("sklearn")
    return dmg.PreMiRNAClassifier(**options)


def test_estimator_in_a_grid_search(toy, quick):
    classifier = estimator(**quick)
    from sklearn.model_selection import GridSearchCV

    positive, negative = toy
    search = GridSearchCV(classifier, {"epochs": [1, 20]}, cv=2, scoring="accuracy")
    search.fit(positive + negative, [1] * 80 + [0] * 80)
    assert search.best_params_ == {"epochs": 20} and search.best_score_ > 0.8


def test_estimator_keeps_labels_and_pickles(toy, quick):
    numpy = pytest.importorskip("numpy")
    positive, negative = toy
    X = numpy.array(positive + negative).reshape(-1, 1)
    y = numpy.array(["pre"] * 80 + ["other"] * 80)
    classifier = estimator(**quick).fit(X, y)
    assert list(classifier.classes_) == ["other", "pre"]
    p = classifier.predict_proba(X)
    assert p.shape == (160, 2) and numpy.allclose(p.sum(axis=1), 1)
    assert (pickle.loads(pickle.dumps(classifier)).predict_proba(X) == p).all()
    assert classifier.score(X, y) > 0.9
    with pytest.raises(ValueError, match="classes"):
        estimator().fit(X, ["same"] * 160)


@pytest.mark.parametrize("name", [
    "check_no_attributes_set_in_init", "check_get_params_invariance", "check_set_params",
])
def test_estimator_checks_that_apply(name):
    """check_estimator itself feeds numbers; these checks of it need none."""
    classifier = estimator()
    from sklearn.utils import estimator_checks

    getattr(estimator_checks, name)(type(classifier).__name__, classifier)


def test_an_unfitted_estimator_says_so():
    classifier = estimator()
    from sklearn.exceptions import NotFittedError

    with pytest.raises(NotFittedError):
        classifier.predict(["ACGU"])
