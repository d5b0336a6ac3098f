"""Published documents are read by the annotations alone, and come out as pydantic reads them from files."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import pytest

from engine.definition.condition import VOCABULARY, Condition
from engine.definition.document import read
from engine.definition.field import CodeList, Source
from engine.definition.load import load_process
from engine.definition.model import Process
from engine.definition.part import Field, Model
from engine.definition.place import Places
from engine.definition.reading import UnfitError, read_part
from engine.definition.shape import validated
from engine.definition.step import Ask, Due, OpensCase, SetValue, State, Step, Who
from engine.language.sentence import Words

ROOT = Path(__file__).parents[2]
FILES = [*sorted(ROOT.glob("processes/*/process.yaml")), Path(__file__).parent / "toy.yaml"]
LABEL = {"sv": "A", "en": "B"}
CONDITIONS: dict[str, Any] = {
    "constant": "never", "filled": {"filled": "a"}, "known": {"known": ["a", "b"]}, "equals": {"equals": {"a": "1"}},
    "one_of": {"one_of": {"a": ["x", "y"]}}, "has": {"has": {"a": "x"}}, "within": {"within": {"a": "x"}},
    "at_least": {"at_least": {"a": "4.50"}}, "at_most": {"at_most": {"a": 4}}, "after": {"after": ["a", "$today"]},
    "in_state": {"in_state": "x"}, "is_final": {"is_final": "true"}, "taken": {"taken": {"step": "x", "at_least": "3"}},
    "different_person_from": {"different_person_from": "a"}, "entries_cover": {"entries_cover": ["U1"]},
    "unit_is": {"unit_is": {"regi": "extern"}}, "linked": {"linked": {"kind": "k", "each": [{"filled": "a"}]}},
    "linked_row": {"linked_row": "k"}, "each_row": {"each_row": {"t": {"filled": "a"}}}, "all": [{"filled": "a"}],
    "by_law": {"by_law": {"m": {"taken": "x"}}},
    "any": {"any": [{"filled": "a"}, {"not": {"known": "b"}}]}, "not": {"not": "always"},
}  # fmt: skip


ANY_CONDITION: Any = Condition


def as_file(kind, tree):
    found, problems = validated(kind, tree, Places())
    assert problems == ()
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_document__is_read_as_its_files_are(path):
    document = load_process(path)
    again = read.__wrapped__(document.text)
    assert again.process == document.process
    assert list(again.process.fields) == list(document.process.fields)


@pytest.mark.parametrize("word", CONDITIONS)
def test_condition__is_read_as_in_a_file(word):
    found = read_part(ANY_CONDITION, CONDITIONS[word])
    assert type(found) is VOCABULARY[word]
    assert found == as_file(ANY_CONDITION, CONDITIONS[word])


@pytest.mark.parametrize(
    ("kind", "tree"),
    [
        (Ask, {"field": "$unit", "kept": "true", "help": LABEL}),
        (Who, {"relation": "reporter", "when": {"filled": "a"}}),
        (Due, {"period": "5 working days", "from": "report", "grounds": {"name": "a"}, "pauses_in": "x"}),
        (SetValue, {"value": 5}), (SetValue, {"value": True}), (SetValue, {"value": "x", "when": "always"}),
        (OpensCase, {"process": "p", "step": "s", "link": "l", "sets": {"a": "$today", "b": "$c", "d": "e"}}),
        (Step, {"label": LABEL, "by": ["anyone", "chief"], "from": "any_open", "asks": "a"}),
        (Step, {"label": LABEL, "by": "chief", "from": {"except": ["x"]}}),
        (Step, {"label": LABEL, "by": "chief", "from": "x", "to": "y"}),
        (State, {"label": LABEL, "expects": ["x", {"step": "y", "by": "chief"}], "locks": "fields"}),
        (Source, {"text": "SoL", "mark": "V", "valid_from": "2025-07-01"}),
        (CodeList, {"label": LABEL, "codes": {"a": LABEL | {"children": {"b": LABEL | {"retired": "true"}}}}}),
    ],
)  # fmt: skip
def test_part__is_read_as_in_a_file(kind, tree):
    assert read_part(kind, tree) == as_file(kind, tree)


@pytest.mark.parametrize(
    ("kind", "tree"),
    [
        (Ask, {}), (Ask, {"field": "a", "colour": "red"}), (Ask, {"field": "A"}), (Ask, {"field": 5}), (Ask, "a"),
        (Ask, {"field": "a", "kept": "perhaps"}), (Ask, {"field": "a", "help": {"sv": "A"}}), (Ask, {"field": "a\n"}),
        (Who, {"relation": "nobody"}), (Who, {"role": "x" * 61}), (Due, {"period": "soon", "from": "x"}),
        (Source, {"text": "SoL", "valid_from": "2025-13-01"}), (CodeList, {"label": LABEL, "codes": {}}),
        (Step, {"label": LABEL, "by": "chief", "from": 5}), (State, {"label": LABEL, "locks": ["doors"]}),
        (ANY_CONDITION, {"coloured": "red"}), (ANY_CONDITION, {"filled": []}),
        (ANY_CONDITION, {"filled": "a", "known": "b"}),
        (ANY_CONDITION, {"at_least": {"a": "high"}}), (ANY_CONDITION, {"taken": {"step": "x", "at_least": "0"}}),
        (ANY_CONDITION, {"after": ["a"]}), (ANY_CONDITION, 5),
    ],
)  # fmt: skip
def test_part__that_a_file_may_not_hold_is_refused(kind, tree):
    with pytest.raises(UnfitError):
        read_part(kind, tree)
    assert validated(kind, tree, Places())[0] is None


def test_values__are_of_their_types():
    assert read_part(ANY_CONDITION, {"at_least": {"a": "4.50"}}).at_least == {"a": Decimal("4.50")}
    assert read_part(Source, {"text": "a", "valid_to": "2025-06-30"}).valid_to == date(2025, 6, 30)
    assert read_part(Ask, {"field": "a", "help": LABEL}).help == Words("A", "B")


class Book(Model):
    """A model of these tests."""

    title: str
    class_: Annotated[str, Field(pattern="^[A-Z]$")] = "A"
    pages: int = Field(default=1, ge=1)
    notes: dict[str, str] = Field(default_factory=dict)


class Atlas(Book):
    """With one key more."""

    maps: tuple[str, ...] = ()


def test_model__is_frozen_and_equal_when_its_parts_are():
    book = Book(title="Å")
    assert (book.class_, book.pages, book.notes) == ("A", 1, {})
    assert book == Book(title="Å") != Book(title="Ä")
    assert book != Atlas(title="Å")
    assert repr(book) == "Book(title='Å', class_='A', pages=1, notes={})"
    with pytest.raises(FrozenInstanceError):
        book.pages = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del book.pages
    assert len({Ask(field="a"), Ask(field="a"), Ask(field="b")}) == 2


@pytest.mark.parametrize("parts", [{}, {"title": "Å", "colour": "red"}])
def test_model__takes_its_own_parts_and_all_it_needs(parts):
    with pytest.raises(TypeError):
        Book(**parts)


def test_model__has_the_parts_of_its_base_and_a_default_of_its_own_each_time():
    atlas = read_part(Atlas, {"title": "Å", "class": "B", "maps": ["x"]})
    assert (atlas.title, atlas.class_, atlas.maps) == ("Å", "B", ("x",))
    assert read_part(Book, {"title": "Å"}).notes is not read_part(Book, {"title": "Å"}).notes
    assert as_file(Atlas, {"title": "Å", "class": "B", "maps": ["x"]}) == atlas


def test_model__is_replaced_and_kept_whole_elsewhere():
    ask = Ask(field="a", help=Words("A", "B"))
    assert replace(ask, field="b") == Ask(field="b", help=Words("A", "B"))
    assert pickle.loads(pickle.dumps(ask)) == ask


def test_reading__loads_no_pydantic():
    document = load_process(FILES[0])
    code = (
        "import sys; from engine.definition.document import read;"
        "read(sys.stdin.buffer.read()); print('pydantic' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True, input=document.text
    )
    assert ended.stdout.split() == [b"False"]


def test_process__is_one_class_for_both():
    assert type(read(load_process(FILES[0]).text).process) is Process
