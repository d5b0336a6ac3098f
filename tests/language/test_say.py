"""Saying: sentences, lists, numbers and times in both languages; what people wrote stays as they wrote it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.catalogue import fill
from engine.language.moment import format_day, format_instant, format_number
from engine.language.say import begin_small, cannot, say, say_line, say_list
from engine.language.sentence import Words, clip, sentence

EFFECT = Words("Bedömd effekt", "Judged effect")
BASIS = Words("Underlag", "Basis")


def test_say__names_what_a_linked_case_lacks():
    lacks = sentence("when.lacks", name="ÅTG-2026-0031", fields=(EFFECT,))
    assert f"{cannot(Words('Avsluta', 'Close'))}: {say_line(lacks)}" == (
        "Kan inte avslutas: ÅTG-2026-0031 saknar bedömd effekt."
    )
    assert f"{cannot(Words('Avsluta', 'Close'), 'en')}: {say_line(lacks, 'en')}" == (
        "Cannot close: ÅTG-2026-0031 lacks judged effect."
    )


@pytest.mark.parametrize(
    ("sv", "said"),
    [
        ("Avsluta", "Kan inte avslutas"),
        ("Påbörja utredning", "Steget ”Påbörja utredning” kan inte tas"),
        ("Bedöm", "Steget ”Bedöm” kan inte tas"),
    ],
)
def test_cannot__makes_a_passive_only_of_a_verb_that_stands_alone(sv, said):
    assert cannot(Words(sv, "Anything")) == said


def test_say__joins_a_list_as_people_do():
    fields = (EFFECT, BASIS, Words("Motivering", "Reason"))
    assert (
        say(sentence("when.filled", fields=fields)) == "Bedömd effekt, Underlag och Motivering ska fyllas i"
    )
    assert (
        say(sentence("when.filled", fields=fields), "en")
        == "Judged effect, Basis and Reason must be filled in"
    )


def test_say__joins_alternatives_with_or():
    either = sentence("when.one_of", field=EFFECT, value=(Words("Ja", "Yes"), Words("Delvis", "Partly")))
    assert say(either) == "Bedömd effekt ska vara Ja eller Delvis"
    assert say(either, "en") == "Judged effect must be Yes or Partly"


def test_say__begins_each_of_a_list_small_inside_a_sentence():
    fields = (EFFECT, Words("HSL-del", "HSL part"), BASIS)
    assert (
        say(sentence("when.lacks", name="X-1", fields=fields))
        == "X-1 saknar bedömd effekt, HSL-del och underlag"
    )


def test_say__nests_sentences():
    inner = sentence("when.filled", fields=(EFFECT,))
    both = sentence("when.all", parts=(inner, sentence("when.is_final")))
    assert say(both) == "Bedömd effekt ska fyllas i och ärendet ska vara avslutat"


def test_say__counts_with_singular_and_plural():
    kind = Words("Åtgärd", "Measure")
    assert say(sentence("when.linked", kind=kind, count=1)) == "det ska finnas minst en koppling ”Åtgärd”"
    assert say(sentence("when.linked", kind=kind, count=3)) == "det ska finnas minst 3 kopplingar ”Åtgärd”"
    assert say(sentence("when.taken", step=EFFECT, times=2), "en").endswith("at least 2 times")


def test_say__shows_the_id_of_a_sentence_that_is_in_no_catalogue():
    assert say(sentence("no.such.sentence", x=1)) == "no.such.sentence"


def test_say__leaves_a_slot_visible_when_its_argument_is_not_given():
    assert say(sentence("when.lacks", name="AVV-2026-0001")) == "AVV-2026-0001 saknar {fields:lower}"


@pytest.mark.parametrize(
    ("thing", "sv", "en"),
    [
        (True, "ja", "yes"),
        (Decimal("2.50"), "2,50", "2.50"),
        (12345, "12345", "12345"),
        (date(2026, 3, 1), "2026-03-01", "2026-03-01"),
        (datetime(2026, 7, 1, 12, 0, tzinfo=UTC), "2026-07-01 14:00", "2026-07-01 14:00"),
        (None, "", ""),
        ((), "", ""),
        (("a", "b"), "a och b", "a and b"),
        ("hjälp", "hjälp", "hjälp"),
    ],
)
def test_say__speaks_each_kind_of_argument(thing, sv, en):
    assert (say(thing), say(thing, "en")) == (sv, en)


def test_say__is_swedish_in_a_language_nobody_speaks():
    assert say(sentence("word.yes"), "fi") == "ja"


@given(st.text())
def test_say__repeats_what_people_wrote_to_the_letter(text):
    assert say(sentence("when.lacks", name=text, fields=("x",))) == f"{text} saknar x"


@given(st.text(alphabet="{}ab:", max_size=20))
def test_fill__puts_in_once_and_never_looks_at_what_it_put_in(text):
    assert fill("<{a}>", lambda name, form: text) == f"<{text}>"


def test_fill__says_doubled_braces_as_single():
    assert fill("{{a}} {a:or}", lambda name, form: f"{name}/{form}") == "{a} a/or"


@pytest.mark.parametrize(
    ("text", "line"), [("klart", "Klart."), ("Vad?", "Vad?"), ("så här:", "Så här:"), ("", "")]
)
def test_say_line__stands_alone(text, line):
    assert say_line(text) == line


def test_say_line__leaves_what_somebody_typed_as_it_was():
    assert say_line(sentence("error.unknown_actor.not_begun", login="anna", day="2026-03-01")).startswith(
        "anna är"
    )
    assert say_line(sentence("error.not_found.code", field=Words("skada", "harm"), name="x")).startswith(
        "Skada har"
    )
    assert say_line("redan sagt") == "Redan sagt."


def test_say_list__leaves_out_what_says_nothing():
    assert say_list(("a", None, "", "b")) == "a och b"


@pytest.mark.parametrize(("text", "small"), [("Effekt", "effekt"), ("HSL-del", "HSL-del"), ("", "")])
def test_begin_small__keeps_abbreviations(text, small):
    assert begin_small(text) == small


def test_format_instant__follows_summer_time_and_shows_seconds_when_asked():
    assert format_instant("2026-01-05T12:00:05.000000Z", seconds=True) == "2026-01-05 13:00:05"
    assert format_instant("2026-07-05T12:00:05.000000Z") == "2026-07-05 14:00"


def test_format_instant__gives_back_what_is_no_instant():
    assert format_instant("i våras") == "i våras"


def test_format_day__and_number__take_what_a_case_may_hold():
    assert (format_day("2026-03-01"), format_day(date(26, 3, 1))) == ("2026-03-01", "0026-03-01")
    assert (format_number(0.5), format_number(2.5, "en")) == ("0,5", "2.5")


def test_clip__shows_that_something_is_left_out():
    assert clip("a" * 60) == "a" * 60
    assert clip("a" * 61) == "a" * 59 + "…"
