"""The published document: a process in one version with its lists and parameters, under one SHA-256.

Its content is `{"format": 1, "process", "lists", "parameters", "order"}`. The process is kept as it was
written, with references to parameters as `$name`; `resolve` puts the values in their places before the model
sees it. The canonical form sorts keys, so `order` keeps the order in which steps, fields, codes and so on
were written. Every event names the hash: the bytes are never made in another way. This module must not know
files or the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from engine.definition.model import ROLES, Must, Parameter, Process
from engine.definition.own_codes import lay_over
from engine.definition.parameter import TRUTHS, Surroundings, parameter_value
from engine.definition.place import Places
from engine.definition.problem import Problem, in_order
from engine.definition.reading import UnfitError, read_part
from engine.definition.reference import in_doubt
from engine.definition.shape import validated
from engine.definition.value import number_of, number_value
from engine.errors import (
    ByLawError,
    CanonicalError,
    DefinitionError,
    DocumentError,
    ParameterError,
    UnknownParameterError,
)
from engine.language.sentence import sentence
from engine.ledger import canonical

FORMAT: Final = 1
KEPT: Final = 64
"""Documents that are kept when their bytes have been read."""
NUMERIC: Final = ("number", "percent", "money")
ORDERED: Final = frozenset(
    {
        "parameters", "musts", "roles", "marks", "headings", "links", "fields", "columns", "states", "steps",
        "codes", "children",
    }
)  # fmt: skip
"""The mappings whose order people see."""


@dataclass(frozen=True, slots=True)
class Document:
    """A published definition; equal when its text is.

    hash is the SHA-256 of `text`, in hex. `process` has the parameters in place. `places` is there only when
    the document was read from files.
    """

    key: str
    version: int
    hash: str
    text: bytes
    process: Process = field(compare=False, repr=False)
    parameters: Mapping[str, Any] = field(compare=False, repr=False)
    places: Places = field(default_factory=Places, compare=False, repr=False)

    @property
    def content(self) -> dict[str, Any]:
        """What the text says: format, process and lists as written, parameters."""
        return _content(self.text)


def build(
    tree: Any,
    lists: Mapping[str, Any],
    overrides: Mapping[str, Any] | None = None,
    places: Places | None = None,
) -> Document:
    """The document of a process.

    Args:
        tree: The process as written: dicts, lists, texts.
        lists: Every list there is, as written; those that the process uses are taken, own codes laid over them.
        overrides: Parameters that are set to something else than their default.
        places: Where the trees stand in files.

    Raises:
        DefinitionError: The process has problems.
        UnknownParameterError: An override names no parameter of the process.
        ParameterError: An override is not accepted.
    """
    places = places or Places()
    if not isinstance(tree, dict):
        raise DefinitionError((places.problem((), sentence("definition.not_a_process")),))
    problems = _misplaced(tree, places)
    declared, wrong = _declared(tree, places)
    problems += wrong
    laid, values, refused = _values(tree, lists, declared, overrides or {}, places)
    problems += refused
    faulty = {*_mapping(tree, "parameters")} - {*declared} | {p.path.split(".")[1] for p in refused}
    astray, doubtful = in_doubt(tree, faulty, places)
    problems += astray
    places = replace(places, parameters=values)
    resolved = resolve(tree, values)
    named = _lists_of(resolved, declared, values)
    used = {key: laid[key] for key in sorted({ROLES, *named}) if key in laid}
    used = used if ROLES in named else _with_own_roles(used, tree)
    process, faults = validated(Process, {**typed_sets(resolved), "lists": used}, places)
    if process is None or problems:
        judged = [p for p in faults if (p.file, p.line, p.column) not in doubtful]
        raise DefinitionError(in_order((*problems, *judged)))
    own = {name: values[name] for name, one in declared.items() if one.type == "own_codes"}
    ordered = (*_order({"process": tree, "lists": used}, ()), *_order(own, ("parameters",)))
    order = {".".join(path): keys for path, keys in ordered}
    content = {"format": FORMAT, "process": tree, "lists": used, "parameters": values, "order": order}
    try:
        text = canonical.encode(content)
    except CanonicalError as error:
        raise DefinitionError(
            (places.problem((), sentence("definition.no_canonical_form", path=error.path)),)
        ) from None
    return Document(process.process, process.version, sha256(text).hexdigest(), text, process, values, places)


@lru_cache(maxsize=KEPT)
def read(text: bytes) -> Document:
    """The document of stored bytes. Those that were read last are kept: the same bytes are the same document.

    Raises:
        DocumentError: The bytes are no document of a known format.
    """
    content = _content(text)
    tree, values = content["process"], content["parameters"]
    resolved = {**typed_sets(resolve(tree, values)), "lists": content["lists"]}
    try:
        process = read_part(Process, resolved)
    except (
        UnfitError
    ):  # rare ways to write a value, which pydantic knows; or what no publication lets through
        found = validated(Process, resolved, Places())[0]
        if found is None:
            raise DocumentError("process") from None
        process = found
    return Document(process.process, process.version, sha256(text).hexdigest(), text, process, values)


def _content(text: bytes) -> dict[str, Any]:
    """The content of stored bytes, with everything in the order written.

    Raises:
        DocumentError: The bytes have not the form of a document.
    """
    try:
        content = canonical.decode(text)
    except CanonicalError:
        raise DocumentError("bytes") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT or {*content} != {"format", *_PARTS}:
        raise DocumentError("format")
    if not all(isinstance(content[part], dict) for part in _PARTS):
        raise DocumentError("format")
    for path, keys in content["order"].items():
        node: Any = content
        *way, last = path.split(".")
        for name in way:
            node = node.get(name, {}) if isinstance(node, dict) else {}
        written = node.get(last) if isinstance(node, dict) else None
        if (
            not isinstance(written, dict)
            or not isinstance(keys, list)
            or sorted(written) != sorted(map(str, keys))
        ):
            raise DocumentError("format")
        node[last] = {str(key): written[str(key)] for key in keys}
    return content


def _order(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """The order of the keys of each mapping where it matters and is not that of the canonical form."""
    for key, value in node.items() if isinstance(node, dict) else ():
        if isinstance(value, dict):
            if key in ORDERED and list(value) != sorted(value):
                yield (*path, key), list(value)
            yield from _order(value, (*path, key))


_PARTS: Final = ("process", "lists", "parameters", "order")


def resolve(tree: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The tree with each scalar `$name` of a known parameter replaced by its value.

    A value of several stands in a list as its items. The declarations of the parameters are left as they are.
    """
    if not parameters:
        return dict(tree)
    return {key: node if key == "parameters" else _resolved(node, parameters) for key, node in tree.items()}


def _resolved(node: Any, parameters: Mapping[str, Any]) -> Any:
    if type(node) is str:
        return parameters.get(node[1:], node) if node[:1] == "$" else node
    if type(node) is dict:
        return {key: _resolved(value, parameters) for key, value in node.items()}
    if type(node) is list:
        items: list[Any] = []
        for item in node:
            value = _resolved(item, parameters)
            if type(item) is str and type(value) is list:
                items += value
            else:
                items.append(value)
        return items
    return node


def typed_sets(tree: dict[str, Any]) -> dict[str, Any]:
    """The tree with the constants that steps set as their fields hold them: `true` a truth, `5` a number."""
    fields, steps = tree.get("fields"), tree.get("steps")
    if not isinstance(fields, dict) or not isinstance(steps, dict):
        return tree
    types = {key: column.get("type") for key, column in fields.items() if isinstance(column, dict)}
    typed = {
        key: {**step, "sets": {name: _typed(types.get(name), value) for name, value in step["sets"].items()}}
        if isinstance(step, dict) and isinstance(step.get("sets"), dict)
        else step
        for key, step in steps.items()
    }
    return {**tree, "steps": typed}


def _typed(kind: Any, value: Any) -> Any:
    if isinstance(value, dict) and "value" in value:
        return {**value, "value": _typed(kind, value["value"])}
    if not isinstance(value, str) or value.startswith("$"):
        return value
    if kind == "yes_no":
        return TRUTHS.get(value, value)
    number = number_of(value) if kind in NUMERIC else None
    return value if number is None or not number.is_finite() or len(value) > 20 else number_value(number)


def _misplaced(tree: dict[str, Any], places: Places) -> list[Problem]:
    if "lists" not in tree:
        return []
    own = Places(places.process, places.process)
    return [own.problem(("lists",), sentence("definition.lists_elsewhere"), key=True)]


def _declared(tree: dict[str, Any], places: Places) -> tuple[dict[str, Parameter], list[Problem]]:
    """The parameters that could be read, and the problems of the others."""
    written = tree.get("parameters")
    declared: dict[str, Parameter] = {}
    problems: list[Problem] = []
    for name, node in written.items() if isinstance(written, dict) else ():
        parameter, wrong = validated(Parameter, node, places, ("parameters", name))
        problems += wrong
        if parameter is not None:
            declared[name] = parameter
    return declared, problems


def _values(
    tree: dict[str, Any],
    lists: Mapping[str, Any],
    declared: dict[str, Parameter],
    overrides: Mapping[str, Any],
    places: Places,
) -> tuple[dict[str, Any], dict[str, Any], list[Problem]]:
    """The lists with own codes laid over them, and the value of each parameter: what it is set to, else its default.

    Faulty defaults and faulty own codes are problems.
    """
    for name in overrides:
        if name in _mapping(tree, "musts") and name not in declared:
            must, _ = validated(Must, _mapping(tree, "musts")[name], places, ("musts", name))
            if must is not None:
                raise ByLawError(name, must.label, must.source.text)
        if name not in declared:
            raise UnknownParameterError(name, str(tree.get("process", "")), tuple(declared))
    laid, own, problems = _laid(lists, declared, overrides, places)
    around = Surroundings(
        roles=tuple(_mapping(tree, "roles")),
        fields=frozenset(_mapping(tree, "fields")),
        lists={  # a shipped code that own codes hide may still be named: what lies under it counts as it
            key: tuple(dict.fromkeys((*_codes_in_use(node.get("codes")), *_codes_in_use(laid[key].get("codes")))))
            for key, node in lists.items()
            if isinstance(node, dict)
        },
    )  # fmt: skip
    values: dict[str, Any] = {}
    for name, parameter in declared.items():
        if name in own:
            values[name] = own[name]
            continue
        try:
            values[name] = parameter_value(name, parameter, parameter.default, around)
        except ParameterError as error:
            message = sentence("definition.bad_default", name=name, given=error.given)
            problems.append(places.problem(("parameters", name, "default"), message, error.accepted))
            values[name] = parameter.default
        if name in overrides:
            values[name] = parameter_value(name, parameter, overrides[name], around)
    return laid, values, problems


def _laid(
    lists: Mapping[str, Any],
    declared: Mapping[str, Parameter],
    overrides: Mapping[str, Any],
    places: Places,
) -> tuple[dict[str, Any], dict[str, Any], list[Problem]]:
    """The lists with own codes laid over them, the parameters that do it, and what is wrong with the codes."""
    laid, own, problems = dict(lists), dict[str, Any](), list[Problem]()
    for name, parameter in declared.items():
        if parameter.type == "own_codes":
            is_set = name in overrides
            given = overrides[name] if is_set else parameter.default
            own[name] = parameter_value(name, parameter, given, Surroundings())
            shipped = laid.get(parameter.list or "")
            if isinstance(shipped, dict):
                at = ("parameters", name, "value" if is_set else "default")
                laid[parameter.list or ""], wrong = lay_over(own[name], shipped, places, at)
                problems += wrong
    return laid, own, problems


def _mapping(tree: dict[str, Any], key: str) -> dict[str, Any]:
    node = tree.get(key)
    return node if isinstance(node, dict) else {}


def _codes_in_use(codes: Any) -> Iterator[str]:
    for code, node in codes.items() if isinstance(codes, dict) else ():
        if isinstance(node, dict):
            if node.get("retired") not in ("true", True):
                yield code
            yield from _codes_in_use(node.get("children"))


def _with_own_roles(used: Mapping[str, Any], tree: dict[str, Any]) -> dict[str, Any]:
    """The lists with the roles of the process only: one that another process needs is no change of this one."""
    kept = dict(used)
    listed = kept.pop(ROLES, None)
    codes = listed.get("codes") if isinstance(listed, dict) else None
    if not isinstance(listed, dict) or not isinstance(codes, dict):
        return dict(used)
    own = {key: node for key, node in codes.items() if key in _mapping(tree, "roles")}
    return {**kept, ROLES: {**listed, "codes": own}} if own else kept


def _lists_of(tree: dict[str, Any], declared: dict[str, Parameter], values: Mapping[str, Any]) -> set[str]:
    """The keys of the lists that a resolved process takes its codes from."""
    columns = [node for node in _mapping(tree, "fields").values() if isinstance(node, dict)]
    columns += [
        inner for node in columns for inner in _mapping(node, "columns").values() if isinstance(inner, dict)
    ]
    used = [node.get("list") for node in columns] + [parameter.list for parameter in declared.values()]
    used += [values.get(name) for name, parameter in declared.items() if parameter.type == "list"]
    return {key for key in used if isinstance(key, str)}
