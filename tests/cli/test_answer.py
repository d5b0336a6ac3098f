"""Answers at a prompt: by number, code, label or a part of it; what is no answer says why."""

from __future__ import annotations

from datetime import date

import pytest

from cli.answer import Narrowed, Unclear, is_yes, matching, read_answer
from engine.language.sentence import Words
from engine.service.result import Choice, FormField

TODAY = date(2026, 11, 22)
KINDS = (
    Choice("negativ_handelse", Words("Något hände", "Something happened")),
    Choice("tillbud", Words("Det var nära", "Near miss")),
    Choice("risk", Words("Det kan hända", "It may happen")),
)
SCALE = tuple(Choice(str(n), Words(f"Grad {n}", f"Degree {n}")) for n in (4, 3, 2, 1))


def field(type="choice", *, choices=(), **settings):
    return FormField("art", Words("Art", "Kind"), type, required=True, choices=choices, **settings)


@pytest.mark.parametrize("text", ["2", "tillbud", "Det var nära", "near miss", "nära", "TILLB"])
def test_read_answer__finds_a_choice_by_whatever_names_it(text):
    assert read_answer(field(choices=KINDS), text, TODAY) == "tillbud"


def test_read_answer__takes_the_code_of_a_scale_and_not_its_place():
    assert read_answer(field("scale", choices=SCALE), "4", TODAY) == "4"


def test_read_answer__takes_several_where_several_may_be_chosen():
    assert read_answer(field("choices", choices=KINDS, multiple=True), "1, risk", TODAY) == [
        "negativ_handelse",
        "risk",
    ]


def test_read_answer__narrows_down_when_a_word_fits_several():
    with pytest.raises(Narrowed) as several:
        read_answer(field(choices=KINDS), "hän", TODAY)
    assert several.value.choices == (0, 2)


@pytest.mark.parametrize("text", ["9", "0", "okänt", "-1"])
def test_read_answer__says_what_is_no_choice(text):
    with pytest.raises(Unclear) as unclear:
        read_answer(field(choices=KINDS), text, TODAY)
    assert unclear.value.why.id == "cli.ask.no_choice"


def test_read_answer__takes_vet_inte_only_where_it_is_an_answer():
    assert read_answer(field(choices=KINDS, unknown_allowed=True), "?", TODAY) == "?"
    with pytest.raises(Unclear) as unclear:
        read_answer(field(choices=KINDS), "?", TODAY)
    assert unclear.value.why.id == "cli.ask.no_unknown"


@pytest.mark.parametrize(("text", "raw"), [("j", "ja"), ("Yes", "ja"), ("nej", "nej"), ("N", "nej")])
def test_read_answer__reads_yes_and_no_in_both_languages(text, raw):
    assert read_answer(field("yes_no"), text, TODAY) == raw


@pytest.mark.parametrize(
    ("type", "text", "message"),
    [
        ("yes_no", "kanske", "cli.ask.yes_no"),
        ("date", "i våras", "cli.ask.date"),
        ("datetime", "nyss", "cli.ask.datetime"),
        ("period", "i mars", "cli.ask.period"),
    ],
)
def test_read_answer__says_how_each_type_is_written(type, text, message):
    with pytest.raises(Unclear) as unclear:
        read_answer(field(type), text, TODAY)
    assert unclear.value.why.id == message


def test_read_answer__reads_days_times_and_periods():
    assert read_answer(field("date"), "igår", TODAY) == "2026-11-21"
    assert read_answer(field("datetime"), "igår 14:30", TODAY) == "2026-11-21T14:30"
    assert read_answer(field("datetime"), "1/11 till 5/11", TODAY) == "2026-11-01..2026-11-05"


def test_read_answer__leaves_text_as_it_was_written():
    assert read_answer(field("text"), ' Hon sa "nej", {så} där? ', TODAY) == 'Hon sa "nej", {så} där?'


def test_is_yes__gives_the_default_for_nothing_and_none_for_neither():
    assert (is_yes("", True), is_yes(" ", False), is_yes("vet ej", True)) == (True, False, None)


def test_matching__prefers_what_is_called_exactly_so():
    choices = (Choice("fall", Words("Fall", "Fall")), Choice("fall_egen", Words("Fall, egen", "Fall, own")))
    assert matching(choices, "fall") == (0,)
