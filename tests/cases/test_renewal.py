"""Values with some parts changed: as `dataclasses.replace` makes them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from engine.cases.case import Case
from engine.cases.decision import Write
from engine.cases.event import Event
from engine.cases.renewal import renew
from engine.language.sentence import Words


@dataclass(frozen=True, slots=True)
class Checked:
    """A value that is looked at when it is made."""

    part: int

    def __post_init__(self):
        if self.part < 0:
            raise ValueError(self.part)


def a_case():
    return Case(
        reference="AVV-2026-0001", process="p", definition="d", state="s", seq=1, unit="u", reporter="r",
        opened_on="2026-01-01", recorded_at="", is_open=True, title=Words("Titel", "Title"),
    )  # fmt: skip


def test_renew__gives_what_replace_gives_and_leaves_the_value_as_it_was():
    case = a_case()
    changed = renew(case, state="t", seq=2)
    assert changed == replace(case, state="t", seq=2)
    assert (case.state, case.seq) == ("s", 1)
    assert renew(case) == case


def test_renew__refuses_a_part_that_is_not_there():
    with pytest.raises(KeyError):
        renew(a_case(), colour="red")


def test_renew__is_for_no_value_that_is_checked_when_it_is_made():
    with pytest.raises(TypeError):
        renew(Checked(1), part=-1)
    assert not any(hasattr(kind, "__post_init__") for kind in (Case, Event, Write))
