"""`import` of deviations from CSV and XLSX, each validated, logged and chained, against executemany of the same rows.

Hjul reads the file, decides every row twice (once to say all that is wrong before anything is written) and writes some
hundred in a commit. The floor gets the rows ready made, as Hjul wrote them, and puts them in by executemany: the same
tables, triggers, indexes, journal mode and commits. That they are the same is checked. Memory is that of a process
which does nothing else.
"""

from __future__ import annotations

import csv
import hashlib
import multiprocessing
import pickle
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import Result, in_turns, note, peak_memory, ratio_of_rounds, report, say, timed
from benchmarks.step import compare, contents, sqlite_rows, warmed
from benchmarks.tape import Tape
from benchmarks.town import Town, make_town, sqlite_url

GOAL: Final = 0.3
MOST_MEMORY: Final = 300
"""Megabytes."""
UNITS: Final = 40
BY: Final = "kvalitetssamordnare"
MAP: Final = """
process: avvikelse
steps: {column: Status, values: {Avslutad: importera_avslutad, Pågår: importera}}
key: Nr
origin: Det gamla systemet
columns:
  Nr: gammalt_nummer
  Händelsedatum: intraffade
  Registrerad: $done_at
  Enhet: unit
  Typ: {field: kategori, values: {Medicin: lakemedel, Utebliven insats: hjalp_uteblev}}
  Beskrivning: handelse
always: {ursprung: Det gamla systemet}
"""
HEADINGS: Final = ("Nr", "Händelsedatum", "Registrerad", "Enhet", "Typ", "Beskrivning", "Status")
TEXTS: Final = (
    (
        "Den boende hittades på golvet vid sängen klockan tre på natten. Larmet hade inte gått fram. Personalen "
        "kontrollerade att hen inte hade ont, hjälpte hen upp med lyften och ringde sjuksköterskan."
    ),
    "Kvällsdosen uteblev. Upptäcktes av morgonpersonalen när signeringslistan lästes. Sjuksköterskan kontaktades.",
    "Besöket på förmiddagen blev inte av eftersom det inte stod i planeringen efter bytet av grupp.",
)


def rows_of(first: int, count: int) -> Iterator[tuple[str, ...]]:
    """Deviations of ten years, numbered from `first`, at the units in turn."""
    for number in range(first, first + count):
        year, month, day = 2016 + number % 10, 1 + number % 12, 1 + number % 28
        yield (
            str(number), f"{year}-{month:02}-{day:02} {6 + number % 16:02}:15", f"{year}-{month:02}-{day:02}",
            f"Enhet {1 + number % UNITS}", ("Fall", "Medicin", "Utebliven insats")[number % 3],
            f"{TEXTS[number % 3]} ({number})", "Avslutad" if number % 4 else "Pågår",
        )  # fmt: skip


def write_csv(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    """As Excel writes it in Sweden."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADINGS, *rows])


def write_xlsx(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    """A workbook."""
    from xlsxwriter import Workbook  # noqa: PLC0415

    with Workbook(str(path), {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([HEADINGS, *rows]):
            sheet.write_row(place, 0, row)


WRITERS: Final[dict[str, Callable[[Path, Iterable[tuple[str, ...]]], None]]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
}


def bring_in(town: Town, file: Path, told: Callable[[], object] = lambda: None) -> None:
    """Import a file, as the command does it; `told` is called after each commit."""
    from engine.exchange.case_import import Choices  # noqa: PLC0415
    from engine.exchange.mapping import read_map  # noqa: PLC0415
    from engine.exchange.spreadsheet import read_spreadsheet  # noqa: PLC0415

    town.numbers.begin(file.stem)
    with town.acting(BY):
        service = town.app.imports
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        table = read_spreadsheet(file, None)
        mapping = read_map(MAP.encode(), "map.yaml", service.process("avvikelse"))
        staged = service.check(table, mapping, digest, Choices())
        assert not staged.refuses, staged.problems()[:3]
        staged.write(lambda *_: told())


@dataclass
class Spool:
    """What a file's import wrote, on disk: a commit at a time, as groups of (SQL, rows)."""

    path: Path
    commits: int = 0
    rows: int = 0

    def keep(self, tape: Tape) -> None:
        """Take what the tape has noted and let it begin anew."""
        with self.path.open("ab") as file:
            for one in tape.transactions:
                groups = [
                    (sql, [arguments for _, _, arguments in same])
                    for sql, same in groupby(one.writes, key=lambda write: write[1])
                ]
                if groups:
                    pickle.dump(groups, file)
                    self.commits += 1
                    self.rows += sum(len(rows) for _, rows in groups)
        tape.transactions.clear()

    def read(self) -> Iterator[list[tuple[str, list[tuple[Any, ...]]]]]:
        """The commits again."""
        with self.path.open("rb") as file:
            for _ in range(self.commits):
                yield pickle.load(file)


class Floor:
    """Puts ready rows in."""

    def __init__(self, path: Path) -> None:
        """Connect as Hjul does, with the journal mode that the file has."""
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=0, cached_statements=256)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.execute("PRAGMA synchronous = FULL")

    def play(self, spool: Spool) -> float:
        """Seconds for all commits; reading them from disk is not counted."""
        return sum(timed(lambda one=commit: self._commit(one)) for commit in spool.read())  # type: ignore[misc]

    def _commit(self, groups: list[tuple[str, list[tuple[Any, ...]]]]) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        for sql, rows in groups:
            if "RETURNING" in sql:
                for row in rows:
                    self.connection.execute(sql, row).fetchall()
            else:
                self.connection.executemany(sql, rows)
        self.connection.execute("COMMIT")


def measure(kind: str, rounds: int, rows: int) -> Result:
    """Measure with one kind of file, a file a round."""
    with tempfile.TemporaryDirectory(prefix="hjul-bench-") as folder:
        made, hjul, floor = (Path(folder) / name for name in ("made.sqlite", "hjul.sqlite", "floor.sqlite"))
        make_town(sqlite_url(made), UNITS).close()
        shutil.copy(made, hjul)
        shutil.copy(made, floor)
        files = [Path(folder) / f"r{number}.{kind}" for number in range(rounds)]
        for number, file in enumerate(files):
            WRITERS[kind](file, rows_of(number * rows, rows))
        note(f"  recording {rounds} x {rows} rows")
        spools = record(made, files)
        player, town = Floor(floor), warmed(sqlite_url(hjul))
        found = in_turns(
            {
                "hjul": lambda number: timed(lambda: bring_in(town, files[number])),
                "floor": lambda number: player.play(spools[number]),
            },
            rounds,
        )
        mode = player.connection.execute("PRAGMA journal_mode").fetchone()[0]
        player.connection.close()
        town.close()
        each = {key: [1000 * seconds / rows for seconds in values] for key, values in found.items()}
        medians = report(f"import, {kind}, SQLite, journal {mode}, {rows} rows", each, "ms a row")
        ratio = ratio_of_rounds(each["floor"], each["hjul"])
        written = sum(spool.rows for spool in spools) / (rounds * rows)
        say(f"  of the floor: {ratio:.2f}; rows written per case: {written:.1f}")
        compare(contents(sqlite_rows(hjul)), contents(sqlite_rows(floor)))
        return Result(f"import_{kind}", medians["hjul"], medians["floor"], "ms", ratio, GOAL, "higher")


def record(made: Path, files: Iterable[Path]) -> list[Spool]:
    """What the import of each file writes, from doing them once."""
    town, spools = warmed(sqlite_url(made)), []
    for file in files:
        tape, spool = Tape(), Spool(file.with_suffix(".tape"))
        with tape.recording():
            bring_in(town, file, lambda tape=tape, spool=spool: spool.keep(tape))  # type: ignore[misc]
        spool.keep(tape)
        spools.append(spool)
    town.close()
    return spools


def memory(kind: str, rows: int) -> Result:
    """The most memory that an import of so many rows takes."""
    with tempfile.TemporaryDirectory(prefix="hjul-bench-") as folder:
        made, file = Path(folder) / "made.sqlite", Path(folder) / f"rows.{kind}"
        make_town(sqlite_url(made), UNITS).close()
        WRITERS[kind](file, rows_of(0, rows))
        context = multiprocessing.get_context("spawn")
        with context.Pool(1) as pool:
            used, seconds = pool.apply(_alone, (str(made), str(file)))
    say(f"import, {kind}, {rows} rows: {used:.0f} MB at most, {seconds:.1f} s of processor time")
    return Result(f"import_memory_{kind}", used, MOST_MEMORY, "MB", used / MOST_MEMORY, 1.0, "lower")


def _alone(database: str, file: str) -> tuple[float, float]:
    town = warmed(sqlite_url(Path(database)))
    bring_in(town, Path(file))
    town.close()
    return peak_memory(), time.process_time()


def run(*, large: bool) -> Iterator[Result]:
    """Both kinds of file; `large` measures a hundred thousand rows at once."""
    for kind in WRITERS:
        yield measure(kind, *((1, 100_000) if large else (7, 1_000)))
        yield memory(kind, 100_000 if large else 5_000)
