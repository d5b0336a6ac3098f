"""A municipality's own codes, laid over a list that comes with Hjul: the value of a parameter of type `own_codes`.

Own codes stand beside the shipped ones or, with `under`, below one, so that a condition that asks `within` and a figure
per shipped code hold for them as well. Shipped codes are never changed: those that are not in `keeps` are retired, so
that they are not chosen any more. What comes out is a list like any other, and stands as such in the published
document. This module must not know files or any particular list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, Final

from engine.definition.base import Code, Label, listed
from engine.definition.field import CodeList, ListedCode
from engine.definition.part import BeforeValidator, Field, Model
from engine.definition.place import Places
from engine.definition.problem import Path, Problem, closest
from engine.definition.shape import validated
from engine.language.sentence import Argument, sentence

PREFIX: Final = "egen_"
"""How an own code begins. No shipped code does, so that no later version of a shipped list can collide with one."""


class OwnCode(ListedCode):
    """An own code; `under` names the shipped code that it is a kind of."""

    under: Code | None = None


class OwnCodes(Model):
    """What is laid over a list: own codes, and the shipped ones that can still be chosen (all when left out)."""

    label: Label | None = None
    keeps: Annotated[tuple[Code, ...], BeforeValidator(listed)] | None = None
    first: Annotated[tuple[Code, ...], BeforeValidator(listed)] = ()
    codes: dict[Code, OwnCode] = Field(default_factory=dict)


def lay_over(
    written: Any, shipped: Any, places: Places, at: Path
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """A list with own codes laid over it, and what is wrong with them (then the list as it was).

    Args:
        written: The own codes as written; an empty mapping leaves the list as it is.
        shipped: The list as written, with `label` and `codes`.
        places: Where the own codes stand.
        at: Where in the definition that is.
    """
    own, problems = validated(OwnCodes, written, places, at)
    as_listed = validated(CodeList, shipped, Places())[0]
    if own is None or as_listed is None or problems:
        return shipped, problems
    wrong = tuple(_faults(own, as_listed, places, at))
    if wrong or not written:
        return shipped, wrong
    kept = _kept(own, as_listed)
    laid = {**shipped, "codes": _merged(written.get("codes", {}), shipped["codes"], kept)}
    if own.label is not None:
        laid["label"] = written["label"]
    in_use = [code for code, one in own.codes.items() if not one.retired]
    usual = [code for code in as_listed.first if code in kept]
    laid["first"] = list(dict.fromkeys(own.first or (*in_use, *usual)))
    return laid, ()


def gone(before: Mapping[str, CodeList], after: Mapping[str, CodeList]) -> Iterator[tuple[str, ListedCode]]:
    """The own codes of published lists that a new version lacks, or has put elsewhere in the tree."""
    for key, codes in before.items():
        new = after.get(key)
        for code, one in codes.flat.items():
            if code.startswith(PREFIX) and (new is None or _above(codes, code) != _above(new, code)):
                yield code, one


def _above(codes: CodeList, code: str) -> frozenset[str] | None:
    """The codes that a code lies under; None when it is not there."""
    if code not in codes.flat:
        return None
    return frozenset(top for top, inner in codes.below.items() if code in inner)


def _kept(own: OwnCodes, shipped: CodeList) -> frozenset[str]:
    """The shipped codes that can still be chosen: those named, with all below them."""
    if own.keeps is None:
        return frozenset(code for code, one in shipped.flat.items() if not one.retired)
    below = frozenset[str]().union(*(shipped.below[code] for code in own.keeps))
    return frozenset(code for code in below if not shipped.flat[code].retired)


def _merged(written: Mapping[str, Any], shipped: Mapping[str, Any], kept: Collection[str]) -> dict[str, Any]:
    """The tree of codes: own ones first, each below the code that it is under."""
    plain = {code: {k: v for k, v in node.items() if k != "under"} for code, node in written.items()}
    tops = {code: plain[code] for code, node in written.items() if not node.get("under")}

    def branch(codes: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for code, node in codes.items():
            inner = {key: plain[key] for key, one in written.items() if one.get("under") == code}
            inner |= branch(node.get("children", {}))
            found[code] = {**node, **({"children": inner} if inner else {})}
            if code not in kept:
                found[code]["retired"] = True
        return found

    return {**tops, **branch(shipped)}


def _faults(own: OwnCodes, shipped: CodeList, places: Places, at: Path) -> Iterator[Problem]:
    def fault(place: Path, message: str, hint: Any = None, *, key: bool = False, **more: Argument) -> Problem:
        return places.problem((*at, *place), sentence(f"definition.{message}", **more), hint, key=key)

    in_use = [code for code, one in shipped.flat.items() if not one.retired]
    for index, code in enumerate(own.keeps or ()):
        if code not in shipped.flat:
            yield fault(("keeps", index), "unknown_code", closest(code, in_use), name=code)
    named: set[str] = set()
    for place, code, _ in _walk(own.codes, ("codes",)):
        if not code.startswith(PREFIX):
            remedy = sentence("definition.hint.own_code", code=f"{PREFIX}{code}"[:60])
            message = "own_code_shipped" if code in shipped.flat else "own_code_prefix"
            yield fault(place, message, remedy, key=True, code=code, prefix=PREFIX)
        if code in named or (code in shipped.flat and code.startswith(PREFIX)):
            yield fault(place, "code_twice", key=True, code=code)
        named.add(code)
    for code, one in own.codes.items():
        if one.under is not None and one.under not in shipped.flat:
            yield fault(("codes", code, "under"), "unknown_code", closest(one.under, in_use), name=one.under)
    choosable = {code for _, code, one in _walk(own.codes, ()) if not one.retired} | _choosable(own, shipped)
    for index, code in enumerate(own.first):
        if code not in choosable:
            yield fault(("first", index), "unknown_code", closest(code, choosable), name=code)


def _choosable(own: OwnCodes, shipped: CodeList) -> frozenset[str]:
    is_known = all(code in shipped.flat for code in own.keeps or ())
    return _kept(own, shipped) if is_known else frozenset(shipped.flat)


def _walk(codes: Mapping[str, ListedCode], at: Path) -> Iterator[tuple[Path, str, ListedCode]]:
    for code, one in codes.items():
        yield (*at, code), code, one
        yield from _walk(one.children, (*at, code, "children"))
