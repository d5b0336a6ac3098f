"""What the parts of a definition have in common: the base model, keys, labels, periods, names that are taken."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from engine.calendar.period import Period as CalendarPeriod
from engine.definition.condition import Condition
from engine.definition.part import BeforeValidator, Field, PlainValidator
from engine.language.sentence import Words

KEY: Final = r"^[a-z][a-z0-9_]*$"
CODE: Final = r"^[a-z0-9][a-z0-9_]*$"
ROLES: Final = "roles"
"""The list whose codes are the roles of all processes, with their labels."""
INTRINSICS: Final = ("unit", "reporter", "assignee", "opened_on", "reference", "title", "marks")

Key: TypeAlias = Annotated[str, Field(pattern=KEY, max_length=60)]
Code: TypeAlias = Annotated[str, Field(pattern=CODE, max_length=60)]
Heading: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]
Label: TypeAlias = Words
Level: TypeAlias = Literal["none", "envelope", "content"]
Keeps: TypeAlias = Literal["envelope", "own", "read", "write"]
FieldType: TypeAlias = Literal[
    "text", "choice", "choices", "scale", "number", "percent", "money", "date", "datetime", "period", "yes_no",
    "person", "unit", "case", "series", "file", "table", "computed",
]  # fmt: skip
DeadlineKind: TypeAlias = Literal["lag_datum", "lag_villkor", "lag_skyndsamt", "lokal"]
Period: TypeAlias = Annotated[
    CalendarPeriod,
    PlainValidator(lambda v: v if isinstance(v, CalendarPeriod) else CalendarPeriod.parse(v)),
]


def listed(value: Any) -> Any:
    """A single item as a list of one; what is a list, or nothing, as it is."""
    return value if isinstance(value, (list, tuple)) or value is None else [value]


Conditions: TypeAlias = Annotated[tuple[Condition, ...], BeforeValidator(listed)]
