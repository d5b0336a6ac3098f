"""No command shows a person content above their level, or that a case is there; and what they read is written down.

Everybody tries everything in a random house (`hostile.py`); the oracle is written apart from the engine. `SEEDS` houses
in the everyday suite, many under `make soak`.
"""

from __future__ import annotations

import random
import shutil

import pytest

from tests.access.hostile import MARKER, PEOPLE, REFERENCE, Hostile
from tests.cli.shell import commands
from tests.service.made import made_sqlite_house

__all__ = ["made_sqlite_house"]
SEEDS = (1,)
ABSENT = "REP-2026-0999"
OF_A_CASE: tuple[tuple[str, ...], ...] = (
    ("show", "{ref}"),
    ("show", "{ref}", "--all", "--as-of", "2026-03-02T16:00"),
    ("show", "{ref}", "--json"),
    ("log", "{ref}"),
    ("log", "{ref}", "--json"),
    ("step", "{ref}"),
    ("step", "{ref}", "--json"),
    ("document", "{ref}"),
    ("document", "{ref}", "arende", "--format", "md"),
    ("document", "{ref}", "arende", "-o", "{out}/a.docx"),
    ("document", "{ref}", "--get", "1", "-o", "{out}/kept"),
    ("attach", "{ref}"),
    ("attach", "{ref}", "--get", "1", "-o", "{out}/file"),
    ("audit", "verify", "{ref}"),
    ("audit", "access", "{ref}"),
    ("link", "{ref}", "nonsense", "{other}"),
    ("link", "{other}", "like", "{ref}", "--command-id", "never-used"),
    ("new", "order", "--for", "{ref}", "--set", "kind=nonsense"),
    ("step", "{ref}", "look", "--set", "how_bad=9"),
    ("step", "{ref}", "hand_over"),
    ("step", "{ref}", "look", "--set", "how_bad=9", "--save-draft"),
    ("step", "{ref}", "finish", "--command-id", "never-used"),
    ("amend", "{ref}", "--set", "how_bad=9", "--reason", "r"),
    ("note", "{ref}", "t", "--heading", "nonsense", "--source", "s", "--fact"),
    ("assign", "{ref}", "nobody"),
    ("deadline", "waive", "{ref}", "nonsense", "--reason", "r"),
    ("cases", "--after", "{ref}"),
)
"""Commands that name a case. None of them changes anything, whoever runs it."""
OF_ALL: tuple[tuple[str, ...], ...] = (
    ("cases",),
    ("cases", "--format", "json", "--mine"),
    ("cases", "--format", "csv"),
    ("cases", "-o", "{out}/c.xlsx"),
    ("cases", "--open", "--older-rules"),
    ("tasks",),
    ("tasks", "--json", "--mine"),
    ("calendar", "export", "-o", "{out}/c.ics"),
    ("audit", "export", "-o", "{out}/e.jsonl"),
    ("audit", "export", "--format", "csv", "-o", "{out}/e.csv"),
    ("audit", "access"),
    ("audit", "access", "--json", "--sample", "50", "--seed", "s"),
    ("audit", "access", "-o", "{out}/a.csv"),
    ("audit", "verify"),
    ("draft", "list"),
    ("draft", "show", "1"),
    ("doctor",),
    ("step", "--process", "repair", "--where", "how_bad=3", "confirm", "--dry-run"),
)
BY_CONTENT: tuple[tuple[str, ...], ...] = (
    ("cases", "--where", "how_bad=3", "--process", "repair"),
    ("cases", "--where", "how_bad!=1", "--process", "repair", "--json"),
    ("cases", "--search", "text*"),
    ("cases", "--search", "text*", "--json"),
)
"""Commands that find a case by what it holds."""
ELSEWHERE = {
    "backup": "everything, for the administrator: tests/service/test_backup.py",
    "restore": "the same",
    "init": "before there is a case",
    "demo": "before there is a case",
    "process": "definitions",
    "org": "the organisation",
    "settings": "the installation",
    "schedule": "plans",
    "import": "writes: tests/exchange",
    "tick": "writes as the system",
    "report": "its process is a shipped one: tests/service/test_report.py",
    "claim": "writes",
    "release": "writes",
}


def test_commands__are_all_tried_or_left_out_for_a_reason():
    tried = {words[0] for words in (*OF_A_CASE, *OF_ALL, *BY_CONTENT)}
    assert {path[0] for path in commands() if path} == tried | set(ELSEWHERE)


@pytest.fixture
def hostile(request, sqlite_house, tmp_path, monkeypatch):
    path = tmp_path / "hjul.sqlite"
    shutil.copyfile(sqlite_house, path)
    found = Hostile(path, tmp_path, monkeypatch, random.Random(request.param))
    found.populate(cases=4)
    yield found
    found.house.close()


class Trial:
    """One person in the house: what they may be told, as the oracle has it, and what they are told."""

    def __init__(self, hostile: Hostile, person: str) -> None:
        self.hostile, self.person = hostile, person
        self.levels, self.cases = hostile.levels(person), hostile.cases()
        written = hostile.written()
        self.own = {marker for marker, places in written.items() if person in {who for _, who in places}}
        self.where = {marker: {name for name, _ in places} for marker, places in written.items()}
        self.faults: list[str] = []

    def may_read(self, marker: str) -> bool:
        cases = self.where.get(marker, set())
        return marker in self.own or any(self.levels[name] == "content" for name in cases)

    def says(self, *args: str, **settings) -> str:
        """Run a command; hold what came out against the oracle, and the access log against what came out."""
        (last,) = self.hostile.rows("SELECT coalesce(max(id), 0) FROM access_log")[0]
        said = self.hostile.seen_by(self.person, *args, **settings)
        typed = " ".join(args)
        found = {marker for marker in MARKER.findall(said) if marker not in typed}
        self.hold(all(map(self.may_read, found)), args, said, "content that is not theirs")
        marked = {
            name for marker in found - self.own for name in self.where.get(marker, ())
            if self.cases[name]["marks"] and self.levels[name] == "content"
        }  # fmt: skip
        noted = {
            row[0] for row in self.hostile.rows(
                "SELECT reference FROM access_log WHERE id > ? AND person = ? AND outcome = 'shown'", last, self.person
            )
        }  # fmt: skip
        self.hold(
            marked <= noted, args, said, f"marked content that is not in the access log: {marked - noted}"
        )
        return said

    def hold(self, truth: bool, args, said: str, fault: str) -> None:
        if not truth:
            self.faults.append(f"{self.person}: {' '.join(args)}: {fault}\n{said[:1500]}")

    def try_case(self, reference: str, other: str) -> None:
        """Every command on a case; one that they may not know of is as one that is not there."""
        for words in OF_A_CASE:
            args = [word.replace("{ref}", reference).replace("{other}", other) for word in words]
            (last,) = self.hostile.rows("SELECT coalesce(max(id), 0) FROM access_log")[0]
            said = self.says(*args)
            if self.levels[reference] != "none":
                continue
            absent = self.says(*(word.replace("{ref}", ABSENT).replace("{other}", other) for word in words))
            same = said.replace(reference, ABSENT) == absent
            self.hold(same, args, f"{said}\n--- absent:\n{absent}", "tells that the case is there")
            refused = self.hostile.rows(
                "SELECT 1 FROM access_log WHERE id > ? AND person = ? AND reference = ? AND outcome = 'refused'",
                last, self.person, reference,
            )  # fmt: skip
            is_asked = reference in said and words[0] != "cases"
            self.hold(bool(refused) or not is_asked, args, said, "a refusal that is not in the access log")

    def try_all(self) -> None:
        """Every command that lists; no reference of a case that they may not know of, none found by hidden content."""
        for words in OF_ALL:
            self.only(words, self.says(*words), "envelope")
        hidden = sorted(marker for marker in self.where if not self.may_read(marker))[:6]
        searches = tuple(("cases", "--search", marker) for marker in hidden)
        for words in BY_CONTENT + searches:
            self.only(words, self.says(*words), "content")
        for reference in (name for name, level in self.levels.items() if level == "none"):
            for words in (("show", reference[:-1]), ("step", reference, ""), ("document", reference, "")):
                said = self.says(*words, complete=True)
                absent = self.says(*(word.replace(reference, ABSENT) for word in words), complete=True)
                self.hold(
                    reference not in said and (words[0] == "show" or said == absent),
                    words,
                    said,
                    "completes it",
                )

    def only(self, words, said: str, wanted: str) -> None:
        names = {name for name in REFERENCE.findall(said) if name in self.levels}
        fit = ("content",) if wanted == "content" else ("content", "envelope")
        wrong = {name for name in names if self.levels[name] not in fit}
        if "--mine" in words:  # whoever reported a case is told what it led to, by reference
            mine = {name for name, case in self.cases.items() if case["reporter"] == self.person}
            wrong -= {other for one, other in self.hostile.linked() if one in mine}
        if wanted == "content":
            found = "SELECT reference FROM access_log WHERE person = ? AND action = 'search'"
            noted = {row[0] for row in self.hostile.rows(found, self.person)}
            self.hold(
                {name for name in names if self.cases[name]["marks"]} <= noted,
                words,
                said,
                "an unlogged find",
            )
        self.hold(not wrong, words, said, f"cases that are not to be told: {wrong}")


@pytest.mark.parametrize("hostile", SEEDS, indirect=True)
def test_command__shows_nobody_what_is_above_their_level(hostile):
    """One who reads a marked case, one who sees its envelope and wrote in it, one who may not know of it."""
    trials = [Trial(hostile, person) for person in PEOPLE]
    marked = {name for name, case in hostile.cases().items() if case["marks"]}

    def has(trial, level):
        return any(trial.levels[name] == level for name in marked)

    chosen = [
        next(one for one in trials if has(one, "content")),
        next(one for one in trials if has(one, "envelope") and one.own and not has(one, "content")),
        next(one for one in trials if has(one, "none")),
    ]
    hold_all(hostile, dict.fromkeys(one.person for one in chosen))


def hold_all(hostile, people):
    faults = []
    for person in people:
        trial = Trial(hostile, person)
        marked = [name for name, case in trial.cases.items() if case["marks"]]
        by_level = {
            trial.levels[name]: name for name in sorted(trial.levels, key=lambda one: (one in marked, one))
        }
        for reference in by_level.values():
            trial.try_case(reference, next(name for name in trial.levels if name != reference))
        trial.try_all()
        faults += trial.faults
    assert not faults, "\n\n".join(faults[:6]) + f"\n{len(faults)} in all"


@pytest.mark.soak
@pytest.mark.parametrize("hostile", range(100, 120), indirect=True)
def test_command__shows_nobody_what_is_above_their_level_in_many_houses(hostile):
    hold_all(hostile, PEOPLE)
