"""Personal identity numbers in what people type: asked about at a terminal, warned of in a pipe, kept nowhere else.

The number is one that Skatteverket publishes for tests.
"""

from __future__ import annotations

import json
import sqlite3

from tests.cli.conftest import JUDGED, REPORT, sets

NUMBER = "19121212-1212"
MASKED = "1912xxxx-xxxx"
TEXT = f"Den boende ({NUMBER}) fick fel dos"
GIVEN = ("new", "avvikelse", "--unit", "bjork")


def typing(town, *lines, login="usk", args=GIVEN, values=None):
    """Give everything on the command line, type lines at the questions that come."""
    typed = "".join(f"{one}\n" for one in lines)
    return town.run(login, *args, *sets(values or {}), typed=typed, terminal=True)


def report(town, *lines, text=TEXT, more=()):
    return typing(town, *lines, args=(*GIVEN, *more), values=REPORT | {"handelse": text})


def told(town, reference="AVV-2026-0001"):
    return town.json("usk", "show", reference)["fields"]["handelse"]


def everything(town):
    """All that the database holds, as text."""
    with sqlite3.connect(town.database) as database:
        found = "\n".join(database.iterdump())
    database.close()
    return found


def test_terminal__shows_where_it_stands_and_enter_changes_it(town):
    ended = report(town, "", "Den boende fick fel dos")
    assert ended.out == "AVV-2026-0001\n"
    assert f"Händelse: Den boende ({MASKED}) fick fel dos" in ended.err
    assert "Det här ser ut som ett personnummer" in ended.err
    assert NUMBER not in ended.err
    assert told(town) == "Den boende fick fel dos"
    assert NUMBER not in everything(town)


def test_terminal__sends_it_by_a_word_alone(town):
    ended = report(town, "j", "n", "skicka")
    assert ended.code == 0
    assert ended.err.count("Enter ändrar texten") == 3
    assert told(town) == TEXT


def test_terminal__asks_again_of_what_still_has_one(town):
    ended = report(town, "", "", "ändra", f"Hen, {NUMBER}", "s")
    assert ended.code == 0
    assert ended.err.count("Det här ser ut som ett personnummer") == 3
    assert told(town) == f"Hen, {NUMBER}"


def test_terminal__sends_nothing_when_the_person_leaves(town):
    assert report(town).code == 130  # the end of what is typed, as Ctrl-D
    assert NUMBER not in everything(town)


def test_terminal__does_not_ask_about_what_is_refused_anyhow(town):
    reference = town.report()
    ended = typing(
        town, "n", args=("step", reference, "bedom"), values=JUDGED | {"motivering": TEXT}, login="usk"
    )
    assert ended.code in (2, 3)
    assert "personnummer" not in ended.err


def test_terminal__looks_at_the_answers_that_are_typed_and_at_the_comment(town):
    answers = ("nej", TEXT, "igår 14:30", "sol", "Ringde", "2", "?", "")
    ended = typing(
        town, *answers, "skicka", "", "Tack", args=("new", "avvikelse", "--comment", f"Se {NUMBER}")
    )
    assert ended.code == 0
    assert f"Kommentaren: Se {MASKED}" in ended.err
    assert [row["comment"] for row in town.json("usk", "log", "AVV-2026-0001")] == ["Tack"]


def test_option__sends_without_a_question_or_a_warning(town):
    for terminal in (True, False):
        ended = town.run(
            "usk", *GIVEN, *sets(REPORT | {"handelse": TEXT}), "--personal-numbers", terminal=terminal
        )
        assert ended.code == 0
        assert "personnummer" not in ended.err


def test_pipe__warns_and_sends(town):
    ended = town.run("usk", *GIVEN, *sets(REPORT | {"handelse": TEXT, "plats": f"{NUMBER}, {NUMBER}"}))
    assert (ended.code, ended.out) == (0, "AVV-2026-0001\n")
    said = " ".join(ended.err.split())
    assert f"Obs: Händelse: texten innehåller vad som ser ut som ett personnummer ({MASKED})" in said
    assert f"som ser ut som 2 personnummer ({MASKED} och {MASKED})" in said
    assert NUMBER not in ended.err


def test_pipe__tells_programs_in_the_result(town):
    shape = json.loads(town.do("usk", *GIVEN, *sets(REPORT | {"handelse": TEXT}), "--json", "--lang", "en"))
    assert shape["warnings"] == [
        f"Event: the text holds what looks like a personal identity number ({MASKED})"
    ]
    assert town.json("usk", *GIVEN, *sets(REPORT))["warnings"] == []


def test_draft__is_asked_about_when_it_goes_on(town):
    town.run("usk", "new", "avvikelse", "--save-draft", *sets(REPORT | {"handelse": TEXT}))
    ended = typing(town, "sol", "", "skicka", args=("draft", "continue", "1"))
    assert ended.code == 0
    assert "Det här ser ut som ett personnummer" in ended.err
    assert told(town) == TEXT


def test_note__and_amend_ask_too(town):
    reference = town.report()
    codes = [one["code"] for step in town.json("chef", "step", reference) for one in step["headings"]]
    note = ("note", reference, "--heading", codes[0], "--source", f"Dotter till {NUMBER}", "--fact")
    ended = typing(town, "", "Hon såg det", "", "Dottern", args=(*note, f"Om {NUMBER}"), login="chef")
    assert ended.code == 0
    assert f"Källan: Dotter till {MASKED}" in ended.err
    ended = typing(
        town, "", "Fel ord", args=("amend", reference, "--set", "plats=Köket", "--reason", f"Gällde {NUMBER}")
    )
    assert ended.code == 0
    assert f"Skälet: Gällde {MASKED}" in ended.err
    assert NUMBER not in everything(town)


def test_terminal__speaks_english(town):
    ended = report(town, "send", more=("--lang", "en"))
    assert ended.code == 0
    assert "This looks like a personal identity number" in ended.err
    assert "Change or send? [C/send]" in ended.err


def test_deadline__looks_at_its_reason_before_it_writes(town):
    report(town, text="Fel dos")
    args = ("deadline", "pause", "avv-2026-1", "bedom", "--reason", f"Vi väntar på {NUMBER}")
    ended = town.run("chef", *args, typed="\nVi väntar på svar\n", terminal=True)
    assert ended.code == 0, ended.err
    assert f"Skälet: Vi väntar på {MASKED}" in ended.err
    assert NUMBER not in everything(town)
    piped = town.run("chef", "deadline", "resume", "avv-2026-1", "bedom", "--reason", f"Svar om {NUMBER} kom")
    assert piped.code == 0
    assert MASKED in piped.err
    assert "Det här ser ut" not in town.run("chef", *args, "--personal-numbers", terminal=True).err
