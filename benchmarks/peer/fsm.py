"""django-fsm-2 with a log table: a case through six steps, one transaction a step. Arguments: a new file, how many."""

from __future__ import annotations

import sys
import time

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1]}},
    INSTALLED_APPS=[],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_fsm import FSMField, transition  # noqa: E402

STEPS = (("report", "new", "reported"), ("judge", "reported", "judged"), ("begin", "judged", "looked_at"),
         ("find", "looked_at", "found"), ("note", "found", "noted"), ("end", "noted", "ended"))  # fmt: skip
VALUES = {
    "text": "Den boende hittades på golvet bredvid sängen när nattpersonalen gick sin rond.",
    "code": "fall",
}


class Case(models.Model):  # noqa: DJ008  nobody reads it
    """A case with its status."""

    state = FSMField(default="new", protected=True)
    values = models.JSONField(default=dict)

    class Meta:
        """Where it belongs."""

        app_label = "peer"

    @transition(field=state, source="new", target="reported")
    def report(self):
        """Report."""

    @transition(field=state, source="reported", target="judged")
    def judge(self):
        """Judge."""

    @transition(field=state, source="judged", target="looked_at")
    def begin(self):
        """Begin."""

    @transition(field=state, source="looked_at", target="found")
    def find(self):
        """Find."""

    @transition(field=state, source="found", target="noted")
    def note(self):
        """Note."""

    @transition(field=state, source="noted", target="ended")
    def end(self):
        """End."""


class Log(models.Model):  # noqa: DJ008
    """A row of its history."""

    case = models.ForeignKey(Case, models.PROTECT)
    step = models.CharField(max_length=40)
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    values = models.JSONField(default=dict)

    class Meta:
        """Where it belongs."""

        app_label = "peer"


def run(cases: int) -> None:
    """Take so many cases through all steps."""
    for _ in range(cases):
        key = None
        for step, before, after in STEPS:
            with transaction.atomic():
                case = Case() if key is None else Case.objects.select_for_update().get(pk=key)
                getattr(case, step)()
                case.values = {**case.values, step: VALUES}
                case.save()
                key = case.pk
                Log.objects.create(
                    case=case,
                    step=step,
                    before=before,
                    after=after,
                    by="p001",
                    at=timezone.now(),
                    values=VALUES,
                )


with connection.schema_editor() as editor:
    editor.create_model(Case)
    editor.create_model(Log)
run(3)
began = time.perf_counter()
run(int(sys.argv[2]))
print(time.perf_counter() - began)
