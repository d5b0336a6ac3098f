"""The page of a report: its content as blocks of the content tree, in the order that its template gives them.

What is left out in a published report is None in the content and "färre än 5" here. It must not know any particular
report, nor the store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from engine.documents.chart import LONGEST, Series, draw_bars, draw_lines
from engine.documents.template import compose
from engine.documents.tree import Block, Cell, Column, Document, Figure, Paragraph, Run, Table
from engine.language.moment import format_day, format_number
from engine.language.say import say
from engine.language.sentence import Words, sentence
from engine.service.reckoning import OTHERS, THIS, is_year

NAMES: Final = frozenset(
    {"figures", "table", "two_way", "chart", "cases", "texts", "words", "period", "unit", "is_published"}
)
"""What the template of a report may speak of."""


def make_page(
    content: Mapping[str, Any], template: str, words: Mapping[str, Words], language: str, made_on: date
) -> Document:
    """The document of a report's content."""
    page = ReportPage(content, words, language)
    foot = [page.say("report.foot")]
    if content["published"]:
        foot = [page.say("report.published_foot")]
    return Document(
        title=content["label"], language=language, made_on=made_on, blocks=compose(template, page.names()),
        subtitle=f"{content['unit']}\n{content['period']}",
        training=page.say("report.training") if content["training"] else None,
        foot=f"{' '.join(foot)} {page.say('report.taken_out', day=format_day(made_on))}",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What a template may ask a report for."""

    content: Mapping[str, Any]
    wording: Mapping[str, Words]
    language: str

    def names(self) -> dict[str, Any]:
        """The names of `NAMES` with what they stand for."""
        return {
            "figures": self.figures, "table": self.table, "two_way": self.two_way, "chart": self.chart,
            "cases": self.cases, "texts": self.texts, "words": lambda key: self.wording[key].in_(self.language),
            "period": self.content["period"], "unit": self.content["unit"],
            "is_published": self.content["published"],
        }  # fmt: skip

    def figures(self) -> tuple[Block, ...]:
        """Every figure, with the periods beside it that it is compared with, and which days those are."""
        compared = [name for name in OTHERS if any(name in one for one in self.content["figures"])]
        columns = (
            Column(self.say("report.what"), wide=True),
            *(
                Column(self._period(name) if compared else self.say("report.count"), number=True)
                for name in (THIS, *compared)
            ),
        )
        rows = tuple(
            (Cell(one["label"]), *(self._figure(one, one if name == THIS else one.get(name))
                                   for name in (THIS, *compared)))
            for one in self.content["figures"]
        )  # fmt: skip
        table = Table(self.say("report.overview"), columns, rows)
        spans = [one for one in self.content["periods"] if one["period"] in compared]
        if not spans or all(is_year(one["from"], one["to"]) for one in spans):
            return (table,)
        said = " ".join(
            self.say(f"report.span.{one['period']}", start=one["from"], end=one["to"]) for one in spans
        )
        return (table, Paragraph((Run(said, emphasis=True),)))

    def table(self, key: str) -> Table:
        """A table: a row for each code, those without one, and the total."""
        found = self._found("tables", "table", key)
        compared = [name for name in OTHERS if name in found]
        names = (THIS, *compared)
        rows = [
            (Cell(row["label"]), *(self._count(row["value"] if name == THIS else row[name]["value"]) for name in names))
            for row in found["rows"]
        ]  # fmt: skip
        missing = [found["missing"] if name == THIS else found[name]["missing"] for name in names]
        if any(number is None or number for number in missing):
            rows.append((Cell(self.say("report.missing")), *(self._count(number) for number in missing)))
        totals = [found["total"] if name == THIS else found[name]["total"] for name in names]
        return Table(
            found["label"],
            (
                Column(self.say("report.what"), wide=True),
                *(Column(self._period(name) if compared else self.say("report.count"), number=True) for name in names),
            ),
            tuple(rows),
            total=(Cell(self.say("report.total")), *(self._count(number) for number in totals)),
            empty=self.say("report.none"),
        )  # fmt: skip

    def two_way(self, key: str) -> Table:
        """A table of two ways: a row for each code of the one, a column for each of the other, and their sums."""
        found = next(one for one in self.content["two_way"] if one["two_way"] == key)
        columns = (
            Column(self.say("report.what"), wide=True),
            *(Column(one["label"], number=True) for one in found["columns"]),
            Column(self.say("report.total"), number=True),
        )
        rows = tuple(
            (
                Cell(row["label"]),
                *(self._short(cell["value"]) for cell in row["cells"]),
                self._short(row["value"]),
            )
            for row in found["rows"]
        )
        sums = [*(one["value"] for one in found["columns"]), found["total"]]
        return Table(
            found["label"], columns, rows, total=(Cell(self.say("report.total")), *map(self._short, sums)),
            empty=self.say("report.none"),
        )  # fmt: skip

    def chart(self, key: str) -> Block:
        """A table with its chart; the table alone when there is nothing to draw."""
        found, table = self._found("tables", "table", key), self.table(key)
        if not found["rows"] or found["chart"] == "none" or not any(row["value"] for row in found["rows"]):
            return table
        last = OTHERS[1] if OTHERS[1] in found else OTHERS[0]
        series = [Series(self._period(THIS), tuple(row["value"] for row in found["rows"]))]
        if last in found and any(row[last]["value"] != 0 for row in found["rows"]):
            series.append(Series(self._period(last), tuple(row[last]["value"] for row in found["rows"])))
        labels = [row["label"] for row in found["rows"]]
        description = self._description(found, labels)
        draw = draw_bars if found["chart"] == "bars" else draw_lines
        svg = draw(found["label"], description, labels, series, instead=self.say("report.few_short"))
        beside = replace(table, caption=self.say("report.chart.table", what=found["label"]))
        return Figure(svg, found["label"], description, beside)

    def cases(self, key: str) -> tuple[Block, ...]:
        """A list of cases, the oldest first, and how many more there are."""
        found = next((one for one in self.content["lists"] if one["list"] == key), None)
        if found is None:
            return ()
        own = {one["field"]: one["label"] for one in found["columns"]}
        units = {row["unit"] for row in found["rows"]}
        usual = ("days", "due", "holder") if not own else ()
        heads = [
            one for one in ("reference", "case", "state", "unit", *usual) if one != "unit" or len(units) > 1
        ]
        columns = [
            Column(self.say(f"report.list.{head}"), number=head == "days", wide=head in ("case", "holder"))
            for head in heads
        ]
        columns += [Column(label) for label in own.values()]
        rows = tuple(
            (*(self._listed(head, row) for head in heads), *(Cell(row["values"][name]) for name in own))
            for row in found["rows"]
        )
        table = Table(found["label"], tuple(columns), rows, empty=self.say("report.list.none"))
        if not found["hidden"]:
            return (table,)
        return (table, Paragraph((Run(self.say("report.list.hidden", n=found["hidden"])),)))

    def texts(self, key: str) -> tuple[Block, ...]:
        """What was written to be read by others, each under the codes beside it."""
        found = next((one for one in self.content["texts"] if one["texts"] == key), None)
        if found is None:
            return ()
        if not found["rows"]:
            return (Paragraph((Run(self.say("report.texts.none")),)),)
        return tuple(
            Paragraph((Run(", ".join(row["beside"]) + "\n", strong=True), Run(row["text"])) if row["beside"]
                      else (Run(row["text"]),))
            for row in found["rows"]
        )  # fmt: skip

    def say(self, key: str, **arguments: Any) -> str:
        """A sentence in the language of the page."""
        return say(sentence(key, **arguments), self.language)

    # --- inside

    def _found(self, kind: str, name: str, key: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = next(one for one in self.content[kind] if one[name] == key)
        return found

    def _period(self, name: str) -> str:
        one = next(one for one in self.content["periods"] if one["period"] == name)
        return one["from"][:4] if is_year(one["from"], one["to"]) else self.say(f"report.period.{name}")

    def _count(self, number: int | None) -> Cell:
        return Cell(self.say("report.few")) if number is None else Cell(str(number), number)

    def _short(self, number: int | None) -> Cell:
        """A number of a table with many columns: what is left out is said shortly."""
        return Cell(self.say("report.few_short")) if number is None else Cell(str(number), number)

    def _figure(self, figure: Mapping[str, Any], one: Mapping[str, Any] | None) -> Cell:
        if one is None:
            return Cell("")
        if figure["kind"] == "days":
            return self._days(one)
        if figure["kind"] == "share" and one["value"] is not None and one.get("of"):
            share = round(100 * Decimal(one["value"]) / Decimal(one["of"]))
            return Cell(self.say("report.share", value=one["value"], of=one["of"], percent=share))
        return self._count(one["value"])

    def _days(self, one: Mapping[str, Any]) -> Cell:
        if one["value"] is None and one["n"] is None:
            return Cell(self.say("report.few"))
        if one["value"] is None:
            return Cell("–")  # noqa: RUF001  a dash is what stands where there is no number
        said = {key: format_number(one[key], self.language) for key in ("value", "lower", "upper")}
        return Cell(self.say("report.days", median=said["value"], lower=said["lower"], upper=said["upper"]))

    def _listed(self, head: str, row: Mapping[str, Any]) -> Cell:
        match head:
            case "case":
                return Cell(row["title"].removesuffix(f", {row['unit']}"))
            case "days":
                return Cell(str(row["days"]), row["days"])
            case "due":
                return self._due(row)
            case "state":
                return Cell(row["state_label"])
            case "holder":
                return Cell(row["assignee"] or "")
            case _:
                return Cell(row[head])

    def _due(self, row: Mapping[str, Any]) -> Cell:
        if row["due_on"] is None:
            return Cell("")
        day = format_day(row["due_on"])
        said = self.say("report.list.overdue", day=day) if row["overdue"] else day
        return Cell(said, None if row["overdue"] else date.fromisoformat(row["due_on"]))

    def _description(self, found: Mapping[str, Any], labels: Sequence[str]) -> str:
        """What a chart shows, in words: the greatest first, and that the numbers stand in the table."""
        ranked = sorted(
            ((row["value"], -number) for number, row in enumerate(found["rows"]) if row["value"]),
            reverse=True,
        )
        most = tuple(f"{labels[-number]} {value}" for value, number in ranked[:3])
        said = self.say("report.chart", what=found["label"], most=most)
        more = len(labels) - LONGEST
        return (
            f"{said} {self.say('report.chart.more', n=more)}"
            if more > 0 and found["chart"] == "bars"
            else said
        )
