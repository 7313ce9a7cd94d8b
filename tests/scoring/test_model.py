"""The model file: read strictly, refused with a reason, written as it is read."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kleos.errors import ModelError
from kleos.scoring.model import Audience, Model, OddsTable, ScoreCurve, Weight, digest, load_model
from kleos.scoring.writing import model_text
from slow_twins.models import models
from slow_twins.small import MODEL

TEXT = model_text(MODEL)


def written(folder: Path, text: str) -> Path:
    file = folder / "model.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_model_that_ships_can_be_read_and_written(tmp_path: Path) -> None:
    shipped = load_model()
    assert load_model(written(tmp_path, model_text(shipped))) == shipped


@pytest.fixture(scope="module")
def one_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@settings(deadline=None, max_examples=25)
@given(model=models(), name=st.text(max_size=20), description=st.text(max_size=40))
def test_what_is_written_is_read_back_as_it_was(one_folder: Path, model: Model, name: str, description: str) -> None:
    model = attrs.evolve(model, name=name, description=description)
    assert load_model(written(one_folder, model_text(model))) == model


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ('name = "small"', "", "name", "this key is required"),
        ('name = "small"', 'nome = "small"', "nome", "unknown key"),
        ('version = "1"', "version = 1", "version", "expected a text"),
        ('window = "90d"', 'window = "soon"', "window", "expected"),
        ("[metrics.reach]\nweight = 1", "[metrics.reach]\nweight = -1", "metrics.reach", "at least 0"),
        ("[metrics.reach]\nweight = 1\nscale = 2", "[metrics.reach]\nweight = 1\nscale = 0", "metrics.reach", "above 0"),
        ("strength = [2, 4, 8, 16]", "strength = [2, 4, 4, 16]", "networks.birdsong.odds", "larger than the one before"),
        ("strength = [2, 4, 8, 16]", "strength = [0, 4, 8, 16]", "networks.birdsong.odds", "the first strength above 0"),
        ("strength = [2, 4, 8, 16]", "strength = [2, 4, 8]", "networks.birdsong.odds", "as many strengths as log-odds"),
        ("rho = 1\n", "rho = 0\n", "networks.birdsong", "above 0"),
        ('[networks."*"', '[networks."other"', "", 'expected a table [networks."*"]'),
        ("a = 4", "a = inf", "score", "finite"),
    ],
)
def test_a_broken_model_is_refused_with_its_place_and_reason(tmp_path: Path, old: str, new: str, place: str, message: str) -> None:
    assert old in TEXT
    file = written(tmp_path, TEXT.replace(old, new))
    with pytest.raises(ModelError) as caught:
        load_model(file)
    assert place in caught.value.message
    assert message in caught.value.message
    assert caught.value.where == str(file)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "name = ", "[", "name = 'x'\nname = 'x'"])
def test_what_is_no_model_at_all_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ModelError):
        load_model(written(tmp_path, text))


def test_a_model_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        load_model(tmp_path / "none.toml")
    (tmp_path / "model.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match="not TOML"):
        load_model(tmp_path / "model.toml")


@pytest.mark.parametrize(
    "make",
    [
        lambda: Weight(weight=float("nan")),
        lambda: OddsTable(strength=(1, 2), log_odds=(1, float("nan"))),
        lambda: OddsTable(strength=(1,), log_odds=(1,)),
        lambda: ScoreCurve(a=1, b=1, log_odds=(0, 1), score=(1, 50)),
        lambda: ScoreCurve(a=1, b=1, log_odds=(0, 1), score=(50, 100)),
        lambda: Audience(followers=(-1, 5), share=(0, 1)),
        lambda: Audience(followers=(0, 5), share=(0, 1.5)),
        lambda: OddsTable(strength=(1, float("inf")), log_odds=(1, 2)),
        lambda: ScoreCurve(a=1, b=1, log_odds=(float("-inf"), 1), score=(2, 50)),
    ],
)
def test_numbers_that_break_a_promise_make_no_model(make: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        make()  # type: ignore[operator]


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": [1.5, "é"]}) == digest({"b": [1.5, "é"], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
