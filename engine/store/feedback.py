"""What has become of cases, for whoever reported them: what waits for whom, and what they led to. Envelope only.

It must not know who asks: the caller has settled that they reported the cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, select

from engine.language.sentence import Words
from engine.store.database import Session
from engine.store.listing import label_of, words
from engine.store.tables import cases, labels, links, persons, streams, tasks

FAR: Final = "9999-12-31"
_OTHER: Final = streams.alias("other")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is expected in a case: of a role or a person, and when it is due (None: no day)."""

    reference: str
    step: str
    step_label: Words
    role: str
    person_name: str | None
    due_on: str | None


def reported_by(session: Session, references: Sequence[str], person: str | None) -> list[str]:
    """Those of the references that are cases which a person reported."""
    question = (
        select(streams.c.name)
        .join(cases, cases.c.id == streams.c.id)
        .where(streams.c.kind == "case", streams.c.name.in_(references), cases.c.reporter == person)
    )
    return [row[0] for row in session.rows(question)]


def waiting_in(session: Session, references: Sequence[str]) -> list[Waiting]:
    """What is expected now in cases, the most urgent first."""
    step = labels.alias("step_labels")
    question = (
        select(
            streams.c.name, tasks.c.step, step.c.sv, step.c.en, tasks.c.role, persons.c.name, tasks.c.due_on
        )
        .select_from(
            tasks.join(streams, streams.c.id == tasks.c.case_id)
            .join(cases, cases.c.id == tasks.c.case_id)
            .outerjoin(step, label_of(step, "step", tasks.c.step))
            .outerjoin(persons, persons.c.code == tasks.c.person)
        )
        .where(streams.c.kind == "case", streams.c.name.in_(references))
        .order_by(tasks.c.due_on, tasks.c.id)
    )
    return [
        Waiting(name, key, words(key, sv, en), role, person, None if due == FAR else due)
        for name, key, sv, en, role, person, due in session.rows(question)
    ]


def led_to(session: Session, references: Sequence[str]) -> dict[str, tuple[tuple[str, Words], ...]]:
    """The cases that cases are linked to, and what each is called by its process."""
    process = labels.alias("process_labels")
    question = (
        select(streams.c.name, _OTHER.c.name, cases.c.process, process.c.sv, process.c.en)
        .select_from(
            links.join(streams, streams.c.id == links.c.case_id)
            .join(_OTHER, _OTHER.c.id == links.c.other_id)
            .join(cases, cases.c.id == links.c.other_id)
            .outerjoin(process, and_(label_of(process, "process", cases.c.process)))
        )
        .where(streams.c.kind == "case", streams.c.name.in_(references))
        .order_by(links.c.other_id)
        .distinct()
    )
    found: dict[str, list[tuple[str, Words]]] = {}
    for name, other, key, sv, en, _ in session.rows(question.add_columns(links.c.other_id)):
        found.setdefault(name, []).append((other, words(key, sv, en)))
    return {name: tuple(others) for name, others in found.items()}
