"""What a problem is called: in words of the reader's, one and several, with the database's own names behind."""

from __future__ import annotations

from typing import Any

import pytest

from engine.audit import wording
from engine.audit.problem import NOT_PROVED, Findings
from engine.language.catalogue import catalogue
from engine.language.say import say, say_line
from engine.store.tables import metadata

SAID: dict[str, tuple[str, int | None, str, dict[str, Any]]] = {
    "AVV-2026-0001, rad 3: Rad 2 saknas.": ("AVV-2026-0001", 3, "gap", {"first": "2", "last": "2"}),
    "AVV-2026-0001, rad 2: Rad 2 till 4 saknas.": ("AVV-2026-0001", 2, "gap", {"first": "2", "last": "4"}),
    "AVV-2026-0001: Kopplingarna (links): 1 rad saknas.": (
        "AVV-2026-0001", None, "rows", {"table": "links", "missing": "1", "surplus": "0"},
    ),
    "AVV-2026-0001: Fristerna (deadlines): 2 rader saknas och 1 rad finns som historiken inte ger.": (
        "AVV-2026-0001", None, "rows", {"table": "deadlines", "missing": "2", "surplus": "1"},
    ),
    "organisationen: Enheterna (units): uppgifterna är andra än de som historiken ger för a.": (
        "organisation:organisation", None, "register", {"table": "units", "keys": ("a",), "more": "0"},
    ),
    "organisationen: Medarbetarna (persons): uppgifterna är andra än de som historiken ger för a och b och 3 till.": (
        "organisation:organisation", None, "register", {"table": "persons", "keys": ("a", "b"), "more": "3"},
    ),
    "numreringen av ärenden: 1 ärende saknas helt: AVV-2026-0002.": (
        "counters", None, "lost_references", {"references": ("AVV-2026-0002",), "count": "1"},
    ),
    "processen avvikelse: Definitionens uppgifter (version 1) stämmer inte med det som publicerades: "
    "om versionen gäller (is_current).": (
        "process:avvikelse", None, "definition_columns", {"version": "1", "columns": ("is_current",)},
    ),
    "gallringarna (erasures): Raden sägs vara gallrad, men ingen senare gallring står i historiken.": (
        "erasures", None, "unfounded_erasure", {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("wanted", SAID)
def test_problem__is_said_in_words(wanted):
    reference, seq, kind, arguments = SAID[wanted]
    findings = Findings()
    findings.add(reference, seq, kind, **arguments)
    (problem,) = findings.problems()
    assert f"{say(problem.place)}: {say_line(problem.sentence)}" == wanted


@pytest.mark.parametrize("language", ["sv", "en"])
def test_not_proved__is_said_in_words(language):
    assert all(f"audit.not_proved.{name}" in catalogue(language) for name in NOT_PROVED)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_tables__have_their_words(language):
    assert all(f"audit.table.{name}" in catalogue(language) for name in wording.TABLES)
    assert all(f"audit.column.{name}" in catalogue(language) for name in wording.COLUMNS)
    assert all(f"audit.place.{name}" in catalogue(language) for name in wording.PLACES)


def test_tables__all_have_words_but_those_that_nothing_is_said_of():
    others = {
        "authority",
        "counters",
        "definitions",
        "access_log",
        "outbox",
        "duties",
        "drafts",
        "mail_parts",
        "mail_servers",
        "mails",
        "notices",
        "search_texts",
    }
    assert wording.TABLES | others == metadata.tables.keys()
