"""A report as it may be published: no references, and no group so small that it could point somebody out.

Works on the content of a report, before any format is made of it, so that all formats leave out the same. What is left
out is None. It must not know any particular report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.service.reckoning import OTHERS, THIS
from engine.statistics.small_group import SMALLEST, hidden_parts, hides_part, is_small
from engine.statistics.two_way import hidden_cells

NAMES: Final = (THIS, *OTHERS)


def publish(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without references, lists of cases and texts, small groups left out in every period."""
    tables = [_without_references(one) for one in content["tables"]]
    figures = [_without_references(one) for one in content["figures"]]
    ways = [_without_references(one) for one in content.get("two_way", ())]
    for name in NAMES:
        counted = [one for one in tables if _total(one, name) is not None]
        columns = [(_numbers(one, name), _total(one, name) or 0) for one in counted]
        sums = [margin for one in ways for margin in _margins(one)] if name == THIS else []
        masks, totals = settle([*columns, *sums])
        for one, mask in zip(counted, masks, strict=False):
            _hide(one, name, mask, totals)
        for place, one in enumerate(ways if name == THIS else ()):
            of_rows, of_columns = masks[len(columns) + 2 * place :][:2]
            _hide_two_way(one, of_rows, of_columns, totals)
        without = {
            total
            for (numbers, total), mask in zip((*columns, *sums), masks, strict=True)
            if len(numbers) - 1 in mask
        }
        for one in figures:
            _hide_figure(one, name, without, totals)
    return {
        **content,
        "published": True,
        "figures": figures,
        "tables": tables,
        "two_way": ways,
        "lists": [],
        "texts": [],
    }


def settle(columns: Sequence[tuple[Sequence[int], int]]) -> tuple[list[frozenset[int]], set[int]]:
    """Which numbers to leave out of some columns that are shown together, and which totals.

    A total that one of them must leave out is left out of all, since they count the same cases. So is a last number
    (how many have no value) that two columns of one total have in common: mostly they are the same cases.

    Args:
        columns: The numbers of each, how many have no value last, and its total.

    Returns:
        The places of each column, and the totals.
    """
    totals = {total for _, total in columns if is_small(total)}
    common: set[tuple[int, int]] = set()
    while True:
        masks: list[frozenset[int]] = []
        known = len(totals) + len(common)
        for numbers, total in columns:
            last = len(numbers) - 1
            also = (last,) if (total, numbers[last]) in common else ()
            mask = hidden_parts(numbers, total_is_shown=total not in totals, also=also)
            if mask is None:
                totals.add(total)
            elif last in mask:
                common.add((total, numbers[last]))
            masks.append(mask or frozenset())
        if len(totals) + len(common) == known:
            return masks, totals


def _without_references(one: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        key: value for key, value in one.items() if key not in ("references", "missing_references", "hidden")
    }
    for name in OTHERS:
        if name in found:
            found[name] = _without_references(found[name])
    for inner in ("rows", "columns", "cells"):
        if inner in found:
            found[inner] = [_without_references(row) for row in found[inner]]
    return found


def _parts(table: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """Where the numbers of a period stand: that of each row, then that of the missing."""
    for row in table["rows"]:
        yield row if name == THIS else row[name]


def _total(table: Mapping[str, Any], name: str) -> int | None:
    found: int | None = table.get("total") if name == THIS else table.get(name, {}).get("total")
    return found


def _numbers(table: Mapping[str, Any], name: str) -> list[int]:
    missing = table["missing"] if name == THIS else table[name]["missing"]
    return [*(part["value"] for part in _parts(table, name)), missing]


def _hide(table: dict[str, Any], name: str, places: frozenset[int], totals: set[int]) -> None:
    here = table if name == THIS else table[name]
    for place, part in enumerate(_parts(table, name)):
        if place in places:
            part["value"] = None
    if len(table["rows"]) in places:
        here["missing"] = None
    if here["total"] in totals:
        here["total"] = None


def _margins(table: Mapping[str, Any]) -> Iterator[tuple[list[int], int]]:
    """The sums of a table of two ways as those of tables of one way: of the rows, of the columns, the missing last."""
    for way in ("rows", "columns"):
        numbers = [one["value"] for one in table[way] if one["code"]]
        yield [*numbers, sum(one["value"] for one in table[way] if not one["code"])], table["total"]


def _hide_two_way(
    table: dict[str, Any], of_rows: frozenset[int], of_columns: frozenset[int], totals: set[int]
) -> None:
    cells = [[cell["value"] for cell in row["cells"]] for row in table["rows"]]
    is_shown = table["total"] not in totals
    hidden = hidden_cells(cells, rows=of_rows, columns=of_columns, total_is_shown=is_shown)
    for number, row in enumerate(table["rows"]):
        for column, cell in enumerate(row["cells"]):
            if hidden is None or (number, column) in hidden:
                cell["value"] = None
    for way, places in (("rows", of_rows), ("columns", of_columns)):
        for number, one in enumerate(table[way]):
            if number in places:
                one["value"] = None
    if not is_shown:
        table["total"] = None


def _hide_figure(figure: dict[str, Any], name: str, without: set[int], totals: set[int]) -> None:
    """A figure, and the share that it is of another: out when it, or what is left of the other, is small.

    without: the totals of which some table leaves out how many have no value: a share of one would tell it.
    """
    here = figure if name == THIS else figure.get(name)
    if here is None:
        return
    if figure["kind"] == "days":
        few = here["n"] < SMALLEST
        here.update(dict.fromkeys(("lowest", "highest", "n")))  # the extremes are one case each
        if few:
            here.update(dict.fromkeys(("value", "lower", "upper")))
        return
    value, whole = here["value"], here.get("of")
    is_told = whole is not None and (whole in without or hides_part(value, whole))
    if is_told or is_small(value) or value in totals:
        here["value"] = None
    if whole is not None and (is_small(whole) or whole in totals):
        here["of"] = None
