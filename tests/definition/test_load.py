"""Reading files: every scalar a text, all problems of both files, positions that survive parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.definition.load import load_process, load_text
from engine.definition.yaml import read_sheet
from engine.errors import DefinitionError

HERE = Path(__file__).parent
SOUND = (HERE / "sound.yaml").read_text()
LISTS = (HERE / "lists.yaml").read_text()


def problems_of(text, lists=LISTS):
    with pytest.raises(DefinitionError) as caught:
        load_text(text, lists)
    return [(p.file, p.line, p.message.id) for p in caught.value.problems]


def test_scalars__stay_texts_quoted_or_not():
    sheet = read_sheet(b"a: [no, 0123, 1.10, ~, null, true, 2026-01-01, '7', 1e3, 0x10, .inf]\n", "f")
    assert sheet.tree == {
        "a": ["no", "0123", "1.10", "~", "null", "true", "2026-01-01", "7", "1e3", "0x10", ".inf"]
    }
    assert sheet.problems == ()


def test_sheet__knows_where_each_node_stands():
    sheet = read_sheet(b"a:\n  - x\n  - b: 'y'\nc: |\n  text\n", "f")
    assert sheet.values[("a", 1, "b")] == (3, 8)
    assert sheet.keys[("a", 1, "b")] == (3, 5)
    assert sheet.mark(("a", 1, "b", "missing")) == (3, 8)
    assert sheet.mark(("c",), key=True) == (4, 1)


def test_sheet__reads_the_same_with_windows_line_ends_and_mark_of_order():
    plain, windows = (
        read_sheet(SOUND.encode(), "f"),
        read_sheet(SOUND.replace("\n", "\r\n").encode("utf-8-sig"), "f"),
    )
    assert windows.tree == plain.tree
    assert windows.values == plain.values


def test_load__gives_the_same_document_however_it_is_laid_out():
    loose = SOUND.replace("{sv: Hitta, en: Find}", "\n      en: 'Find'\n      sv: \"Hitta\" # said so")
    assert load_text(loose, LISTS).hash == load_text(SOUND, LISTS).hash


def test_load__tells_the_problems_of_both_files_together():
    found = problems_of(SOUND.replace("version: 1", "version: x"), LISTS.replace("en: Water", "eng: Water"))
    assert ("process.yaml", 3, "definition.needs_whole_number") in found
    assert {what for file, _, what in found if file == "lists.yaml"} == {
        "definition.missing_en",
        "definition.unknown_key",
    }


def test_load__refuses_a_file_of_lists_that_has_none():
    assert ("lists.yaml", 1, "definition.not_lists") in problems_of(SOUND, "damage: {}\n")


def test_load__names_a_word_beside_lists():
    assert ("lists.yaml", 1, "definition.unknown_key") in problems_of(SOUND, "version: 1\n" + LISTS)


def test_load__finds_places_behind_a_parameter_that_stands_for_several():
    text = SOUND.replace(
        "parameters:\n",
        "parameters:\n  who: {type: roles, label: {sv: A, en: B}, default: [finder, keeper]}\n",
    ).replace("by: [{person_in: owner}, keeper]", "by: [$who, {person_in: owner}, {rol: keeper}]")
    with pytest.raises(DefinitionError) as caught:
        load_text(text, LISTS)
    (problem,) = caught.value.problems
    line = text.split("\n")[problem.line - 1]
    assert line[problem.column - 1 :].startswith("rol: keeper")


def test_load_process__takes_the_lists_beside_the_processes(tmp_path):
    (tmp_path / "lost_umbrella").mkdir()
    (tmp_path / "lists.yaml").write_text(LISTS)
    path = tmp_path / "lost_umbrella" / "process.yaml"
    path.write_text(SOUND)
    assert load_process(path) == load_text(SOUND, LISTS)


def test_load_process__works_without_any_lists(tmp_path):
    path = tmp_path / "process.yaml"
    path.write_text(SOUND)
    assert load_process(path).process.lists == {}


def test_read_sheet__of_the_same_bytes_is_the_same_and_is_left_as_it_was():
    before = read_sheet.__wrapped__(SOUND.encode(), "process.yaml")
    first = load_text(SOUND, LISTS)
    load_text(SOUND, LISTS, dict.fromkeys(list(first.parameters)[:1], next(iter(first.parameters.values()))))
    kept = read_sheet(SOUND.encode(), "process.yaml")
    assert kept is read_sheet(SOUND.encode(), "process.yaml")
    assert (kept.tree, kept.values, kept.keys) == (before.tree, before.values, before.keys)
