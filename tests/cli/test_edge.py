"""The edge: what is wrong, refused, not found or broken becomes one sentence and the right exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cli.command import Command, Group
from cli.exit import Exit, code_of
from engine import errors
from engine.cases.decision import Fault, Refusal
from engine.errors import (
    ConcurrentChangeError,
    DatabaseMissingError,
    HjulError,
    PairError,
    RefusedError,
    UnknownActorError,
    UnknownCaseError,
)
from engine.language.sentence import Words, sentence
from tests.cli.shell import hjul

ROOT = Path(__file__).parents[2]
CLOSE = Words("Avsluta", "Close")
EFFECT = Words("Effekt", "Effect")


def guarded(*reasons, faults=(), kind="guard"):
    return RefusedError(Refusal(kind, reasons, faults, "avsluta", CLOSE))


LACKS = sentence("when.lacks", name="ÅTG-2026-0031", fields=(EFFECT,))
MISSING = Fault("effekt", EFFECT, sentence("value.required"), (("ja", Words("Ja", "Yes")),))


def ending(error):
    """A program whose only command ends so."""

    @click.command("end", cls=Command)
    def end():
        raise error

    group = Group("hjul")
    group.add_command(end)
    return group


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (guarded(LACKS), 3),
        (guarded(faults=(MISSING,), kind="missing"), 3),
        (guarded(faults=(MISSING,), kind="input"), 2),
        (UnknownCaseError("AVV-2026-0099"), 4),
        (errors.UnknownUnitError("x", ()), 4),
        (errors.UnknownPersonError("x"), 4),
        (ConcurrentChangeError("AVV-2026-0001", 3, 4, ()), 5),
        (DatabaseMissingError("hjul.sqlite"), 6),
        (errors.BrokenLinkError("x", 1, "a", "b"), 6),
        (UnknownActorError("x"), 3),
        (errors.NotAdministratorError("P1"), 3),
        (PairError("x"), 2),
        (errors.DefinitionError(()), 2),
    ],
    ids=lambda value: getattr(value, "kind", value),
)
def test_code_of__gives_scripts_the_promised_code(error, code):
    assert code_of(error) == code


def test_edge__says_why_a_step_cannot_be_taken(monkeypatch):
    ended = hjul(monkeypatch, "end", program=ending(guarded(LACKS)))
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "Kan inte avslutas: ÅTG-2026-0031 saknar effekt.\n"


def test_edge__lists_every_reason_and_every_field_with_its_choices(monkeypatch):
    ended = hjul(monkeypatch, "end", "--lang", "en", program=ending(guarded(LACKS, faults=(MISSING,))))
    assert ended.err == (
        "Cannot close:\n"
        "  - ÅTG-2026-0031 lacks effect.\n"
        "  - Effect (effekt): must be given\n"
        "      To choose from: ja = Yes\n"
    )


def test_edge__gives_programs_the_parts_of_a_refusal(monkeypatch):
    ended = hjul(monkeypatch, "end", "--json", program=ending(guarded(LACKS, faults=(MISSING,))))
    error = json.loads(ended.err)["error"]
    assert error["kind"] == "refused"
    assert error["message"].startswith("Kan inte avslutas")
    assert error["details"] == {
        "refusal": "guard",
        "step": "avsluta",
        "reasons": ["ÅTG-2026-0031 saknar effekt"],
        "faults": [{"field": "effekt", "label": "Effekt", "why": "måste anges", "choices": ["ja"]}],
    }


def test_edge__adds_the_notes_of_an_error(monkeypatch):
    error = guarded(LACKS)
    error.add_note("Utkast 3 är sparat.")
    ended = hjul(monkeypatch, "end", program=ending(error))
    assert ended.err.endswith("Utkast 3 är sparat.\n")


def test_edge__says_a_bug_in_one_sentence_without_what_people_wrote(monkeypatch):
    ended = hjul(monkeypatch, "end", program=ending(KeyError("HEMLIGT")))
    assert (ended.code, ended.out) == (1, "")
    assert "KeyError" in ended.err
    assert "HEMLIGT" not in ended.err
    assert "Traceback" not in ended.err


def test_edge__shows_the_traceback_of_a_bug_to_those_who_ask(monkeypatch):
    monkeypatch.setenv("HJUL_DEBUG", "1")
    ended = hjul(monkeypatch, "end", program=ending(KeyError("x")))
    assert "Traceback" in ended.err


def test_edge__gives_programs_a_bug_as_json(monkeypatch):
    ended = hjul(monkeypatch, "end", "--json", program=ending(ZeroDivisionError()))
    assert json.loads(ended.err)["error"]["kind"] == "unexpected"


def test_edge__says_what_the_system_says_of_a_file(monkeypatch):
    ended = hjul(monkeypatch, "end", program=ending(PermissionError(13, "Permission denied", "x.csv")))
    assert ended.code == 6
    assert "x.csv" in ended.err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), EOFError(), click.Abort()], ids=type)
def test_edge__is_quiet_when_somebody_leaves(monkeypatch, error):
    ended = hjul(monkeypatch, "end", program=ending(error))
    assert (ended.code, ended.out, ended.err.strip()) == (130, "", "")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["taks"], "Kommandot taks finns inte. Menade du tasks?"),
        (["tasks", "--mien"], "Flaggan --mien finns inte. Menade du --mine?"),
        (["show"], "REF saknas."),
        (["show", "AVV-2026-0001", "x", "y"], "Kommandot tar inte emot x och y; text med mellanslag"),
        (["tasks", "--limit", "många"], "--limit: skriv ett heltal, minst 1."),
        (["cases", "--by", "now"], "--by: välj happened eller recorded."),
        (["tasks", "--role"], "Flaggan --role är skriven med fel antal värden."),
        (["--lang", "fi", "tasks"], "--lang: välj sv eller en."),
        (["note", "AVV-2026-0001", "text", "--source", "x", "--fact"], "--heading saknas."),
    ],
    ids=str,
)
def test_edge__explains_what_is_typed_wrongly_in_swedish(monkeypatch, args, said):
    ended = hjul(monkeypatch, *args)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert "--help" in ended.err


def test_edge__explains_wrong_usage_in_english_wherever_the_language_stands(monkeypatch):
    ended = hjul(monkeypatch, "taks", "--lang=en")
    assert ended.err.startswith("There is no command taks. Did you mean tasks?")


def test_edge__gives_wrong_usage_as_json(monkeypatch):
    ended = hjul(monkeypatch, "taks", "--json")
    assert json.loads(ended.err)["error"]["kind"] == "usage"


def leaf_errors(base=HjulError):
    below = [one for sub in base.__subclasses__() for one in leaf_errors(sub)]
    return [*below, base] if "__init__" in vars(base) or not base.__subclasses__() else below


def test_errors__each_have_a_sentence_in_both_languages_and_an_exit_code():
    from engine.language.catalogue import catalogue

    lacking = [
        (error.kind, language)
        for error in leaf_errors()
        for language in ("sv", "en")
        if f"error.{error.kind}" not in catalogue(language)
        and error.__module__.startswith(("engine.", "cli."))
    ]
    assert lacking == []


def test_exit__has_the_codes_of_the_contract():
    assert [int(code) for code in Exit] == [0, 1, 2, 3, 4, 5, 6, 130]
    assert [code.name for code in Exit][:4] == ["DONE", "BUG", "USAGE", "REFUSED"]


# --- real processes, since these are about what the operating system does ---------------------------------


def start(*args, **settings):
    return subprocess.Popen(
        [sys.executable, "-c", "from cli.main import main; main()", *args], cwd=ROOT, text=True, **settings
    )


def test_edge__is_quiet_when_the_reader_of_its_output_has_left():
    reading, writing = os.pipe()
    os.close(reading)
    with start("--help", stdout=writing, stderr=subprocess.PIPE) as process:
        os.close(writing)
        assert process.communicate(timeout=20)[1] == ""
        assert process.returncode == 0


def test_edge__is_quiet_when_stdout_is_closed():
    code = "import sys; sys.stdout = None; sys.argv = ['hjul', '--help']; from cli.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_completion__offers_commands_without_importing_them(monkeypatch):
    monkeypatch.setenv("_HJUL_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "hjul ta")
    monkeypatch.setenv("COMP_CWORD", "1")
    ended = hjul(monkeypatch)
    assert (ended.code, ended.out, ended.err) == (0, "plain,tasks\n", "")


def test_completion__is_silent_when_there_is_no_database(monkeypatch):
    def no_app(session):
        raise DatabaseMissingError("x")

    monkeypatch.setenv("_HJUL_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "hjul show AVV")
    monkeypatch.setenv("COMP_CWORD", "2")
    ended = hjul(monkeypatch, open_app=no_app)
    assert (ended.out, ended.err) == ("", "")


def test_interrupt__ends_the_process_quietly():
    code = (
        "import os, signal, sys, click\n"
        "from cli.command import Command, Group\n"
        "from cli.edge import run\n"
        "group = Group('hjul')\n"
        "group.add_command(click.command('end', cls=Command)(lambda: os.kill(os.getpid(), signal.SIGINT)))\n"
        "sys.exit(run(group, ['end']))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert ended.returncode == 128 + signal.SIGINT
    assert (ended.stdout, ended.stderr.strip()) == ("", "")
