"""The same command again under an id, and output that does not arrive: what is done is done, and said."""

from __future__ import annotations

import errno
import json
import sys

import pytest

from cli.edge import run
from cli.main import program
from tests.cli.conftest import JUDGED, REPORT, sets
from tests.cli.shell import Stream

NEW = ("new", "avvikelse", "--unit", "bjork", *sets(REPORT))


def events(town, reference):
    return len(town.json("chef", "log", reference))


def test_command_id__answers_what_was_answered_the_first_time(town):
    once = ("--command-id", "natt-1")
    assert town.do("usk", *NEW, *once) == town.do("usk", *NEW, *once) == "AVV-2026-0001\n"
    assert "Det var redan gjort" in town.run("usk", *NEW, *once).err
    assert len(town.json("chef", "cases")["cases"]) == 1


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ("chef", ("step", "AVV-2026-0001", "bedom", *sets(JUDGED))),
        ("chef", ("note", "AVV-2026-0001", "Hej", "--heading", "samtal", "--source", "Usk", "--fact")),
        ("usk", ("amend", "AVV-2026-0001", "--set", "art=risk", "--reason", "Fel")),
        ("chef", ("assign", "AVV-2026-0001", "usk")),
        ("chef", ("claim", "AVV-2026-0001")),
    ],
)
def test_command_id__makes_every_writing_command_harmless_to_repeat(town, login, words):
    town.report()
    first = town.json(login, *words, "--command-id", "x.1")
    before = events(town, "AVV-2026-0001")
    again = town.json(login, *words, "--command-id", "x.1")
    assert (first["repeated"], again["repeated"], again["seq"]) == (False, True, first["seq"])
    assert events(town, "AVV-2026-0001") == before


def test_command_id__attaches_a_file_once(town, tmp_path):
    town.report()
    file = tmp_path / "bild.txt"
    file.write_text("x")
    words = ("attach", "AVV-2026-0001", str(file), "--command-id", "bild")
    assert [town.json("usk", *words)["repeated"] for _ in range(2)] == [False, True]
    assert len(town.json("usk", "attach", "AVV-2026-0001")) == 1


def test_command_id__of_another_command_is_refused(town):
    town.do("usk", *NEW, "--command-id", "x")
    note = ("note", "AVV-2026-0001", "Hej", "--heading", "samtal", "--source", "Usk", "--fact")
    town.do("chef", *note, "--command-id", "y")
    for login, words in (
        ("kval", (*NEW, "--command-id", "x")),
        ("chef", ("claim", "AVV-2026-1", "--command-id", "y")),
    ):
        ended = town.run(login, *words)
        assert ended.code == 3
        assert "hör redan till ett annat kommando" in ended.err


@pytest.mark.parametrize("text", ["", "två ord", "å", "x" * 101])
def test_command_id__is_a_plain_word(town, text):
    assert town.run("usk", *NEW, "--command-id", text).code == 2


class Full(Stream):
    """A stream whose disk is full, or whose reader has left."""

    number = errno.ENOSPC
    is_written = False

    def flush(self):
        if self.is_written:
            raise OSError(self.number, "x")

    def write(self, text):
        self.is_written = True
        return len(text)

    def close(self):
        """Let go without a complaint: Python 3.13 tells of one that nobody catches."""
        self.is_written = False
        super().close()


def lost(town, monkeypatch, number, *words):
    """Run a command whose output cannot be written; give the exit code and what was said."""
    for name, value in town.env("usk").items():
        monkeypatch.setenv(name, value)
    out, err = Full(), Stream()
    out.number = number
    monkeypatch.setattr(sys, "stdin", Stream())
    monkeypatch.setattr(sys, "stdout", None if number is None else out)
    monkeypatch.setattr(sys, "stderr", err)
    return run(program, list(words)), err.text()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EPIPE, errno.EIO, None])
def test_output__that_is_lost_after_the_case_was_opened_tells_the_reference_elsewhere(
    town, monkeypatch, number
):
    code, said = lost(town, monkeypatch, number, "--quiet", *NEW)
    assert code == 0
    assert "AVV-2026-0001 är öppnat" in said
    assert "gjort och sparat" in said


def test_output__that_is_lost_is_json_for_who_wanted_json(town, monkeypatch):
    code, said = lost(town, monkeypatch, errno.ENOSPC, *NEW, "--json")
    error = json.loads(said)["error"]
    assert (code, error["kind"]) == (0, "output.lost")
    assert error["details"]["done"]["reference"] == "AVV-2026-0001"


def test_output__that_is_lost_where_nothing_was_done_is_a_fault(town, monkeypatch):
    assert lost(town, monkeypatch, errno.ENOSPC, "process", "list")[0] == 6


def test_talk__that_nobody_hears_does_not_keep_the_reference_back(town, monkeypatch):
    class Deaf(Stream):
        def write(self, text):
            raise OSError(errno.ENOSPC, "x")

    for name, value in town.env("usk").items():
        monkeypatch.setenv(name, value)
    out = Stream()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", Deaf())
    assert run(program, list(NEW)) == 0
    assert out.text() == "AVV-2026-0001\n"
