"""An invented process that the year wheel may open, in the house: rounds that are walked and written down."""

from __future__ import annotations

from tests.service.house import House, publish

ROUND = """
process: round
version: 1
reference: RON
label: {sv: Rond, en: Round}
title: "{unit}"
roles: {keeper: content, head: content}
fields:
  ready_by: {type: date, label: {sv: Klar senast, en: Ready by}, statistics: true}
  what: {type: text, label: {sv: Vad, en: What}}
  result: {type: text, label: {sv: Resultat, en: Result}}
states:
  planned: {label: {sv: Planerad, en: Planned}, expects: [walk]}
  walked: {label: {sv: Gången, en: Walked}, final: true}
steps:
  plan: {label: {sv: Planera, en: Plan}, opens: planned, by: [head, keeper, system], asks: [ready_by, what]}
  walk:
    label: {sv: Gå, en: Walk}
    from: [planned]
    to: walked
    by: [keeper]
    asks: [result]
    due: {period: 0 days, from: ready_by}
"""
SAID = {
    "process": "round", "name": "Brandrond", "under": ["forv"], "every": "quarter", "opens_before": 30,
    "values": {"what": "Utrymningsvägarna"},
}  # fmt: skip


def with_rounds(house: House, folder) -> House:
    """A house in which rounds are published."""
    publish(house.door(), folder / "rounds", round=ROUND)
    return house


def add(house: House, key="fire", person="head", **said):
    """A plan of rounds."""
    return house.by(person).schedules.add(key, SAID | said)


def on(house: House, day: str) -> None:
    """Be at seven in the morning of a day."""
    house.clock.now = f"{day}T06:00:00.000000Z"


def tick(house: House) -> int:
    """Do what is due; how many cases were opened."""
    return next(one.done for one in house.door().tick.run().duties if one.key == "schedules")


def wheel(house: House, person="head", **wanted) -> list[tuple[str, str, str, str | None]]:
    """The year as somebody sees it: day, unit, status and reference of each occasion."""
    found = house.by(person).wheel.year(**wanted).occasions
    return [(one.due_on, one.unit, one.status, one.reference) for one in found]
