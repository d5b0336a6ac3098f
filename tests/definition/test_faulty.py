"""Every faulty file beside this one is refused with the problems that its head expects, place by place.

Each is a copy of `sound.yaml` with one fault. A line `# expected LINE:COLUMN ID` names a problem; there are
no others.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.definition.check import check_file
from engine.definition.problem import Problem
from engine.language.say import say_line
from engine.language.sentence import Sentence, Words

HERE = Path(__file__).parent
LISTS = HERE / "lists.yaml"
FAULTY = sorted((HERE / "faulty").glob("*.yaml"))
EXPECTED = re.compile(r"^# expected (\d+):(\d+) (\S+)$", re.MULTILINE)
UNFILLED = re.compile(r"\{(?:name|key|given|field|state|step|role|words|code|type|word)\}")
SPEAKABLE = (str, int, Words, Sentence)


def speakable(argument) -> bool:
    if isinstance(argument, tuple):
        return all(speakable(one) for one in argument)
    return isinstance(argument, SPEAKABLE)


def test_faulty__are_at_least_forty():
    assert len(FAULTY) >= 40


def test_sound__has_no_problem():
    document, problems = check_file(HERE / "sound.yaml", LISTS)
    assert document is not None
    assert problems == []


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_faulty__is_refused_at_the_place_of_the_fault(path):
    expected = [(int(line), int(column), what) for line, column, what in EXPECTED.findall(path.read_text())]
    assert expected, "the file must say what it expects"
    _, problems = check_file(path, LISTS)
    assert [(p.line, p.column, p.message.id) for p in problems] == expected


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_faulty__is_explained_in_both_languages(path, language):
    _, problems = check_file(path, LISTS)
    for problem in problems:
        assert isinstance(problem, Problem)
        assert problem.file == str(path)
        for said in filter(None, (problem.message, problem.hint)):
            assert all(speakable(argument) for argument in said.arguments.values())
            text = say_line(said, language)
            assert said.id not in text
            assert not UNFILLED.search(text)


BYTES = {
    "not_utf8": (b"process: a\nlabel: bl\xe5\n", [(2, 10, "definition.not_utf8")]),
    "too_large": (b"#" * 2_000_001, [(1, 1, "definition.too_large")]),
    "byte_of_nothing": (b"process: a\x00b\n", [(1, 11, "definition.control_character")]),
    "deep_mappings": (b"a: " + b"{a: " * 2_000 + b"b" + b"}" * 2_000, [(1, 160, "definition.too_deep")]),
    "many_aliases": (b"a: &a x\nb: [" + b"*a, " * 3 + b"*a]\n", None),
}


@pytest.mark.parametrize("name", BYTES)
def test_hostile_bytes__are_refused_with_a_place(name, tmp_path):
    data, expected = BYTES[name]
    path = tmp_path / "process.yaml"
    path.write_bytes(data)
    document, problems = check_file(path, LISTS)
    assert document is None
    assert problems
    if expected is not None:
        assert [(p.line, p.column, p.message.id) for p in problems] == expected


def test_missing_file__is_a_problem():
    _, problems = check_file(HERE / "nowhere.yaml", LISTS)
    assert [p.message.id for p in problems] == ["definition.no_file"]
