"""The generated pages of the reference tell everything that the program has, and nothing that it has not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.writers import condition, definition, error, setting, table
from docs.writers.meaning import MEANING
from engine.definition.condition import VOCABULARY
from engine.definition.step import Due
from engine.errors import RefusedError
from engine.store.tables import metadata

ROOT = Path(__file__).parents[2]


def headings(page):
    return re.findall(r"^## (.+)$", page, re.MULTILINE)


def test_definition__refuses_a_key_without_a_meaning(monkeypatch):
    monkeypatch.setitem(MEANING["Due"], "period", "How long.")
    monkeypatch.delitem(MEANING["Due"], "period")
    with pytest.raises(LookupError, match=r"Due\.period"):
        definition.rows_of(Due)


def test_definition__refuses_a_meaning_without_a_key(monkeypatch):
    monkeypatch.setitem(MEANING["Due"], "colour", "Red.")
    with pytest.raises(LookupError, match="colour"):
        definition.page()


def test_definition__says_types_and_defaults_as_yaml_has_them():
    rows = {row.key: row for row in definition.rows_of(Due)}
    assert (rows["from"].type, rows["from"].default) == ("text or [due.from](#duefrom)", "**must be given**")
    assert (rows["pauses_in"].type, rows["pauses_in"].default) == ("key, or several", "")
    assert rows["kind"].default == "`lokal`"


def test_definition__links_to_sections_that_it_has():
    page = definition.page()
    anchors = {definition.anchor(title) for title in headings(page)}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= anchors


def test_conditions__has_the_whole_vocabulary_with_a_sentence_in_both_languages():
    page = condition.page()
    assert headings(page) == list(VOCABULARY)
    assert "when." not in page


def test_errors__tells_the_code_that_the_edge_ends_with():
    page = error.page()
    assert RefusedError in set(error.kinds())
    assert "| `concurrent_change` | 5 |" in page
    assert "| `not_found.case` | 4 |" in page


def test_tables__tells_of_every_table():
    assert headings(table.page()) == sorted(metadata.tables)


def test_settings__tells_of_every_variable_that_the_program_reads():
    read = {
        name
        for folder in ("engine", "cli")
        for path in (ROOT / folder).rglob("*.py")
        for name in re.findall(r"environ\b[^\n]*?\"([A-Z_]{4,})\"", path.read_text("utf-8"))
    }
    assert read - {"TERM"} <= set(setting.ENVIRONMENT)
    assert {"HJUL_DB", "HJUL_NOW"} <= read
