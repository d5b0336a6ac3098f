"""Who may see and do what, as values: the access rule, and which right somebody takes a step by.

The same `AccessRule` answers for one case (`level`) and is compiled to SQL for lists (`store.listing`); a
naive oracle in the tests compares the two. It must not know the store, the clock, or any process; which
appointments are in force on the day is settled by whoever makes the `Viewer`.

The rules and where they come from (design.md section 7, "Access", unless another is named):

1. A role at the case's unit or above gives the level that the process gives it (section 3: default none).
2. The assignee reads the content.
3. The reporter sees the envelope, and what they themselves sent (`is_own_report`).
4. The administrator's role gives the envelope and never more; a process may say `administrator: none`.
5. The highest of these counts. A substitute's appointment counts as their own while it lasts.
6. An access mark caps everybody at the envelope who has none of the roles it admits at the unit or above: the
   assignee and the manager too. It raises nobody. Several marks all cap; one that the process does not know
   admits nobody.
7. What a hand-over lets a role keep (section 3, `keeps`): a role in the mark's `keeps_for`, at the unit or
   above, is not capped by it when `read` or `write` was kept; `envelope` and `own` leave the cap.
8. The system (`tick`) is nobody's eyes and is not limited.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from engine.cases.event import EMPTY, Acting
from engine.cases.organisation import UnitTree

if TYPE_CHECKING:
    from engine.definition.condition import Condition
    from engine.definition.model import Level, Mark, Process, Who

ADMINISTRATOR: Final = "administrator"
PROXY: Final = "ombud"
"""Lets a person act under their own login in the name of the person they are it for (`--as`); gives nothing else."""
LEVELS: Final[tuple[Level, ...]] = ("none", "envelope", "content")
KEPT_CONTENT: Final = frozenset({"read", "write"})


@dataclass(frozen=True, slots=True)
class Grant:
    """An appointment in force: its id in the database, who has which role where, for whom as substitute."""

    appointment: int
    person: str
    role: str
    unit: str
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a person code with what they are appointed to today, or the system (None)."""

    person: str | None
    grants: tuple[Grant, ...] = ()

    @property
    def is_system(self) -> bool:
        """Whether nobody looks: `tick` does."""
        return self.person is None


SYSTEM: Final = Viewer(None)


@dataclass(frozen=True, slots=True)
class Ground:
    """By what somebody reads a case: a role at a unit, and for whom as substitute; or `assignee` or `reporter`."""

    role: str
    unit: str | None = None
    on_behalf_of: str | None = None


class Seen(Protocol):
    """What the rule reads of a case. `engine.cases.case.Case` is one; so is a row of a list."""

    @property
    def process(self) -> str:
        """The key of its process."""

    @property
    def unit(self) -> str:
        """The code of its unit."""

    @property
    def reporter(self) -> str:
        """The person code of who reported it."""

    @property
    def assignee(self) -> str | None:
        """The person code of who has it."""

    @property
    def marks(self) -> Mapping[str, str]:
        """Access mark -> what was kept when it was set."""


@dataclass(frozen=True, slots=True)
class MarkRule:
    """An access mark: the roles it admits, and those that may keep something after a hand-over."""

    admits: frozenset[str]
    keeps_for: frozenset[str] = frozenset()

    @staticmethod
    def of(mark: Mark) -> MarkRule:
        """Of the mark of a definition."""
        return MarkRule(frozenset(mark.admits), frozenset(mark.keeps_for))


@dataclass(frozen=True, slots=True)
class ProcessRule:
    """What a process says about access: the level of each role, and its marks."""

    levels: Mapping[str, Level]
    marks: Mapping[str, MarkRule] = field(default_factory=lambda: EMPTY)

    @staticmethod
    def of(process: Process) -> ProcessRule:
        """Of a definition."""
        return ProcessRule(process.roles, {key: MarkRule.of(mark) for key, mark in process.marks.items()})

    def level_of(self, role: str) -> Level:
        """Return what a role gives here, before any mark (rules 1 and 4)."""
        if role == ADMINISTRATOR:
            return lowest("envelope", self.levels.get(role, "envelope"))
        return self.levels.get(role, "none")


_SILENT: Final = ProcessRule(MappingProxyType({ADMINISTRATOR: "none"}))
_ADMITS_NOBODY: Final = MarkRule(frozenset())


@dataclass(frozen=True, slots=True)
class AccessRule:
    """What one viewer may see of all cases: one value, asked about one case or compiled to SQL.

    `processes` is process key -> what its newest published version says. In a process that is not
    there, roles give nothing.
    """

    viewer: Viewer
    tree: UnitTree
    processes: Mapping[str, ProcessRule]

    def process(self, key: str) -> ProcessRule:
        """Return what a process says; one that is not there says nothing."""
        return self.processes.get(key, _SILENT)

    def mark(self, process: str, mark: str) -> MarkRule:
        """Return what a mark says in a process; one that the process does not know admits nobody (rule 6)."""
        return self.process(process).marks.get(mark, _ADMITS_NOBODY)

    def level(self, case: Seen) -> Level:
        """Return the viewer's level on a case (rules 1-8)."""
        if self.viewer.is_system:
            return "content"
        found = self._uncapped(case)
        if found != "content" or not case.marks:
            return found
        return "envelope" if any(self._caps(case, *mark) for mark in case.marks.items()) else found

    def may_see(self, case: Seen) -> bool:
        """Whether the viewer sees at least the envelope."""
        return self.level(case) != "none"

    def may_read(self, case: Seen) -> bool:
        """Whether the viewer reads the content."""
        return self.level(case) == "content"

    def is_own_report(self, case: Seen) -> bool:
        """Whether the viewer sent the report, and so may read what they wrote in it at any level (rule 3)."""
        return not self.viewer.is_system and case.reporter == self.viewer.person

    def ground(self, case: Seen) -> Ground | None:
        """Return by what the viewer sees a case, as the access log has it; None when they do not, or are the system.

        What gives the most comes first: a role that no mark caps, the nearest unit, their own before a substitute's;
        then that they have the case, then that they reported it.
        """
        if self.viewer.is_system:
            return None
        rule, path = self.process(case.process), self.tree.path(case.unit)
        let_in = [self._let_in(case, *mark) for mark in case.marks.items()]
        found = [
            (
                -LEVELS.index(rule.level_of(grant.role)), not all(grant.role in roles for roles in let_in),
                grant.on_behalf_of is not None, path.index(grant.unit), grant.appointment, grant,
            )
            for grant in self.viewer.grants
            if grant.unit in path and rule.level_of(grant.role) != "none"
        ]  # fmt: skip
        best = min(found, default=None, key=lambda each: each[:5])
        if best is not None and best[0] == -LEVELS.index("content"):
            return Ground(best[5].role, best[5].unit, best[5].on_behalf_of)
        if case.assignee == self.viewer.person:
            return Ground("assignee")
        if best is not None:
            return Ground(best[5].role, best[5].unit, best[5].on_behalf_of)
        return Ground("reporter") if case.reporter == self.viewer.person else None

    def has_role(self, roles: Collection[str], unit: str) -> bool:
        """Whether the viewer has one of these roles at the unit or above."""
        path = self.tree.path(unit)
        return any(grant.role in roles and grant.unit in path for grant in self.viewer.grants)

    def units_with(self, roles: Collection[str]) -> frozenset[str]:
        """Return the units where the viewer has one of these roles, there or above: `has_role` reversed."""
        held = {grant.unit for grant in self.viewer.grants if grant.role in roles}
        return frozenset[str]().union(*map(self.tree.below, held))

    def units_at(self, process: str, level: Level) -> frozenset[str]:
        """Return the units where the viewer's roles give a level or more on unmarked cases of a process."""
        rule = self.process(process)
        wanted = LEVELS.index(level)
        roles = {grant.role for grant in self.viewer.grants}
        return self.units_with({role for role in roles if LEVELS.index(rule.level_of(role)) >= wanted})

    def _uncapped(self, case: Seen) -> Level:
        if case.assignee is not None and case.assignee == self.viewer.person:
            return "content"
        rule, path = self.process(case.process), self.tree.path(case.unit)
        levels = [rule.level_of(grant.role) for grant in self.viewer.grants if grant.unit in path]
        if case.reporter == self.viewer.person:
            levels.append("envelope")
        return highest(*levels)

    def _caps(self, case: Seen, mark: str, kept: str) -> bool:
        return not self.has_role(self._let_in(case, mark, kept), case.unit)

    def _let_in(self, case: Seen, mark: str, kept: str) -> frozenset[str]:
        rule = self.mark(case.process, mark)
        return rule.admits | rule.keeps_for if kept in KEPT_CONTENT else rule.admits


@dataclass(frozen=True, slots=True)
class Right:
    """What somebody takes a step by: how the event names them, and the appointment (None: a relation)."""

    acting: Acting
    appointment: int | None = None


def may_take(
    whos: Iterable[Who],
    viewer: Viewer,
    tree: UnitTree,
    case: Standing,
    *,
    persons_in: Callable[[str], Collection[str]],
    holds: Callable[[Condition], bool],
    operator: str | None = None,
) -> Right | None:
    """Return the right by which somebody may take a step, None when there is none (design.md section 3).

    Own rights come before a substitute's; among appointments the nearest unit wins, then the order of `whos`.
    A relation (person field, assignee, reporter, `anyone`) comes after an own role.

    Args:
        whos: The step's `by`.
        viewer: Who acts, with their appointments in force; the system has only `system`.
        tree: The units.
        case: Where the step is taken.
        persons_in: Person field -> the person codes in it.
        holds: Whether a condition of a `Who` holds for the case.
        operator: Whose login it is, when another's.
    """
    open_whos = [(place, who) for place, who in enumerate(whos) if who.when is None or holds(who.when)]
    if viewer.is_system:
        is_named = any(who.relation == "system" for _, who in open_whos)
        return Right(Acting(None, "system", operator=operator)) if is_named else None
    path = tree.path(case.unit)
    roles = [(place, who.role) for place, who in open_whos if who.role is not None]
    found = [
        (grant.on_behalf_of is not None, path.index(grant.unit), place, grant.appointment, grant)
        for place, role in roles
        for grant in viewer.grants
        if grant.role == role and grant.unit in path
    ]
    best = min(found, default=None, key=lambda each: each[:4])
    if best is not None and not best[0]:
        return _by_grant(best[4], operator)
    if any(_is_related(who, viewer, case, persons_in) for _, who in open_whos):
        return Right(Acting(viewer.person, operator=operator))
    return _by_grant(best[4], operator) if best is not None else None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a step is taken: the unit; of an existing case its reporter, its assignee, whether it is seen.

    For an opening step only the unit: anybody registered may open a case at any unit.
    """

    unit: str
    reporter: str | None = None
    assignee: str | None = None
    is_seen: bool = True


def _is_related(
    who: Who, viewer: Viewer, case: Standing, persons_in: Callable[[str], Collection[str]]
) -> bool:
    if who.person_in is not None:
        return viewer.person in persons_in(who.person_in)
    if who.relation == "anyone":
        return case.is_seen
    if who.relation == "reporter":
        return viewer.person == case.reporter
    return who.relation == "assignee" and viewer.person == case.assignee


def _by_grant(grant: Grant, operator: str | None) -> Right:
    acting = Acting(
        grant.person, role=grant.role, unit=grant.unit, on_behalf_of=grant.on_behalf_of, operator=operator
    )
    return Right(acting, grant.appointment)


def highest(*levels: Level) -> Level:
    """Return the highest of some levels, `none` of nothing."""
    return max(levels, key=LEVELS.index, default="none")


def lowest(*levels: Level) -> Level:
    """Return the lowest of some levels."""
    return min(levels, key=LEVELS.index)
