"""The duties of `tick`, in the order in which they are done. A new one is one entry here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.service.advancing import AdvancingService
from engine.service.mailing import MailingService
from engine.service.noticing import NoticingService
from engine.service.opening import OpeningService
from engine.service.reminding import RemindingService

if TYPE_CHECKING:
    from engine.service.deciding import Decider
    from engine.service.heartbeat import HeartbeatService
    from engine.service.mail import MailService
    from engine.service.tick import Duty


def duties_of(decider: Decider, heartbeat: HeartbeatService, mail: MailService) -> tuple[Duty, ...]:
    """Every duty: what one of them makes is there for those behind it."""
    return (
        OpeningService(decider),
        AdvancingService(decider),
        RemindingService(decider),
        NoticingService(decider, heartbeat),
        MailingService(decider, mail.authority, mail.machine_clock, mail.password),
    )
