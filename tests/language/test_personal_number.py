"""Personal identity numbers in free text. The numbers are those that Skatteverket publishes for tests, or made here."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnummer import personnummer

from engine.language.personal_number import find_personal_numbers, spot_personal_numbers


def whole(nine: str) -> str:
    """Nine digits with their check digit."""
    total = sum(sum(map(int, str(int(digit) * (2 - place % 2)))) for place, digit in enumerate(nine))
    return nine + str(-total % 10)


@given(
    st.dates(date(1920, 1, 1), date(2025, 12, 31)), st.integers(1, 999), st.booleans(),
    st.sampled_from(["", "-", " - "]), st.booleans(),
)  # fmt: skip
def test_find__what_the_law_describes(
    born: date, number: int, coordinated: bool, between: str, long: bool
) -> None:
    """Every number is found, in either length, wherever in a sentence, and shown by its year alone."""
    day = born.day + (60 if coordinated else 0)
    ten = whole(f"{born:%y%m}{day:02}{number:03}")
    said = f"{born:%Y}"[:2] * long + ten[:6] + between + ten[6:]
    (found,) = find_personal_numbers(f"Den boende ({said}) föll.")
    assert found.masked == f"{said[: 4 if long else 2]}xxxx-xxxx"


@given(st.from_regex(r"\A(19|20)?[0-9]{6}-?[0-9]{4}\Z"))
def test_find__agrees_with_another_detector(text: str) -> None:
    """What stands alone is a number exactly when another library says so."""
    assert bool(find_personal_numbers(text)) == personnummer.valid(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ring 0701234567", "2026-03-01 22:15", "AVV-2026-0017", "811218-9877", "811318-9876", "1234567890123456",
        "8112189876543", "risk 12 av 16",
    ],
)  # fmt: skip
def test_find__what_is_none(text: str) -> None:
    """Telephone numbers, days, references, a wrong check digit and long numbers are none."""
    assert not find_personal_numbers(text)


def test_find__several() -> None:
    """Each is found."""
    assert len(find_personal_numbers("811218-9876 och 19811218-9876, samt 811218+9876")) == 3


def test_spot__finds_texts_however_deep_and_shows_them_masked() -> None:
    """The path leads to the text, and what is shown has the words around it but no number."""
    deep = {
        "a": "Inget här",
        "rader": [{"b": 1, "c": ["x", "Om 19121212-1212, igen\n191212121212."]}],
        "d": None,
    }
    (found,) = spot_personal_numbers(deep)
    assert found.path == ("rader", 0, "c", 1)
    assert found.excerpt == "Om 1912xxxx-xxxx, igen 1912xxxx-xxxx."
    assert found.masked == ("1912xxxx-xxxx", "1912xxxx-xxxx")


def test_spot__leaves_out_what_is_far_from_a_number() -> None:
    """A long text is shown near its numbers only."""
    (found,) = spot_personal_numbers(f"{'a' * 100} 19121212-1212 {'b' * 200} 121212-1212 {'c' * 100}")
    assert found.excerpt == f"…{'a' * 39} 1912xxxx-xxxx {'b' * 39} … {'b' * 39} 12xxxx-xxxx {'c' * 39}…"
