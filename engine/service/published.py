"""A report as it may be published: no references, and no group so small that it could point somebody out.

Works on the content of a report, before any format is made of it, so that all formats leave out the same. What is left
out is None. It must not know any particular report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.service.reckoning import OTHERS, THIS
from engine.statistics.small_group import SMALLEST, hidden_parts, hides_part, is_small

NAMES: Final = (THIS, *OTHERS)


def publish(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without references, lists of cases and texts, small groups left out in every period."""
    tables = [_without_references(one) for one in content["tables"]]
    figures = [_without_references(one) for one in content["figures"]]
    for name in NAMES:
        hidden: set[int] = set()
        while True:
            again = {
                total
                for one in tables
                if (total := _total(one, name)) is not None and _settle(one, name, hidden) is None
            }
            if again <= hidden:
                break
            hidden |= again
        for one in tables:
            _remember(one, name)
            _hide(one, name, hidden)
        for one in figures:
            _hide_figure(one, name, tables, hidden)
    for one in tables:
        one.pop("before_hiding", None)
    return {**content, "published": True, "figures": figures, "tables": tables, "lists": [], "texts": []}


def _without_references(one: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        key: value for key, value in one.items() if key not in ("references", "missing_references", "hidden")
    }
    for name in OTHERS:
        if name in found:
            found[name] = _without_references(found[name])
    if "rows" in found:
        found["rows"] = [_without_references(row) for row in found["rows"]]
    return found


def _parts(table: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """Where the numbers of a period stand: that of each row, then that of the missing."""
    for row in table["rows"]:
        yield row if name == THIS else row[name]


def _total(table: Mapping[str, Any], name: str) -> int | None:
    found: int | None = table.get("total") if name == THIS else table.get(name, {}).get("total")
    return found


def _remember(table: dict[str, Any], name: str) -> None:
    """Keep the total of a period beside the table until every figure has been compared with it."""
    table.setdefault("before_hiding", {})[name] = _total(table, name)


def _before(table: Mapping[str, Any], name: str) -> int | None:
    found: int | None = table["before_hiding"].get(name)
    return found


def _missing(table: Mapping[str, Any], name: str) -> int | None:
    found: int | None = table["missing"] if name == THIS else table.get(name, {}).get("missing")
    return found


def _numbers(table: Mapping[str, Any], name: str) -> list[int]:
    missing = table["missing"] if name == THIS else table[name]["missing"]
    return [*(part["value"] for part in _parts(table, name)), missing]


def _settle(table: Mapping[str, Any], name: str, hidden: set[int]) -> frozenset[int] | None:
    """Which numbers of a table to leave out in a period; None when its total must go too."""
    return hidden_parts(_numbers(table, name), total_is_shown=_total(table, name) not in hidden)


def _hide(table: dict[str, Any], name: str, totals: set[int]) -> None:
    total = _total(table, name)
    if total is None:
        return
    places = _settle(table, name, totals) or frozenset()
    here = table if name == THIS else table[name]
    for place, part in enumerate(_parts(table, name)):
        if place in places:
            part["value"] = None
    if len(table["rows"]) in places:
        here["missing"] = None
    if total in totals:
        here["total"] = None


def _hide_figure(
    figure: dict[str, Any], name: str, tables: Sequence[Mapping[str, Any]], totals: set[int]
) -> None:
    """A figure, and the share that it is of another: out when it, or what is left of the other, is small.

    And when a table of the same whole keeps back how many have no value: the share would tell it.
    """
    here = figure if name == THIS else figure.get(name)
    if here is None:
        return
    if figure["kind"] == "days":
        if here["n"] < SMALLEST:
            here.update(dict.fromkeys(("value", "lowest", "lower", "upper", "highest", "n")))
        else:
            here.update(dict.fromkeys(("lowest", "highest")))
        return
    whole = here.get("of")
    kept = any(_before(one, name) == whole and _missing(one, name) is None for one in tables)
    if (
        (whole is not None and (kept or hides_part(here["value"], whole)))
        or is_small(here["value"])
        or here["value"] in totals
    ):
        here["value"] = None
    if whole is not None and (is_small(whole) or whole in totals):
        here["of"] = None
