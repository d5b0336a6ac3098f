"""The composition root: builds the use cases on the ground of a database, a clock and a person.

The only module that names concrete classes. Use cases are made when they are first asked for, so that a list does not
wait for what a step needs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.ground import Ground, Settings
from engine.service.shipped import shipped_folder

if TYPE_CHECKING:
    from engine.exchange.calendar_export import CalendarExport
    from engine.exchange.case_import import ImportService
    from engine.service.access import AccessService
    from engine.service.attachment import AttachmentService
    from engine.service.audit import AuditService
    from engine.service.backup import BackupService
    from engine.service.bulk import BulkService
    from engine.service.case import CaseService
    from engine.service.counting import CountingService
    from engine.service.deciding import Decider
    from engine.service.draft import DraftService
    from engine.service.heartbeat import HeartbeatService
    from engine.service.installation import InstallationService
    from engine.service.kept_paper import KeptPaperService
    from engine.service.mail import MailService
    from engine.service.organisation import OrganisationService
    from engine.service.paper import PaperService
    from engine.service.process import ProcessService
    from engine.service.register import RegisterService
    from engine.service.report import ReportService
    from engine.service.schedule import ScheduleService
    from engine.service.setting import SettingsService
    from engine.service.tick import TickService
    from engine.service.wheel import WheelService
    from engine.store.unit_of_work import UnitOfWork

__all__ = ["App", "Settings", "build"]


class App(Ground):
    """Everything that can be asked of Hjul, on one database, by one login."""

    @cached_property
    def unit_of_work(self) -> UnitOfWork:
        """The only writer."""
        from engine.store.unit_of_work import UnitOfWork  # noqa: PLC0415

        return UnitOfWork(self.database, self.authority, self.entropy)

    @cached_property
    def decider(self) -> Decider:
        """From commands to outcomes."""
        from engine.service.deciding import Decider  # noqa: PLC0415
        from engine.service.library import Library  # noqa: PLC0415
        from engine.service.setting import load_calendar  # noqa: PLC0415

        return Decider(
            self.database, self.unit_of_work, Library(), self.clock, self.new_id, self.zone, load_calendar
        )

    @cached_property
    def cases(self) -> CaseService:
        """Cases."""
        from engine.service.case import CaseService  # noqa: PLC0415
        from engine.service.form import FormService  # noqa: PLC0415
        from engine.service.showing import ShowService  # noqa: PLC0415

        show, form = (
            ShowService(self.decider, self.actor, self.training),
            FormService(self.decider, self.actor),
        )
        return CaseService(self.decider, self.actor, show, form)

    @cached_property
    def papers(self) -> PaperService:
        """Papers of cases."""
        from engine.service.paper import PaperService  # noqa: PLC0415

        around = self.cases.showing, self.clock, self.zone
        return PaperService(*around, shipped_folder("processes"), self.authority.name)

    @cached_property
    def kept_papers(self) -> KeptPaperService:
        """Papers kept in their cases."""
        from engine.service.kept_paper import KeptPaperService  # noqa: PLC0415

        return KeptPaperService(self.decider, self.actor, self.papers)

    @cached_property
    def attachments(self) -> AttachmentService:
        """Files of cases."""
        from engine.service.attachment import AttachmentService  # noqa: PLC0415

        return AttachmentService(self.decider, self.actor, self.cases.showing)

    @cached_property
    def bulk(self) -> BulkService:
        """One step over many cases."""
        from engine.service.bulk import BulkService  # noqa: PLC0415

        return BulkService(self.decider, self.actor, self.cases, self.register)

    @cached_property
    def register(self) -> RegisterService:
        """Lists."""
        from engine.service.register import RegisterService  # noqa: PLC0415
        from engine.service.setting import load_calendar  # noqa: PLC0415

        return RegisterService(
            self.database, self.actor, self.clock, self.zone, load_calendar,
            lambda session: self.processes.keep_older(session),  # noqa: PLW0108  lists need no definitions
        )  # fmt: skip

    @cached_property
    def processes(self) -> ProcessService:
        """Definitions."""
        from engine.service.process import ProcessService  # noqa: PLC0415

        return ProcessService(self.decider, self.actor, shipped_folder("processes"))

    @cached_property
    def organisation(self) -> OrganisationService:
        """Units, people, roles."""
        from engine.service.organisation import OrganisationService  # noqa: PLC0415

        around = self.actor, self.clock, self.new_id, self.zone
        return OrganisationService(self.database, self.unit_of_work, *around)

    @cached_property
    def drafts(self) -> DraftService:
        """Drafts."""
        from engine.service.draft import DraftService  # noqa: PLC0415

        return DraftService(self.unit_of_work.database, self.actor, self.clock)

    @cached_property
    def settings(self) -> SettingsService:
        """Settings of the installation."""
        from engine.service.setting import SettingsService  # noqa: PLC0415

        return SettingsService(self.unit_of_work.database, self.actor, lambda: self.decider)

    @cached_property
    def schedules(self) -> ScheduleService:
        """Plans of the year wheel."""
        from engine.service.schedule import ScheduleService  # noqa: PLC0415
        from engine.service.suggestion import SuggestionService  # noqa: PLC0415

        suggestions = SuggestionService(self.database, shipped_folder("processes"))
        return ScheduleService(self.decider, self.actor, suggestions)

    @cached_property
    def wheel(self) -> WheelService:
        """The year wheel as it is read."""
        from engine.service.setting import load_calendar  # noqa: PLC0415
        from engine.service.wheel import WheelService  # noqa: PLC0415

        around = self.clock, self.zone, load_calendar
        return WheelService(self.database, self.actor, *around, lambda: self.training)

    @cached_property
    def installation(self) -> InstallationService:
        """Init, demo, doctor."""
        from engine.service.installation import InstallationService  # noqa: PLC0415

        return InstallationService(self, self._load_example)

    @cached_property
    def counting(self) -> CountingService:
        """Periods."""
        from engine.service.counting import CountingService  # noqa: PLC0415

        return CountingService(self.database, lambda: self.zone)

    @cached_property
    def calendars(self) -> CalendarExport:
        """Deadlines for other programs' calendars."""
        from engine.exchange.calendar_export import CalendarExport  # noqa: PLC0415

        return CalendarExport(self)

    @cached_property
    def heartbeat(self) -> HeartbeatService:
        """Whether `tick` is run."""
        from engine.service.heartbeat import HeartbeatService  # noqa: PLC0415

        return HeartbeatService(self.database, self.machine_clock, lambda: self.training)

    @cached_property
    def mail(self) -> MailService:
        """Mail."""
        from engine.service.mail import MailService  # noqa: PLC0415

        return MailService(self.decider, self.actor, self.authority, self.machine_clock, self.start.mail.read)

    @cached_property
    def tick(self) -> TickService:
        """What is due because time has passed; its duties are in `engine.service.duties`."""
        from engine.service.duties import duties_of  # noqa: PLC0415
        from engine.service.tick import TickService  # noqa: PLC0415

        clocks = self.clock, self.machine_clock
        duties = duties_of(self.decider, self.heartbeat, self.mail)
        database = self.unit_of_work.database
        return TickService(database, *clocks, self.new_id, self.zone, duties)

    def _load_example(self, folder: Path, progress: Callable[[int, int], None] | None) -> int:
        from engine.exchange.commands import run_commands  # noqa: PLC0415

        summary = run_commands(self, folder, progress)
        summary.check()
        return summary.done

    @cached_property
    def backups(self) -> BackupService:
        """Backup and restore."""
        from engine.service.backup import BackupService  # noqa: PLC0415

        return BackupService(self)

    @cached_property
    def audit(self) -> AuditService:
        """The log: verify, export."""
        from engine.service.audit import AuditService  # noqa: PLC0415

        return AuditService(self.database, lambda: self.authority, self.actor, self.clock, lambda: self.zone)

    @cached_property
    def access(self) -> AccessService:
        """The access log: who has read what."""
        from engine.service.access import AccessService  # noqa: PLC0415

        return AccessService(self.database, self.actor, self.clock, self.new_id, self.zone)

    @cached_property
    def imports(self) -> ImportService:
        """Tables of cases."""
        from engine.exchange.case_import import ImportService  # noqa: PLC0415

        return ImportService(self)

    @cached_property
    def reports(self) -> ReportService:
        """Reports."""
        from engine.service.report import ReportService  # noqa: PLC0415

        folder = shipped_folder("processes") / "reports"
        return ReportService(self.database, self.actor, self.clock, self.zone, self.training, folder)


def build(settings: Settings) -> App:
    """The whole of Hjul on a database, for a login. Opens nothing yet."""
    return App(settings)
