"""Options that are a day or a time: written as people write them, given to the engine as ISO on the wall."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cli.mistake import WhenError
from engine.calendar.spoken import read_when

if TYPE_CHECKING:
    from cli.session import Session


def moment(session: Session, text: str | None) -> str | None:
    """What a text means: a day, a day and a time on the wall, or an exact instant; None stays None.

    Raises:
        WhenError: It means none of these.
    """
    if text is None:
        return None
    found = read_when(text, session.app.today)
    if found is None:
        raise WhenError(text)
    return found


def day(session: Session, text: str | None) -> date | None:
    """What a text means, as a day; None stays None.

    Raises:
        WhenError: It means no day, or a time too.
    """
    found = moment(session, text)
    if found is None:
        return None
    if "T" in found:
        raise WhenError(text or "")
    return date.fromisoformat(found)
