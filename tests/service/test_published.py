"""What is left out of a published report is left out everywhere that would tell it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.service.published import publish, settle
from engine.statistics.small_group import hidden_parts, is_small

numbers = st.lists(st.integers(0, 9), min_size=1, max_size=5)


def together(columns):
    """Columns that count the same cases: each made up to the greatest sum by those without a value."""
    whole = max(sum(one) for one in columns)
    return [([*one, whole - sum(one)], whole) for one in columns]


@given(st.lists(numbers, min_size=1, max_size=4))
def test_settle__no_column_tells_what_another_leaves_out(columns):
    columns = together(columns)
    masks, totals = settle(columns)
    for (parts, total), mask in zip(columns, masks, strict=True):
        assert {place for place, n in enumerate(parts) if is_small(n)} <= mask or total in totals
        assert len(mask) != 1 or total in totals
        assert total not in totals or mask or not total
        last = len(parts) - 1
        also = (last,) if last in mask else ()
        assert mask == hidden_parts(parts, total_is_shown=total not in totals, also=also)
    without = {columns[n][0][-1] for n, mask in enumerate(masks) if len(columns[n][0]) - 1 in mask}
    shown = {columns[n][0][-1] for n, mask in enumerate(masks) if len(columns[n][0]) - 1 not in mask}
    assert not (without & shown) - {0}


def test_publish__a_share_does_not_tell_how_many_have_none():
    def row(value):
        return {"code": str(value), "label": "x", "value": value, "references": ["A"], "hidden": 0}

    content: dict[str, Any] = {
        "figures": [
            {"figure": "all", "kind": "count", "value": 20, "references": [], "hidden": 0},
            {"figure": "some", "kind": "share", "value": 13, "of": 20, "references": [], "hidden": 0},
            {"figure": "days", "kind": "days", "value": 2, "lower": 1, "upper": 3, "lowest": 0, "highest": 9, "n": 17,
             "references": [], "hidden": 0},
        ],
        "tables": [
            {"table": "t", "rows": [row(10), row(3)], "missing": 7, "missing_references": [], "total": 20},
            {"table": "u", "rows": [row(13)], "missing": 7, "missing_references": [], "total": 20},
        ],
        "lists": [{}], "texts": [{}],
    }  # fmt: skip
    found = publish(content)
    assert [one["value"] for one in found["figures"]] == [20, None, 2]
    assert (found["figures"][2]["n"], found["figures"][2]["highest"]) == (None, None)
    first, second = found["tables"]
    assert ([one["value"] for one in first["rows"]], first["missing"]) == ([10, None], None)
    assert ([one["value"] for one in second["rows"]], second["missing"]) == ([None], None)
    assert "A" not in str(found)
    assert content["tables"][0]["missing"] == 7


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4))
def test_publish__a_table_of_two_ways_keeps_what_those_of_one_way_leave_out(cells):
    down = [sum(line) for line in zip(*cells, strict=True)]
    total = sum(down)
    two_way = {
        "two_way": "x", "total": total,
        "columns": [{"code": str(place), "value": number} for place, number in enumerate(down)],
        "rows": [
            {
                "code": str(place), "value": sum(line),
                "cells": [{"value": number, "references": ["A"], "hidden": 0} for number in line],
            }
            for place, line in enumerate(cells)
        ],
    }  # fmt: skip
    one_way = {
        "table": "rows", "missing": 0, "missing_references": [], "total": total,
        "rows": [
            {"code": str(place), "value": sum(line), "references": [], "hidden": 0} for place, line in enumerate(cells)
        ],
    }  # fmt: skip
    found = publish({"figures": [], "tables": [one_way], "two_way": [two_way], "lists": [], "texts": []})
    (table,), (cross,) = found["tables"], found["two_way"]
    assert [row["value"] for row in table["rows"]] == [row["value"] for row in cross["rows"]]
    assert (table["total"] is None) is (cross["total"] is None)
    shown = [cell["value"] for row in cross["rows"] for cell in row["cells"]]
    assert not any(number is not None and is_small(number) for number in shown)
    for row in cross["rows"]:
        out = [cell for cell in row["cells"] if cell["value"] is None]
        assert len(out) != 1 or row["value"] is None
    for place, column in enumerate(cross["columns"]):
        out = [row for row in cross["rows"] if row["cells"][place]["value"] is None]
        assert len(out) != 1 or column["value"] is None
    assert "A" not in str(found)
