"""Whatever is done to a good definition, it is read and checked, or refused with problems."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.definition.check import check, warnings
from engine.definition.compat import why_not
from engine.definition.diagram import mermaid
from engine.definition.document import build, read, resolve, typed_sets
from engine.definition.load import load_text
from engine.definition.machine import build_machine
from engine.definition.model import Process
from engine.definition.place import Places
from engine.definition.reading import UnfitError, read_part
from engine.definition.shape import validated
from engine.errors import DefinitionError

HERE = Path(__file__).parent
TEXT = (HERE / "toy.yaml").read_text()
LISTS = (HERE / "lists.yaml").read_text()
TOY = load_text(TEXT, LISTS)
WORDS = sorted(
    {
        *TOY.process.fields,
        *TOY.process.steps,
        *TOY.process.states,
        *TOY.process.roles,
        *TOY.process.lists,
        *TOY.parameters,
    }
    | {
        "always",
        "never",
        "any_open",
        "except",
        "when",
        "each_row",
        "linked",
        "not",
        "all",
        "by",
        "from",
        "true",
        "$unit",
    }
)
SEED = st.randoms(use_true_random=False)
SLOW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def is_told(make):
    """Either a document that can be checked and used, or problems that each stand somewhere."""
    try:
        document = make()
    except DefinitionError as error:
        problems = error.problems
        document = None
    if document is None:
        assert problems
        assert all(problem.message.id.startswith("definition.") for problem in problems)
        return
    unsound = check(document)
    warnings(document)
    assert read(document.text) == document
    assert read(document.text).process == document.process
    if not unsound:
        build_machine(document.process)
        mermaid(document.process)
        why_not(TOY.process, document.process)


def nodes(tree, path=()):
    yield path
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from nodes(value, (*path, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from nodes(value, (*path, index))


def mutated(tree, random):
    """A tree with one node taken away, renamed, replaced, doubled or put elsewhere."""
    places = [path for path in nodes(tree) if path]
    path = random.choice(places)
    holder = tree
    for name in path[:-1]:
        holder = holder[name]
    last = path[-1]
    what = random.choice(["take", "rename", "word", "other", "wrap", "empty"])
    if what == "take":
        del holder[last]
    elif what == "rename" and isinstance(holder, dict):
        holder[random.choice(WORDS)] = holder.pop(last)
    elif what == "other":
        other = tree
        for name in random.choice(places):
            other = other[name]
        holder[last] = deepcopy(other)
    elif what == "wrap":
        holder[last] = random.choice([[holder[last]], {random.choice(WORDS): holder[last]}])
    elif what == "empty":
        holder[last] = random.choice(["", [], {}, "$", "$x", "å", "0", "-1", "1e9", "NaN"])
    else:
        holder[last] = random.choice(WORDS)
    return tree


@SLOW
@given(SEED, st.integers(1, 4))
def test_tree__of_a_definition_with_random_changes_is_told(random, changes):
    content = TOY.content
    tree = content["process"]
    for _ in range(changes):
        if len(list(nodes(tree))) > 1:
            tree = mutated(tree, random)
    is_told(lambda: build(tree, content["lists"]))


@SLOW
@given(SEED, st.integers(1, 2))
def test_reading__takes_nothing_that_files_may_not_hold(random, changes):
    content = TOY.content
    tree = deepcopy(typed_sets(resolve(content["process"], TOY.parameters)))
    for _ in range(changes):
        tree = mutated(tree, random)
    whole = {**tree, "lists": content["lists"]}
    try:
        found = read_part(Process, whole)
    except UnfitError:
        return
    assert (found, ()) == validated(Process, whole, Places())


@SLOW
@given(SEED, st.integers(1, 4))
def test_lists__with_random_changes_are_told(random, changes):
    content = TOY.content
    lists = {"lists": content["lists"]}
    for _ in range(changes):
        if isinstance(lists.get("lists"), dict) and len(list(nodes(lists))) > 2:
            lists = mutated(lists, random)
    if isinstance(lists.get("lists"), dict):
        is_told(lambda: build(content["process"], lists["lists"]))


@SLOW
@given(SEED, st.integers(1, 6))
def test_file__with_random_changes_of_its_text_is_told(random, changes):
    lines = TEXT.split("\n")
    for _ in range(changes):
        number = random.randrange(len(lines))
        match random.choice(["drop", "double", "indent", "cut", "insert"]):
            case "drop":
                del lines[number]
            case "double":
                lines.insert(number, lines[random.randrange(len(lines))])
            case "indent":
                lines[number] = random.choice(["  ", " ", "\t", "- "]) + lines[number]
            case "cut":
                lines[number] = lines[number][: random.randrange(len(lines[number]) + 1)]
            case "insert":
                at = random.randrange(len(lines[number]) + 1)
                sign = random.choice(list("{}[]:,&*!|>'\"%@`#$?-\\\x00\u2028å~"))
                lines[number] = lines[number][:at] + sign + lines[number][at:]
    is_told(lambda: load_text("\n".join(lines), LISTS))


@SLOW
@given(st.binary(max_size=200))
def test_file__of_random_bytes_is_told(data):
    is_told(lambda: load_text(data, LISTS))
