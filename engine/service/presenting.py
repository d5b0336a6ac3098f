"""Cases as people may see them: forms, steps, fields, tables, in the words of their definition.

Pure over the facts. It must not know the store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from engine.calendar.workday import Calendar
from engine.cases.access import AccessRule
from engine.cases.asking import applies, asked_column, is_answered, takes_unknown
from engine.cases.case import Case
from engine.cases.decision import Task
from engine.cases.event import Event
from engine.cases.facts import Definition
from engine.cases.reading import INTRINSIC
from engine.cases.step import inspect, say_whos
from engine.cases.view import CaseView as View
from engine.cases.view import persons_in, role_words, say_value, words_of
from engine.cases.work import Work
from engine.definition.model import (
    ROLES,
    Ask,
    CodeList,
    Column,
    FieldDefinition,
    ListedCode,
    Process,
    Sight,
    Step,
)
from engine.definition.value import Value, is_missing, split_path
from engine.language.sentence import Words
from engine.service.listed import TaskView
from engine.service.result import (
    NAMELESS,
    Choice,
    FieldView,
    FormField,
    FormRow,
    PersonView,
    StepView,
    TableView,
)
from engine.service.timed import days_left


def present_field(
    process: Process, name: str, column: Column, *, required: bool, value: Value, ask: Ask | None = None
) -> FormField:
    """A field that is asked for, with what may be chosen; `ask` is how a step asks for it."""
    codes = process.code_list(column)
    columns = column.columns if isinstance(column, FieldDefinition) else {}
    return FormField(
        field=name, label=column.label, type=column.type, required=required,
        help=(ask.help if ask is not None else None) or column.help,
        example=column.example if isinstance(column, FieldDefinition) else None,
        unknown_allowed=takes_unknown(column, ask), multiple=column.type == "choices",
        choices=tuple(choices(codes)) if codes else (), value=value,
        columns=tuple(
            present_field(process, key, inner, required=inner.required, value=None)
            for key, inner in columns.items() if inner.computed is None
        ),
    )  # fmt: skip


def choices(codes: CodeList) -> list[Choice]:
    """The codes that may be chosen, as a tree laid flat; those to show first come first."""
    found: list[Choice] = []

    def walk(level: Mapping[str, ListedCode], depth: int) -> None:
        for key, code in level.items():
            if not code.retired:
                found.append(Choice(key, code.label, depth, code.help))
            walk(code.children, depth + 1)

    walk(codes.codes, 0)
    order = {code: number for number, code in enumerate(codes.first)}
    first = sorted(
        (choice for choice in found if choice.code in order), key=lambda choice: order[choice.code]
    )
    return [*first, *(choice for choice in found if choice.code not in order)]


def asked_fields(step: Step, view: View, shown: Collection[str] | None = None) -> tuple[FormField, ...]:
    """The fields a step asks for now, required first; the columns of the row that it adds among them.

    shown: the fields whose values may be read (None: all); the others are asked for without theirs.
    """
    found = _row_fields(step, view.process)
    for ask, required in step.asked():
        if not applies(ask, view):
            continue
        column = asked_column(view.process, step, ask)
        is_shown = shown is None or ask.field.startswith("$") or ask.field in shown
        value = view.value(ask.field) if is_shown and column.type != "table" else None
        rows = _rows_to_fill(ask, view) if is_shown else ()
        lacks = any(one.required and is_missing(one.value) for row in rows for one in row.fields)
        is_required = lacks or (required and not is_answered(ask, step, view))
        one = present_field(view.process, ask.name, column, required=is_required, value=value, ask=ask)
        found.append(replace(one, rows=rows))
    return tuple(found)


def _rows_to_fill(ask: Ask, view: View) -> tuple[FormRow, ...]:
    """The rows of a table that are there, with what a step wants of each; called by the first thing that each holds."""
    if not ask.fills and not ask.may_fill:
        return ()
    columns = view.process.fields[ask.name].columns
    found = []
    for key, cells in view.case.table(ask.name).items():
        said = (
            say_value(view.process, f"{ask.name}.{name}", cells[name])
            for name in columns
            if name not in (*ask.fills, *ask.may_fill) and not is_missing(cells.get(name))
        )
        fields = tuple(
            present_field(
                view.process, name, columns[name], required=name in ask.fills, value=cells.get(name)
            )
            for name in (*ask.fills, *ask.may_fill)
        )
        found.append(FormRow(key, next(said, key), fields))
    return tuple(found)


def _row_fields(step: Step, process: Process) -> list[FormField]:
    """The columns of the row that a step adds, but for those that it asks for by name."""
    if step.adds_row is None:
        return []
    asked = {ask.name for ask, _ in step.asked()}
    columns = process.fields[step.adds_row].columns
    return [
        present_field(process, name, column, required=column.required, value=None)
        for name, column in columns.items()
        if column.computed is None and name not in asked
    ]


def unit_field(work: Work, value: str | None) -> FormField:
    """The unit of a case that is about to be opened, for when its step asks for none itself.

    Suggested is the unit where the actor has roles, when that is one.
    """
    day = work.facts.today.isoformat()
    own = {grant.unit for grant in work.viewer.grants}
    units = tuple(
        Choice(unit.code, Words(unit.name, unit.name), depth)
        for depth, unit in work.facts.tree.walk()
        if unit.is_in_force(day)
    )
    suggested = value or (next(iter(own)) if len(own) == 1 else None)
    return FormField(
        field="unit",
        label=INTRINSIC["unit"].label,
        type="unit",
        required=True,
        choices=units,
        value=suggested,
    )


def receivers(process: Process, step: Step) -> frozenset[str]:
    """The roles that are first to act on a case that a step opens: those of the first step that its state expects."""
    expected = process.states[step.opens].expects if step.opens else ()
    if not expected:
        return frozenset()
    whos = expected[0].by if expected[0].by is not None else process.steps[expected[0].step].by
    return frozenset(who.role for who in whos if who.role is not None)


def present_steps(
    work: Work, case: Case, definition: Definition, shown: Collection[str]
) -> tuple[StepView, ...]:
    """Every step that can be taken from a case's state, or is open or closed there, as the actor stands to it.

    shown: the fields whose values the actor may read.
    """
    process = definition.process
    view = work.view(case, process)
    expected = {
        one.step
        for one in process.states[case.state].expects
        if one.when is None or one.when.test(view) is True
    }
    found = []
    for key, step in process.steps.items():
        if step.opens or case.state not in process.sources[key]:
            continue
        is_open, why_not = inspect(work, key, case, definition)
        found.append(
            StepView(
                step=key, label=step.label, open=is_open, why_not=why_not, by=say_whos(step.by, process),
                asks=asked_fields(step, view, shown) if is_open else (), expected=key in expected,
                help=step.help, headings=tuple((name, process.headings[name]) for name in step.entry),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (not one.open, not one.expected)))


def readable(process: Process, rule: AccessRule, case: Case, events: Iterable[Event]) -> frozenset[str]:
    """The fields whose values the viewer may read, by the case as it is now.

    All at the level of content; else what they themselves typed last, and what a field is shown to: not what a step of
    theirs copied from another case, which others wrote.
    """
    if rule.may_read(case):
        return frozenset(process.fields)
    if not rule.may_see(case):
        return frozenset()
    writers: dict[str, set[str | None]] = {}
    for event in events:
        for name in {path.partition(".")[0] for path in (*event.coded, *event.personal, *event.cleared)}:
            is_table = name in process.fields and process.fields[name].type == "table"
            writer = event.acting.person if event.is_typed_by(event.acting.person) else None
            writers[name] = {writer} | (writers.get(name, set()) if is_table else set())
    own = {name for name, persons in writers.items() if persons == {rule.viewer.person}}
    return frozenset(own & set(process.fields)) | shown_to(process, rule, case)


def shown_to(process: Process, rule: AccessRule, case: Case) -> frozenset[str]:
    """The fields that are shown to the viewer, though they see only the envelope."""
    if not rule.may_see(case):
        return frozenset()
    return frozenset(
        name for name, sights in process.sights.items() if any(_sees(one, rule, case) for one in sights)
    )


def _sees(sight: Sight, rule: AccessRule, case: Case) -> bool:
    """Whether the viewer is whom a field is shown to, past the marks of the case."""
    if sight.relation == "reporter" and rule.is_own_report(case):
        return True
    if not set(case.marks) <= set(sight.past):
        return False
    person = rule.viewer.person
    if sight.role is not None:
        return rule.has_role({sight.role}, case.unit)
    if sight.person_in is not None:
        return person in persons_in(case, sight.person_in)
    return sight.relation == "assignee" and person is not None and person == case.assignee


def present_fields(process: Process, case: Case, shown: frozenset[str]) -> tuple[FieldView, ...]:
    """The fields of a case that have a value, in the order of the definition."""
    return tuple(
        FieldView(
            name, field.label, field.type, case.values[name], say_value(process, name, case.values[name])
        )
        for name, field in process.fields.items()
        if name in shown and field.type != "table" and not is_missing(case.values.get(name))
    )


def present_tables(process: Process, case: Case, shown: frozenset[str]) -> tuple[TableView, ...]:
    """The tables of a case that have rows."""
    found = []
    for name, field in process.fields.items():
        rows = case.table(name) if field.type == "table" and name in shown else {}
        if not rows:
            continue
        columns = tuple((key, column.label) for key, column in field.columns.items())
        cells = tuple(
            (key, tuple(
                FieldView(column, field.columns[column].label, field.columns[column].type, value,
                          say_value(process, f"{name}.{column}", value))
                for column in field.columns if (value := row.get(column)) is not None
            ))
            for key, row in rows.items()
        )  # fmt: skip
        found.append(TableView(name, field.label, columns, cells))
    return tuple(found)


def present_change(process: Process, path: str, value: Value, *, removed: bool = False) -> FieldView:
    """A value that an event wrote or took away."""
    name, row, column = split_path(path)
    known = process.column(path)
    label = words_of(process, f"{name}.{column}" if column else name)
    if row:
        table = process.label_of(name)
        label = Words(f"{table.sv} {row}: {label.sv}", f"{table.en} {row}: {label.en}")
    return FieldView(
        path, label, known.type if known else "text", value, say_value(process, path, value), removed
    )


def present_task(
    process: Process, case: Case, task: Task, today: date, calendar: Calendar, unit_name: str
) -> TaskView:
    """A task of a case."""
    due = date.fromisoformat(task.due_on) if task.due_on else None
    return TaskView(
        reference=case.reference, process=case.process, step=task.step, step_label=process.steps[task.step].label,
        role=task.role, role_label=role_words(process, task.role) if task.role else None, person=task.person,
        assignee=task.assignee, due_on=due, due_kind=task.due_kind,
        overdue=due is not None and due < today and task.due_kind != "lag_skyndsamt",
        working_days_left=days_left(today, due, calendar) if due and task.due_kind != "lag_skyndsamt" else None,
        title=titled(case, unit_name), unit=case.unit, unit_name=unit_name, since=task.since,
        days_gone=(today - due).days if due and task.due_kind == "lag_skyndsamt" else None,
        word=_law_word(process, case, task.step) if task.due_kind == "lag_skyndsamt" else None,
    )  # fmt: skip


def _law_word(process: Process, case: Case, step: str) -> Words | None:
    """The law's own word for what a step waits for: that of what its deadline rests on, else the deadline's own."""
    for key, of, due in process.deadlines:
        running = case.deadlines.get(key)
        if of == step and running is not None and running.status == "open" and due.kind == "lag_skyndsamt":
            ground = next((one for one in due.grounds if one.name == running.ground), None)
            return (ground.word if ground is not None else None) or due.word
    return None


def titled(case: Case, unit_name: str) -> Words:
    """The title with the unit's name of the day."""
    return Words(case.title.sv.replace("{unit}", unit_name), case.title.en.replace("{unit}", unit_name))


def readers(process: Process) -> tuple[Words, ...]:
    """The roles that read the content of a case of this process, for the one who is about to send it."""
    known = process.lists.get(ROLES)
    order = list(known.flat) if known else []
    roles = [role for role, level in process.roles.items() if level == "content"]
    return tuple(
        role_words(process, role)
        for role in sorted(roles, key=lambda r: order.index(r) if r in order else 99)
    )


def named_to(viewer: str | None, level: str, case: Case, person: PersonView) -> PersonView:
    """The person, nameless who reported a case under a mark of which the viewer has only the envelope."""
    hidden = level != "content" and bool(case.marks) and case.reporter != viewer
    return NAMELESS if hidden and person.code == case.reporter else person
