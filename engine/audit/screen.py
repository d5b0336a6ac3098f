"""Tells quickly which streams are beyond doubt; those that are not are looked at by `walk` and `replay`.

Most streams are sound, so that is settled first, with as little work as can be: no dataclass per event, each
body read once, a case folded in place. A stream is beyond doubt only when every stored byte is the one that
the log demands; anything else, a surprise included, is doubt. What is right is said once, in `walk` and
`replay`: this module may doubt a sound stream (that costs time), never trust an unsound one, and a test
changes every column and looks for that. It must not name problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from operator import itemgetter
from typing import Any, Final

import orjson

from engine.audit.basis import Basis, Published
from engine.audit.page import Page, Window, grouped
from engine.audit.replay import is_same_json
from engine.audit.task import task_faults
from engine.cases.case import Case, title_of
from engine.cases.event import EMPTY
from engine.cases.reference import is_reference
from engine.definition.model import Process
from engine.definition.value import split_path
from engine.errors import LedgerError
from engine.language.sentence import Words
from engine.ledger.canonical import OPTIONS
from engine.ledger.chain import EVENT_TAG, FORMAT, genesis, open_body, open_commitments
from engine.store.database import Row

SORTED: Final = orjson.OPT_SORT_KEYS
_SAID: Final = itemgetter(
    "seq", "kind", "recorded_at", "command", "ordinal", "stream", "stream_kind", "prev", "authority", "training",
    "format",
)  # fmt: skip
_START: Final = len(EVENT_TAG)
NO_TITLE: Final = Words("", "")
_COUNTED: Final = frozenset({"step", "entry"})


def doubtful(window: Window, page: Page, basis: Basis) -> set[int]:
    """The ids of the streams of a window about which there is any doubt."""
    screen = _Screen(window, page, basis)
    return screen.run()


class _Screen:
    """The rows of a window, put beside each other."""

    def __init__(self, window: Window, page: Page, basis: Basis) -> None:
        self.basis = basis
        self.streams = {row[0]: row for row in window.streams}
        self.cases = {row[0]: row for row in window.cases}
        self.coded, self.deadlines = window.coded, window.deadlines
        self.links, self.marks, self.tasks = map(grouped, (window.links, window.marks, window.tasks))
        self.page = page
        self.doubted = {row[0] for row in window.erased}

    def run(self) -> set[int]:
        doubted = self.doubted
        groups = grouped(self.page.events)
        values = grouped(self.page.payloads)
        doubted |= groups.keys() ^ self.streams.keys()
        doubted |= values.keys() - groups.keys()
        for rows in (self.cases, self.coded, self.deadlines, self.links, self.marks, self.tasks):
            doubted |= rows.keys() - groups.keys()
        keys = [row[:2] for row in self.page.events]
        if keys != self.page.unsealed:
            doubted |= {key[0] for key in set(keys) ^ set(self.page.unsealed)}
        for stream_id, events in groups.items():
            if stream_id not in doubted and not self._is_sound(stream_id, events, values.get(stream_id, ())):
                doubted.add(stream_id)
        return doubted

    def _is_sound(self, stream_id: int, events: Sequence[Row], values: Sequence[Row]) -> bool:
        stream = self.streams[stream_id]
        fold = Fold() if stream[1] == "case" else None
        try:
            payloads = {row[1]: row[2] for row in values}
            if not _holds(stream, events, payloads, self.basis, fold) or payloads:
                return False
            if fold is None:
                rows = (self.cases, self.coded, self.deadlines, self.links, self.marks, self.tasks)
                return not any(stream_id in found for found in rows)
            return self._is_replayed(stream, fold)
        except (LookupError, ValueError, TypeError, AttributeError, LedgerError):
            return False

    def _is_replayed(self, stream: Row, fold: Fold) -> bool:
        """Whether the rows of a case are those that its events make."""
        stream_id, _, name, _, state, _ = stream
        row = self.cases[stream_id]
        published = self.basis.definitions[fold.definition]
        process = published.process
        if process is None:
            return False
        is_open = not process.states[state].final
        sv, en = _title(published, fold.values)
        if row[1:13] != (
            fold.process, published.id, fold.unit, fold.reporter, fold.assignee or None, fold.opened_on,
            _happened_on(process.happened, fold), fold.recorded_at, fold.opened_at, is_open, sv, en,
        ):  # fmt: skip
            return False
        return (
            is_reference(name, process.reference, fold.opened_on)
            and _is_same(row[13], fold.data())
            and _is_same(row[14], fold.private)
            and _are_coded(self.coded.get(stream_id), published, fold.values)
            and _rows_of(self.deadlines.get(stream_id)) == sorted(map(_deadline, fold.deadlines.values()))
            and self._has_links(stream_id, fold)
            and self._has_tasks(stream, fold, process, is_open=is_open)
        )

    def _has_links(self, stream_id: int, fold: Fold) -> bool:
        """Whether links and marks are those of the events; most cases have neither."""
        links, marks = self.links.get(stream_id, ()), self.marks.get(stream_id, ())
        if not (links or marks or fold.links or fold.marks):
            return True
        are_links = sorted(row[1:] for row in links) == sorted(map(_link, fold.links))
        return are_links and {row[1]: row[2] for row in marks} == fold.marks

    def _has_tasks(self, stream: Row, fold: Fold, process: Process, *, is_open: bool) -> bool:
        """Whether the tasks are those of the case; one that is over has none."""
        rows = self.tasks.get(stream[0], ())
        past = self.basis.past
        if not is_open or past is None:
            return not rows or is_open
        last = fold.last
        return not task_faults(
            [row[1:] for row in rows], fold.case(stream), process, last["actor"].get("person"),
            last["occurred_on"], past,
        )  # fmt: skip


class Fold:
    """A case while its bodies are laid upon each other: the same as `Case.after`, without a value for each."""

    __slots__ = (
        "assignee", "deadlines", "definition", "entries", "last", "links", "marks", "opened_at", "opened_on", "private",
        "process", "recorded_at", "reporter", "rows", "taken", "unit", "values",
    )  # fmt: skip

    def __init__(self) -> None:
        """Begin before the first event."""
        self.process = self.definition = self.unit = self.reporter = ""
        self.opened_on = self.opened_at = self.recorded_at = ""
        self.assignee: str | None = None
        self.values: dict[str, Any] = {}
        self.private: dict[str, Any] = {}
        self.taken: dict[str, list[Any]] = {}
        self.entries: dict[str, str] = {}
        self.deadlines: dict[str, dict[str, Any]] = {}
        self.marks: dict[str, str] = {}
        self.links: list[dict[str, Any]] = []
        self.rows: dict[str, int] = {}
        self.last: Mapping[str, Any] = EMPTY

    def add(self, body: Mapping[str, Any], personal: Mapping[str, Any]) -> None:
        """Lay a body and what it committed to upon what there is."""
        get = body.get
        if not self.recorded_at:
            self.process, self.opened_on, self.opened_at = (
                body["process"],
                body["occurred_on"],
                body["occurred_at"],
            )
        self.last = body
        self.definition, self.recorded_at = body["definition"], body["recorded_at"]
        for path in get("cleared", ()):
            self.values.pop(path, None)
            self.private.pop(path, None)
        coded = get("coded")
        if coded:
            self.values.update(coded)
            if "." in "".join(coded):
                self._count_rows(coded)
        for path, value in personal.items():
            if path[0] != "$":
                self.private[path] = value
                if "." in path:
                    self._count_rows((path,))
        step = get("step")
        if step is not None and body["kind"] in _COUNTED:
            self._take(step, body)
        for deadline in get("deadlines", ()):
            self.deadlines[deadline["key"]] = deadline
        if "sets" in body or "marks" in body or "links" in body or "entry" in body:
            self._add_seldom(body)

    def data(self) -> dict[str, Any]:
        """What stands in the column `data`."""
        return {
            "values": self.values, "taken": self.taken, "entries": self.entries,
            "deadlines": list(self.deadlines.values()), "marks": self.marks, "links": self.links, "rows": self.rows,
        }  # fmt: skip

    def case(self, stream: Row) -> Case:
        """The case as its tasks follow from it: open, without its title and the deadlines that are over."""
        columns = {
            "reference": stream[2], "process": self.process, "definition": self.definition, "state": stream[4],
            "seq": stream[3], "unit": self.unit, "reporter": self.reporter, "opened_on": self.opened_on,
            "recorded_at": self.recorded_at, "is_open": True, "title": NO_TITLE, "assignee": self.assignee or None,
        }  # fmt: skip
        running = [deadline for deadline in self.deadlines.values() if deadline["status"] == "open"]
        return Case.restore(columns, {**self.data(), "deadlines": running}, self.private)

    def _add_seldom(self, body: Mapping[str, Any]) -> None:
        """What few bodies say."""
        sets = body.get("sets", EMPTY)
        self.unit, self.reporter = sets.get("unit", self.unit), sets.get("reporter", self.reporter)
        self.assignee = sets.get("assignee", self.assignee)
        marks = {**self.marks, **body.get("marks", EMPTY)}
        self.marks = {mark: kept for mark, kept in marks.items() if kept}
        self.links += [link for link in body.get("links", ()) if link not in self.links]
        entry = body.get("entry")
        if entry is not None:
            self.entries.pop(str(entry.get("corrects")), None)
            self.entries[str(body["seq"])] = entry["heading"]

    def _count_rows(self, paths: Iterable[str]) -> None:
        for path in paths:
            if "." in path:
                table, row, _ = split_path(path)
                if row is not None:
                    self.rows[table] = max(self.rows.get(table, 0), int(row[1:]))

    def _take(self, step: str, body: Mapping[str, Any]) -> None:
        before = self.taken.get(step)
        persons = [] if before is None else before[1]
        person = body["actor"].get("person")
        if person is not None and person not in persons:
            persons = [*persons, person]
        times = 1 if before is None else before[0] + 1
        self.taken[step] = [times, persons, body["occurred_on"], body["occurred_at"], body["seq"]]


def _holds(
    stream: Row, events: Sequence[Row], payloads: dict[int, str], basis: Basis, fold: Fold | None
) -> bool:
    """Whether the events of a stream are whole; those that personal values were taken for leave `payloads`."""
    _, kind, name, length, state_now, head = stream
    authority, training = basis.authority.id, basis.authority.training
    number, state, last_at, last = 0, "", "", b""
    loads, dumps, known = orjson.loads, orjson.dumps, basis.definitions
    for _, seq, digest, prev, what, from_, to, at, command, ordinal, stored in events:
        number += 1
        data = stored[_START:]
        body = loads(data)
        if (
            sha256(stored).digest() != digest
            or dumps(body, option=OPTIONS) != data
            or not stored.startswith(EVENT_TAG)
        ):
            return False
        if number == 1:
            last = bytes.fromhex(
                genesis(
                    authority=authority, training=training, kind=kind, stream=name,
                    definition=body["definition"] if kind == "case" else "",
                )
            )  # fmt: skip
        if (
            seq != number
            or prev != last
            or _SAID(body)
            != (number, what, at, command, ordinal, name, kind, last.hex(), authority, training, FORMAT)
            or from_ != state
            or body.get("from", from_) != from_
            or body.get("to", from_) != to
            or at < last_at
            or body["occurred_at"] > at
        ):
            return False
        last, last_at, state = digest, at, to
        personal: Mapping[str, Any] = EMPTY
        committed = body.get("commitments")
        if committed:
            text = payloads.pop(number)
            content = loads(text)
            opened = open_commitments(name, number, committed, content)
            if opened is None or dumps(content) != text.encode():
                return False
            personal = opened
        if fold is None:
            open_body(stored)
        elif body["definition"] in known:
            fold.add(body, personal)
        else:
            return False
    return bool(number == length and state == state_now and last == head)


def _title(published: Published, values: Mapping[str, Any]) -> tuple[str, str]:
    assert published.process is not None  # noqa: S101  the caller has asked
    key = repr([values.get(name) for names in published.process.title_names for name in names])
    found = published.titles.get(key)
    if found is None:
        if len(published.titles) >= 20_000:
            published.titles.clear()
        words = title_of(published.process, values)
        found = published.titles[key] = words.sv, words.en
    return found


def _happened_on(name: str | None, fold: Fold) -> str | None:
    value = (fold.values.get(name) or fold.private.get(name)) if name else None
    if isinstance(value, dict):
        value = value.get("from")
    return value[:10] if isinstance(value, str) and value else None


def _is_same(stored: str, made: Any) -> bool:
    """Whether a stored JSON says this and nothing else, types included, in the spelling of the writer."""
    data = orjson.dumps(made, option=SORTED)
    return data == stored.encode() or is_same_json(stored, data)


def _rows_of(gathered: str | None) -> list[Any]:
    return sorted(orjson.loads(gathered)) if gathered is not None else []


def _are_coded(gathered: str | None, published: Published, values: Mapping[str, Any]) -> bool:
    """Whether the coded rows are those of the values: as text when it is spelled alike, else row by row."""
    found: list[str] = []
    texts = published.texts
    for path, value in values.items():
        known = texts.get((path, value)) if type(value) is str else None
        found += published.coded(path, value) if known is None else known
    found.sort()
    text = f"[{','.join(found)}]"
    return text == (gathered or "[]") or _rows_of(gathered) == sorted(orjson.loads(text))


def _deadline(body: Mapping[str, Any]) -> list[Any]:
    return [
        body["key"], body["step"], body["kind"], body["due_on"], body["since"], body["status"], body.get("settled_on"),
    ]  # fmt: skip


def _link(body: Mapping[str, Any]) -> Row:
    return body["kind"], body["other"], body["outgoing"], body.get("row", "")
