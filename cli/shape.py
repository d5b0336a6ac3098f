"""The JSON that programs rely on: one function for each thing that `--json` prints.

Codes, references and ISO days are for programs; what is said (`label`, `why_not`, `title`) is in the reader's
language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cli.session import Session
    from engine.service.listed import NoticeView, TaskView
    from engine.service.result import (
        CaseView,
        DeadlineView,
        DraftView,
        EntryView,
        EventView,
        FieldView,
        FileView,
        FormField,
        KeptPaperView,
        MustView,
        ParameterView,
        PersonView,
        StepResult,
        StepView,
    )


def opened_shape(session: Session, result: StepResult) -> dict[str, Any]:
    """What `new` did."""
    return {
        "reference": result.reference,
        "state": result.state,
        "seq": result.seq,
        "opened": [one.reference for one in result.opened],
        "warnings": [session.say(warning) for warning in result.warnings],
        "repeated": result.repeated,
    }


def taken_shape(session: Session, result: StepResult) -> dict[str, Any]:
    """What `step` did."""
    return {
        "reference": result.reference,
        "step": result.step,
        "from": result.from_state,
        "to": result.state,
        "seq": result.seq,
        "opened": [one.reference for one in result.opened],
        "also": [{"reference": one.reference, "step": one.step, "to": one.state} for one in result.also],
        "warnings": [session.say(warning) for warning in result.warnings],
        "repeated": result.repeated,
        "next": [task_shape(session, task) for task in result.next],
    }


def step_shape(session: Session, step: StepView) -> dict[str, Any]:
    """A step of a case and what it asks for: enough for a program to take it."""
    return {
        "step": step.step,
        "label": session.say(step.label),
        "open": step.open,
        "why_not": [session.say(why) for why in step.why_not],
        "by": [session.say(who) for who in step.by],
        "asks": [ask_shape(session, field) for field in step.asks],
        "expected": step.expected,
        "headings": [{"code": key, "label": session.say(label)} for key, label in step.headings],
    }


def ask_shape(session: Session, field: FormField) -> dict[str, Any]:
    """A field that a step asks for."""
    shape: dict[str, Any] = {
        "field": field.field,
        "type": field.type,
        "label": session.say(field.label),
        "required": field.required,
        "unknown": field.unknown_allowed,
        "choices": [
            {"code": one.code, "label": session.say(one.label), "depth": one.depth} for one in field.choices
        ],
    }
    if field.columns:
        shape["columns"] = [ask_shape(session, column) for column in field.columns]
    return shape


def task_shape(session: Session, task: TaskView) -> dict[str, Any]:
    """What somebody should do."""
    return {
        "reference": task.reference,
        "process": task.process,
        "step": task.step,
        "label": session.say(task.step_label),
        "role": task.role,
        "person": task.person,
        "assignee": task.assignee,
        "unit": task.unit,
        "due_on": task.due_on,
        "due_kind": task.due_kind,
        "days_gone": task.days_gone,
        "word": session.say(task.word) if task.word else None,
        "overdue": task.overdue,
        "working_days_left": task.working_days_left,
        "title": session.say(task.title),
        "since": task.since,
    }


def case_shape(session: Session, case: CaseView) -> dict[str, Any]:
    """A case as the caller may see it; `level` says how much that is."""
    return {
        "reference": case.reference,
        "process": case.process,
        "version": case.version,
        "newest_version": case.newest_version or case.version,
        "keeps_older": case.newest_version is not None and not case.adopts,
        "state": case.state,
        "open": case.is_open,
        "unit": case.unit,
        "title": session.say(case.title),
        "opened_on": case.opened_on,
        "happened_on": case.happened_on,
        "reporter": person_shape(session, case.reporter),
        "origin": {"schedule": case.origin.schedule, "on": case.origin.on} if case.origin else None,
        "assignee": person_shape(session, case.assignee) if case.assignee else None,
        "marks": [session.say(mark) for mark in case.marks],
        "level": case.level,
        "seq": case.seq,
        "fields": _values_shape(case),
        "entries": [entry_shape(session, entry) for entry in case.entries],
        "files": [file_shape(session, file) for file in case.files],
        "papers": [kept_paper_shape(session, paper) for paper in case.papers],
        "deadlines": [_deadline_shape(session, one) for one in case.deadlines],
        "links": [
            {"kind": one.kind, "label": session.say(one.label), "reference": one.reference, "row": one.row,
             "state": one.state}
            for one in case.links
        ],
        "steps": [
            {"step": one.step, "open": one.open, "why_not": [session.say(why) for why in one.why_not]}
            for one in case.steps
        ],
        "tasks": [task_shape(session, task) for task in case.tasks],
        "training": case.training,
    }  # fmt: skip


def _values_shape(case: CaseView) -> dict[str, Any]:
    """Each field and its value; of a table its rows, with their keys."""
    tables = {table.field: table for table in case.tables}
    fields = {one.field: one.value for one in case.fields if one.field not in tables}
    return fields | {
        name: [
            {"row": key} | {one.field.rpartition(".")[2]: one.value for one in cells}
            for key, cells in table.rows
        ]
        for name, table in tables.items()
    }


def _deadline_shape(session: Session, one: DeadlineView) -> dict[str, Any]:
    """A deadline of a case."""
    return {
        "key": one.key, "step": one.step, "kind": one.kind, "due_on": one.due_on,
        "status": one.status, "overdue": one.overdue, "working_days_left": one.working_days_left,
        "since": one.since, "days": one.days, "late": one.late, "due_at": one.due_at,
        "word": session.say(one.word) if one.word else None, "source": one.source,
        "settled_on": one.settled_on, "remind_on": one.remind_on, "held": one.held, "of": one.of,
    }  # fmt: skip


def person_shape(session: Session, person: PersonView) -> dict[str, Any]:
    """Who somebody is, and for whom they acted."""
    return {
        "code": person.code,
        "name": person.name,
        "role": session.say(person.role) if person.role else None,
        "for": person.on_behalf_of,
        "operator": person.operator,
    }


def entry_shape(session: Session, entry: EntryView) -> dict[str, Any]:
    """A dated, signed note."""
    return {
        "seq": entry.seq,
        "heading": entry.heading,
        "text": entry.text,
        "source": entry.source,
        "judgement": entry.judgement,
        "corrects": entry.corrects,
        "corrected_by": entry.corrected_by,
        "person": person_shape(session, entry.person),
        "occurred_at": entry.occurred_at,
        "recorded_at": entry.recorded_at,
    }


def file_shape(session: Session, file: FileView) -> dict[str, Any]:
    """An attached file."""
    return {
        "number": file.number,
        "seq": file.seq,
        "name": file.name,
        "type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "person": person_shape(session, file.person),
        "recorded_at": file.recorded_at,
    }


def kept_paper_shape(session: Session, paper: KeptPaperView) -> dict[str, Any]:
    """A kept paper: which it is, what it shows, and its bytes' SHA-256."""
    return {
        "number": paper.number,
        "seq": paper.seq,
        "document": paper.paper,
        "label": session.say(paper.label),
        "version": paper.version,
        "template": paper.template,
        "format": paper.format,
        "language": paper.language,
        "shows": paper.shows,
        "others": [
            {"reference": one.reference, "seq": one.seq, "content": one.content} for one in paper.others
        ],
        "size": paper.size,
        "sha256": paper.sha256,
        "person": person_shape(session, paper.person),
        "recorded_at": paper.recorded_at,
    }


def event_shape(session: Session, event: EventView) -> dict[str, Any]:
    """A row of the history."""
    return {
        "seq": event.seq,
        "kind": event.kind,
        "step": event.step,
        "from": event.from_state,
        "to": event.to_state,
        "actor": person_shape(session, event.actor),
        "occurred_at": event.occurred_at,
        "recorded_at": event.recorded_at,
        "hash": event.hash,
        "changes": {one.field: None if one.removed else one.value for one in event.changes},
        "comment": event.comment,
        "reason": event.reason,
        "entry": entry_shape(session, event.entry) if event.entry else None,
        "file": file_shape(session, event.file) if event.file else None,
        "paper": kept_paper_shape(session, event.paper) if event.paper else None,
        "opened": list(event.opened),
        "links": list(event.links),
        "deadlines": [
            {"key": one.key, "before": one.before, "after": one.after, "status": one.status}
            for one in event.timed
        ],
        "erased": event.erased,
    }


def draft_shape(session: Session, draft: DraftView) -> dict[str, Any]:
    """A draft in the list of them."""
    return {
        "id": draft.id,
        "process": draft.process,
        "reference": draft.reference,
        "step": draft.step,
        "label": session.say(draft.label),
        "fields": draft.fields,
        "created_at": draft.created_at,
        "changed_at": draft.changed_at,
    }


def parameter_shape(session: Session, parameter: ParameterView) -> dict[str, Any]:
    """A parameter of a process."""
    return {
        "name": parameter.name,
        "label": session.say(parameter.label),
        "type": parameter.type,
        "value": parameter.value,
        "default": parameter.default,
        "changed": parameter.changed,
        "source": parameter.source,
        "by_law": False,
    }


def must_shape(session: Session, must: MustView) -> dict[str, Any]:
    """What the law demands, beside the parameters: it cannot be set."""
    return {
        "name": must.name,
        "label": session.say(must.label),
        "type": None,
        "value": None,
        "default": None,
        "changed": False,
        "source": must.source,
        "by_law": True,
    }


def said_value(session: Session, field: FieldView) -> str:
    """A value as a person reads it."""
    return session.say("value.erased") if field.removed else session.say(field.said)


def problem_shape(session: Session, problem: Any) -> dict[str, Any]:
    """A problem of a definition, with its place."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "warning": problem.is_warning,
        "message": session.say(problem.message),
        "hint": session.say(problem.hint) or None,
    }


def to_do_shape(session: Session, one: TaskView | NoticeView) -> dict[str, Any]:
    """A task or a notice, as they stand in one list."""
    from engine.service.listed import NoticeView

    return notice_shape(session, one) if isinstance(one, NoticeView) else task_shape(session, one)


def notice_shape(session: Session, notice: NoticeView) -> dict[str, Any]:
    """What should be known without there being a step: a task whose step is null."""
    return {
        "reference": notice.reference, "step": None, "role": None, "assignee": None, "due_on": notice.due_on,
        "overdue": notice.overdue, "title": session.line(notice.text), "notice": notice.kind, "since": notice.since,
    }  # fmt: skip


def setting_shape(session: Session, setting: Any) -> dict[str, Any]:
    """A setting of the installation."""
    return {
        "key": setting.key, "value": setting.value, "default": setting.default, "set": setting.is_set,
        "label": session.say(setting.label), "takes": session.say(setting.takes),
    }  # fmt: skip


def row_shape(session: Session, row: Any) -> dict[str, Any]:
    """A case in a list of them."""
    return {
        "reference": row.reference,
        "process": row.process,
        "title": session.say(row.title),
        "state": row.state,
        "unit": row.unit,
        "opened_on": row.opened_on,
        "happened_on": row.happened_on,
        "level": row.level,
        "assignee": row.assignee,
    }


def verify_shape(session: Session, report: Any) -> dict[str, Any]:
    """What the verification of the log found."""
    return {
        "cases": report.cases,
        "events": report.events,
        "ok": report.ok,
        "erased": report.erased,
        "left_off": report.left_off,
        "not_proved": list(report.not_proved),
        "problems": [
            {
                "reference": one.reference,
                "seq": one.seq,
                "kind": one.kind,
                "message": session.say(one.sentence),
            }
            for one in report.problems
        ],
    }


def check_shape(session: Session, row: Any) -> dict[str, Any]:
    """A row of `doctor`."""
    return {
        "key": row.key, "label": session.say(row.label), "value": session.say(row.value), "ok": row.ok,
        "mend": row.mend,
    }  # fmt: skip


def init_shape(done: Any) -> dict[str, Any]:
    """What `init` did."""
    return {
        "database": done.database,
        "created": done.created,
        "training": done.training,
        "processes": [
            {
                "process": one.process, "version": one.version, "before": done.before.get(one.process),
                "changed": not one.unchanged,
            }
            for one in done.processes
        ],
        "tables": list(done.tables) if done.tables else None,
    }  # fmt: skip


def demo_shape(session: Session, done: Any) -> dict[str, Any]:
    """What `demo` made."""
    return {"database": done.database, "cases": done.cases, "tries": [command for command, _ in done.tries]}


def import_shape(done: Any) -> dict[str, Any]:
    """What an import of the organisation did, or would do."""
    return {
        "added": dict(done.added),
        "changed": dict(done.changed),
        "ended": done.ended,
        "same": done.same,
        "missing": [{"kind": kind, "name": name} for kind, name in done.missing],
        "dry_run": done.dry_run,
    }


def organisation_shape(session: Session, units: Any, persons: Any, appointments: Any) -> dict[str, Any]:
    """Units, people and who has which role."""
    return {
        "units": [
            {
                "code": one.code, "name": one.name, "parent": one.parent, "attributes": dict(one.attributes),
                "from": one.from_on, "to": one.to_on,
            }
            for one in units
        ],
        "persons": [
            {"code": one.code, "login": one.login, "name": one.name, "title": one.title} for one in persons
        ],
        "appointments": [
            {
                "key": one.key, "person": one.person, "role": one.role, "unit": one.unit, "from": one.from_on,
                "to": one.to_on, "for": one.on_behalf_of,
            }
            for one in appointments
        ],
    }  # fmt: skip
