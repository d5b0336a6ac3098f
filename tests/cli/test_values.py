"""`--set` and `--from`: what was given reaches the engine as it was written, and `--set` wins."""

from __future__ import annotations

import pytest

from cli.mistake import InputFileError, InputFormError
from cli.values import read_values
from engine.errors import PairError


def test_read_values__lets_set_win_over_the_file(tmp_path):
    file = tmp_path / "report.yaml"
    file.write_text("art: tillbud\nhandelse: Föll\n", "utf-8")
    assert read_values(("art=risk",), str(file)) == {"art": "risk", "handelse": "Föll"}


def test_read_values__keeps_yaml_as_it_was_written(tmp_path):
    file = tmp_path / "report.yaml"
    file.write_text(
        "fara_nu: no\nintraffade: 2026-03-01\nantal: 1.10\norsaker:\n  - omrade: rutin\n    text: on\n",
        "utf-8",
    )
    assert read_values((), str(file)) == {
        "fara_nu": "no",
        "intraffade": "2026-03-01",
        "antal": "1.10",
        "orsaker": [{"omrade": "rutin", "text": "on"}],
    }


def test_read_values__takes_json_with_exact_decimals(tmp_path):
    file = tmp_path / "report.json"
    file.write_text('{"antal": 1.10, "fara_nu": true, "lagrum": ["hsl", "sol"]}', "utf-8")
    assert read_values((), str(file)) == {"antal": "1.10", "fara_nu": True, "lagrum": ["hsl", "sol"]}


def test_read_values__reads_what_is_piped_in(monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("art: risk"))
    assert read_values((), "-") == {"art": "risk"}


def test_read_values__begins_a_new_row_where_a_column_comes_again():
    assert read_values(("orsaker.+.text=a", "orsaker.+.omrade=x", "orsaker.+.text=b"), None) == {
        "orsaker.+1.text": "a",
        "orsaker.+1.omrade": "x",
        "orsaker.+2.text": "b",
    }


def test_read_values__keeps_equals_signs_in_the_value():
    assert read_values(("text=a=b",), None) == {"text": "a=b"}


def test_read_values__refuses_a_pair_that_is_none():
    with pytest.raises(PairError):
        read_values(("tillbud",), None)


@pytest.mark.parametrize("text", ["- a\n- b\n", "bara text", "a: [1\n", "a: 1\na: 2\n"])
def test_read_values__refuses_what_is_no_fields_and_values(tmp_path, text):
    file = tmp_path / "x.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputFormError):
        read_values((), str(file))


def test_read_values__refuses_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "latin.yaml").write_bytes(b"text: f\xf6ll")
    for name in ("missing.yaml", "latin.yaml"):
        with pytest.raises(InputFileError):
            read_values((), str(tmp_path / name))
