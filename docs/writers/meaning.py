"""What each key of a definition means: model -> key -> one sentence, for the page of the grammar."""

# ruff: noqa: E501  rows of tables, each on its line

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_WHEN: Final = "Only when this holds."
_SOURCE: Final = "Where the demand comes from."
_COLUMN: Final = {
    "type": "What it holds; see [Type of field](#type-of-field). Files and series cannot be given a value yet.",
    "label": "What it is called.",
    "help": "The question as it is asked; what to think of.",
    "list": "The code list, for `choice`, `choices` and `scale`.",
    "required": "Of a column: every row must have it.",
    "statistics": (
        "It counts: kept in clear in the log, in lists and figures. Never for text, files, persons, tables: those are "
        "personal, and can be erased."
    ),
    "unknown": '`allowed` admits "don\'t know".',
    "past": "A time that has not come is refused.",
    "minimum": "The least number.",
    "maximum": "The greatest number.",
    "computed": "It is computed and never asked.",
    "link": "Of type `case`: the kind of link that a value makes.",
}
MEANING: Final[Mapping[str, Mapping[str, str]]] = {
    "Process": {
        "process": "The name of the process.",
        "version": "Raised for each change that is published.",
        "label": "What one case of it is called.",
        "plural": "What several are called.",
        "help": "When to use it, for those who choose.",
        "reference": "The prefix of references: one to eight capital letters and digits. No other process may have it.",
        "title": (
            "What a case is called in lists. `{field}` is said by its label; `{a|b}` the first that has a value; `{unit}`. "
            "Only fields that count."
        ),
        "happened": "The field that says when it happened; lists and figures go by it.",
        "feedback": "What whoever opened a case is promised to hear; the coordinator is told when it is not kept.",
        "parameters": "What municipalities set differently.",
        "musts": "What the law demands: listed with the parameters, and never to be set. A refusal says it.",
        "roles": "Role → what it gives sight of: `none`, `envelope` or `content`. A role that is not here gives nothing.",
        "marks": "Access marks.",
        "headings": "What entries may be written under.",
        "links": "Kinds of link to other cases.",
        "fields": "Everything that a case may hold.",
        "states": "Where a case can be. The user reads *status*.",
        "steps": "What moves a case.",
        "lists": "Not in the file: the lists that it uses are put here from `lists.yaml` when it is published.",
    },
    "Feedback": {
        "within": "How long at most until they hear something (at least days), and then again; `0 days` is no promise.",
    },
    "Parameter": {
        "type": "What it may be set to.",
        "label": "What it is called.",
        "default": "What it is until somebody sets it.",
        "minimum": "The least number, or count of a period.",
        "maximum": "The greatest.",
        "list": "Of type `codes` and `own_codes`: the list that they are from, or are laid over.",
        "source": "Where the default comes from.",
    },
    "Must": {
        "label": "What is demanded, as a sentence.",
        "source": "Where the law says so; V or S only.",
    },
    "Mark": {
        "label": "What it is called.",
        "admits": "The roles that read marked cases; everybody else is capped at the envelope.",
        "keeps_for": "The roles that may keep more after a hand-over (`hands_over.keeps`).",
    },
    "Marking": {
        "mark": "The access mark. Alone it need not be in braces.",
        "keeps": "What the roles of the mark's `keeps_for` keep.",
        "when": "Unless this is known not to hold.",
    },
    "LinkKind": {
        "label": "How it reads from the case that made it.",
        "reverse": "How it reads from the other end.",
    },
    "FieldDefinition": {
        **_COLUMN,
        "columns": "Of type `table`: its columns. Each row gets a key (`r1`) that is never used again.",
        "shown_to": "Who sees it though they see only the envelope. A word alone is a role, `reporter` or `assignee`.",
        "amended_by": "Who may correct it, when not whoever may take a step that asks it; an empty list: nobody.",
        "example": "An answer as it might be.",
    },
    "Sight": {
        "role": "Who has this role at the case's unit or above.",
        "person_in": "Who stands in this person field, or column (`table.column`).",
        "relation": "The `reporter` or the `assignee`.",
        "past": "The access marks that do not close it.",
    },
    "Column": _COLUMN,
    "Computed": {
        "product": "The fields that are multiplied.",
        "sum": "The fields that are added.",
        "max": "The fields of which the greatest counts.",
        "rows": "The table whose rows are counted.",
    },
    "State": {
        "label": "What it is called.",
        "help": "What it means to be here.",
        "expects": "What is to be done next: each becomes a task. A step's key alone is enough.",
        "final": "Nothing is expected and no deadline runs. Only a step that `reopens` leaves it.",
        "locks": "`fields` stops corrections, `entries` stops notes. A step's own asks are not stopped.",
        "counted": "Whether its cases count in figures.",
    },
    "Expectation": {
        "step": "The step.",
        "when": "Only when this holds, of the case alone.",
        "by": "Of whom, when not of everybody who may take it.",
    },
    "Step": {
        "label": "What it is called: what the button says.",
        "by": "Who may take it. A word alone is a role, or a relation.",
        "help": "What to know before taking it.",
        "opens": "It opens a case, in this state.",
        "from": "The states it may be taken from: a list, `any_open` (never a final one), or `{except: [...]}`.",
        "to": "The state that it leads to.",
        "stays": "It stays in its state instead.",
        "not_person_in": "Nobody who stands in these person fields, columns, or has taken these steps.",
        "asks": "The fields that must be answered, now. A field's key alone is enough.",
        "may_ask": "The fields that may be answered.",
        "sets": "What it writes by itself: field or `unit`, `assignee` → value.",
        "marks": "The access marks that it sets on the case; an opening step from the first event on.",
        "when": "What must hold for it to be taken. Its sentence is the reason of a refusal.",
        "warns": "What is pointed out, but never refused.",
        "guides": "What is shown while it is filled in.",
        "due": "When it is to be done.",
        "once": "It may be taken once only.",
        "bulk": "`allowed`: it may be taken for several cases at once (`hjul step --process P --where ...`).",
        "automatic": "It is taken by Hjul itself, with the event that makes its `when` true. `by` must name `system`.",
        "reopens": "It may leave a final state.",
        "adds_row": "It adds a row to this table; its columns are what is asked.",
        "entry": "It stays, and writes entries under these headings.",
        "writes_entry": "It writes an entry from what was answered.",
        "opens_case": "It opens cases of other processes.",
        "link_for": "It opens a case for another (`new --for`): the kind of link.",
        "tells": "Whom it tells what; it goes out by mail where that is turned on.",
        "hands_over": "It hands the case over to a role, under a mark.",
        "returns": "It takes a hand-over back.",
        "shown_to": "Who sees what it asks, though they see only the envelope. As `shown_to` of a field.",
        "source": _SOURCE,
        "by_law": "Which of the `musts` decides who may take it (`by`, `not_person_in`).",
    },
    "Except": {"except": "The states that are not meant; final ones never are."},
    "Who": {
        "role": "Who has this role at the case's unit or above.",
        "person_in": "Who stands in this person field, or column (`table.column`).",
        "relation": "`anyone` who sees the case (to open one: everybody), its `reporter`, its `assignee`, Hjul itself, or "
        "the holder of a code (not there yet).",
        "when": "Only while this holds.",
    },
    "Ask": {
        "field": "The field; `$unit` and `$assignee` ask for those.",
        "when": "Asked only when this holds.",
        "kept": "An answer that the case already has is enough.",
        "help": "Said here instead of the field's own help.",
        "unknown": '"Don\'t know" is no answer here, though the field allows it.',
    },
    "SetValue": {
        "value": "The value. Alone it need not be in braces.",
        "from_field": "Instead a field that was asked, or `$actor`, `$today`, `$reporter`, `$unit`. Written `$field`.",
        "when": _WHEN,
        "otherwise": "What is written instead where `when` does not hold: of several the first that holds.",
    },
    "Due": {
        "period": "How long. `0 days`: on the very day that `from` says.",
        "from": "The step that it runs from, or the field that holds its day.",
        "name": "A name of its own, when the step has several.",
        "pauses_in": "States in which it stands still; what is left is kept.",
        "kind": "See [Time](../explanation/time.md).",
        "word": "The law's own word, where it names no day.",
        "source": _SOURCE,
        "grounds": "What it rests on where that differs by case or time: the first that holds is said.",
        "when": _WHEN,
    },
    "Ground": {
        "name": "Stands in the log.",
        "word": "The law's own word.",
        "source": "Where it stands; with `valid_from` and `valid_to` it is said only of what began then.",
        "when": _WHEN,
    },
    "Warns": {
        "name": "Stands in the log when it was shown.",
        "when": "When it is shown.",
        "text": "What is shown.",
    },
    "Guides": {"text": "What is shown.", "when": "Only when this holds, as answers come."},
    "Tells": {"who": "Whom.", "text": "What; nothing personal.", "when": _WHEN},
    "WritesEntry": {
        "heading": "Under which heading.",
        "from": "The fields that it is made of.",
        "judgement": "Whether it is a judgement, else a fact.",
    },
    "OpensCase": {
        "process": "The process. Until it is published the step is closed, and says why.",
        "step": "Its opening step.",
        "link": "The kind of link between the two. With `each_row` that of the opening step (`link_for`).",
        "each_row": "It opens one case for each row of this table that has none yet by the link.",
        "where": "Only for rows of which this holds.",
        "copies": "Field of the new case → field of this one, or column of the row.",
        "sets": "What else is written in the new case.",
        "marks": "Access marks of the new case, which its process has. Those of a hand-over in the same step it gets anyway.",
        "when": _WHEN,
    },
    "HandsOver": {
        "to": "The role that gets it.",
        "mark": "The access mark that is set on this case and on those it opens.",
        "keeps": "What the roles of the mark's `keeps_for` keep.",
        "when": _WHEN,
    },
    "Returns": {"mark": "The mark that is taken away.", "when": _WHEN},
    "Source": {
        "text": "Statute and paragraph, or what else it is.",
        "mark": "V read in the statute, S secondary, I inferred, M from memory. I and M only in parameters.",
        "valid_from": "First day.",
        "valid_to": "Last day.",
    },
    "CodeList": {
        "label": "What it is called.",
        "codes": "The codes, in the order they are shown.",
        "source": _SOURCE,
        "first": "The codes that are shown first.",
    },
    "ListedCode": {
        "sv": "In Swedish.",
        "en": "In English.",
        "help": "When to choose it.",
        "retired": "No longer to be chosen. A code is never removed, and never gets another meaning.",
        "children": "Codes below it; one may choose it or one of them.",
    },
}
