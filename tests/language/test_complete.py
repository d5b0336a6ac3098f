"""Completeness: every sentence that the code can say is in both catalogues, with arguments that the code gives."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import cli
import engine
from engine.definition.condition import VOCABULARY, Compared
from engine.errors import HjulError
from engine.language.catalogue import catalogue, fill

ROOT = Path(__file__).parents[2]
SAYS = {"sentence", "say", "line", "_s"}


def source_files():
    return sorted(path for room in ("engine", "cli") for path in (ROOT / room).rglob("*.py"))


def constants(node):
    """Every text that an expression may be: itself, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return constants(node.body) + constants(node.orelse)
    return []


def spoken():
    """Every call that names a sentence outright: (id, names of the arguments, or None when they are not all seen)."""
    found = []
    for path in source_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in SAYS:
                given = (
                    None
                    if any(word.arg is None for word in node.keywords)
                    else {w.arg for w in node.keywords}
                )
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                found += [(one, given, place) for one in constants(node.args[0]) if "." in one]
    return found


def test_engine__says_nothing_in_the_words_of_the_command_line():
    rooms = sorted((ROOT / "engine").rglob("*.py"))
    named = [path.name for path in rooms if re.search(r"""["']cli\.""", path.read_text("utf-8"))]
    assert not named


def test_catalogue__has_no_sentence_that_nothing_says():
    whole, made = set(), set()
    for path in source_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [constants(part) for part in node.values]
                made.add("".join(re.escape(part[0]) if part else "[a-z0-9_.-]+" for part in parts))
    forms = re.compile("|".join(sorted(one for one in made if re.match(r"[a-z_]+\\\.", one))))
    assert not [one for one in catalogue("sv") if one not in whole and not forms.fullmatch(one)]


def slots(language, message):
    names = set()

    def note(name, form):
        names.add(name)
        return ""

    for count in (1, 2):
        fill(catalogue(language).text(message, count) or "", note)
    return names


SPOKEN = spoken()
FAMILIES = {message.partition(".")[0] for message, _, _ in SPOKEN}


def test_spoken__finds_the_sentences_of_the_code():
    assert len({message for message, _, _ in SPOKEN}) > 250


@pytest.mark.parametrize("language", ["sv", "en"])
def test_code__says_only_what_the_catalogue_has(language):
    lacking = sorted(
        {f"{message} ({place})" for message, _, place in SPOKEN if message not in catalogue(language)}
    )
    assert lacking == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_catalogue__uses_only_arguments_that_the_code_gives(language):
    wrong = sorted(
        f"{message} ({place}): {', '.join(sorted(slots(language, message) - given))}"
        for message, given, place in SPOKEN
        if given is not None and not slots(language, message) <= given
    )
    assert wrong == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_code__has_no_other_id_that_the_catalogue_lacks(language):
    """Ids that are chosen before they are said (`message = "when.linked" if ...`) stand as texts in the code."""
    pattern = re.compile(rf"(?:{'|'.join(sorted(FAMILIES))})(?:\.[a-z][a-z0-9_]*)+")
    lacking = set()
    for path in source_files():
        tree = ast.parse(path.read_text("utf-8"))
        docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                text = node.value
                if pattern.fullmatch(text) and text not in catalogue(language) and not is_no_id(text):
                    lacking.add(f"{text} ({path.relative_to(ROOT)}:{node.lineno})")
    assert lacking == set()


def every_error():
    for room in (engine, cli):
        for module in walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.endswith((".build", ".__main__")):
                import_module(module.name)
    return descendants(HjulError)


def descendants(kind):
    return [kind, *(below for sub in kind.__subclasses__() for below in descendants(sub))]


ERRORS = [one for one in every_error() if one.__module__.startswith(("engine.", "cli."))]
KINDS = {one.kind for one in ERRORS}


def is_no_id(text):
    """Kinds of errors, names of files and modules, and beginnings of ids look like ids, and are none."""
    if text.endswith(".yaml") or any(one.startswith(text) for one in catalogue("sv")):
        return True
    return text in KINDS or any((ROOT / f"{text.replace('.', '/')}{end}").exists() for end in (".py", ""))


def is_raised(error):
    return "__init__" in vars(error) or not error.__subclasses__()


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("error", [one for one in ERRORS if is_raised(one)], ids=lambda one: one.kind)
def test_error__has_a_sentence_with_arguments_of_its_own(error, language):
    message = f"error.{error.kind}"
    assert message in catalogue(language)
    if error.__init__ is not HjulError.__init__:
        attributes = {
            node.attr
            for base in error.__mro__
            if base.__module__.startswith(("engine.", "cli."))
            for node in ast.walk(CLASSES[base.__module__, base.__name__])
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        }
        assert slots(language, message) <= attributes


CLASSES = {
    (".".join(path.relative_to(ROOT).with_suffix("").parts), node.name): node
    for path in source_files()
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.ClassDef)
}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("key", [key for key, kind in VOCABULARY.items() if issubclass(kind, Compared)])
def test_condition__that_compares_is_said_both_ways(key, language):
    for message in (f"when.{key}", f"when.not_{key}"):
        assert slots(language, message) == {"field", "value"}


def test_catalogues__have_the_same_ids():
    assert list(catalogue("sv")) == list(catalogue("en"))
