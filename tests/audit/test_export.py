"""The log as it is handed out: whole lines that still hash, stable columns, nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import hashlib
import io

import orjson
import pytest

from engine.audit import page
from engine.audit.export import COLUMNS, Selection, cell, export
from engine.ledger.chain import EVENT_TAG
from tests.audit.owner import owning


def exported(database, format_, **more) -> bytes:
    out = io.BytesIO()
    count = export(database, format_, out, Selection(**more))
    lines = out.getvalue().count(b"\r\n" if format_ == "csv" else b"\n")
    assert count == lines - (format_ == "csv")
    return out.getvalue()


def lines_of(database, **more) -> list[dict]:
    return [orjson.loads(line) for line in exported(database, "jsonl", **more).splitlines()]


def rows_of(database, **more) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(database, "csv", **more).decode(), newline="")))


def test_jsonl__holds_the_bytes_that_were_hashed(lived):
    heads: dict[str, str] = {}
    for line in exported(lived, "jsonl").splitlines():
        digest = orjson.loads(line)["hash"]
        stored = EVENT_TAG + line.replace(b'"hash":"%s",' % digest.encode(), b"", 1)
        body = orjson.loads(stored[len(EVENT_TAG) :])
        assert hashlib.sha256(stored).hexdigest() == digest
        assert body["seq"] == 1 or body["prev"] == heads[body["stream"]]
        heads[body["stream"]] = digest
    with owning(lived) as owner:
        stood = owner.rows("SELECT name, head FROM streams")
    assert heads == {name: bytes(head).hex() for name, head in stood}


def test_jsonl__says_that_it_is_training(lived):
    assert {line["training"] for line in lines_of(lived)} == {True}


def test_jsonl__leaves_out_what_is_not_asked_for(lived):
    whole = lines_of(lived)
    assert any("commitments" in line for line in whole)
    assert any("coded" in line for line in whole)
    spare = lines_of(lived, commitments=False, coded=False)
    for line, less in zip(whole, spare, strict=True):
        assert less == {key: value for key, value in line.items() if key not in ("commitments", "coded")}


def test_csv__has_every_event_under_stable_columns(lived):
    rows, lines = rows_of(lived), lines_of(lived)
    assert [(row["stream"], int(row["seq"]), row["hash"]) for row in rows] == [
        (line["stream"], line["seq"], line["hash"]) for line in lines
    ]
    for row, line in zip(rows, lines, strict=True):
        assert tuple(row) == COLUMNS
        assert row["training"] == "true"
        assert row["person"] == line["actor"].get("person", "")
        assert orjson.loads(row["coded"] or "{}") == line.get("coded", {})


def test_csv__leaves_out_coded_values(lived):
    assert {row["coded"] for row in rows_of(lived, coded=False)} == {""}


def test_csv__has_its_heading_when_nothing_is_in_it(lived):
    assert exported(lived, "csv", process="none").decode() == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize(
    ("value", "text"), [("=1", "'=1"), (12, "12"), (True, "true"), (["-"], '["-"]'), ({"=": 1}, '{"=":1}')]
)
def test_cell__is_json_of_what_is_no_text_and_computes_nothing(value, text):
    assert cell(value) == text


def test_csv__no_cell_begins_a_formula_whatever_the_log_holds(lived):
    with owning(lived) as owner:
        owner.forge(
            "REP-2026-0004", 1, {"actor": {"person": "=cmd|' /C calc'!A0"}, "step": "@x", "process": "-1"}
        )
    row = next(row for row in rows_of(lived) if row["stream"] == "REP-2026-0004")
    assert (row["person"][:2], row["step"], row["process"]) == ("'=", "'@x", "'-1")


def test_selection__by_process_takes_its_cases_only(lived):
    found = {(line["stream_kind"], line["process"]) for line in lines_of(lived, process="order")}
    assert found == {("case", "order")}


def test_selection__by_days_takes_both_ends(lived):
    days = [line["occurred_on"] for line in lines_of(lived)]
    found = [line["occurred_on"] for line in lines_of(lived, from_on="2026-03-03", to_on="2026-03-04")]
    assert found == [day for day in days if "2026-03-03" <= day <= "2026-03-04"]
    assert {"2026-03-03", "2026-03-04"} == set(found)


def test_export__turns_pages(lived, monkeypatch):
    whole = exported(lived, "jsonl"), exported(lived, "csv")
    monkeypatch.setattr(page, "EVENTS", 5)
    assert (exported(lived, "jsonl"), exported(lived, "csv")) == whole
