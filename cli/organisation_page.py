"""The organisation as a person reads it: the tree of units, and in each who has which role and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.layout import wrap
from engine.language.moment import format_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.session import Session
    from engine.service.organisation import AppointmentRow, UnitRow


def organisation_lines(
    session: Session, units: Sequence[UnitRow], appointments: Sequence[AppointmentRow]
) -> list[str]:
    """A line for each unit, and under it one for each role that somebody has there."""
    lines = []
    for unit in units:
        indent = "  " * unit.depth
        attributes = ", ".join(f"{name} {value}" for name, value in sorted(unit.attributes.items()))
        extra = f", {attributes}" if attributes else ""
        lines.append(f"{indent}{session.style(unit.name, bold=True)} ({unit.code}{extra})")
        lines += [
            wrap(_role(session, row), session.width, f"{indent}  ", f"{indent}    ")
            for row in appointments
            if row.unit == unit.code
        ]
    return lines


def _role(session: Session, row: AppointmentRow) -> str:
    said = f"{session.say(row.role_label)}: {row.person_name}"
    if row.on_behalf_of_name:
        said += f" ({session.say('shown.person.for', name=row.on_behalf_of_name)})"
    if row.to_on:
        said += f", {session.say('cli.org.until', day=format_day(row.to_on))}"
    return f"{said} [{row.key}]"
