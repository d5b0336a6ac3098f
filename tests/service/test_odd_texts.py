"""Texts that no field, name or key can be: refused in every place, as errors of ours, on both databases."""

import pytest

from engine.errors import HjulError

TEXTS = ("\x00", "a\x00b", "\udcff", "x" * 5000, "💧" * 50, "'; DROP TABLE cases; --", "\u202e", " ")
PLACES = {
    "story": lambda app, text: app.cases.open_case("repair", unit="bjork", values={"story": text}),
    "choice": lambda app, text: app.cases.open_case(
        "repair", unit="bjork", values={"story": "x", "damage": text, "also": text}),
    "found": lambda app, text: app.cases.open_case("repair", unit="bjork", values={"story": "x", "found": text}),
    "comment": lambda app, text: app.cases.open_case("repair", unit="bjork", values={"story": "x"}, comment=text),
    "id": lambda app, text: app.cases.open_case("repair", unit="bjork", values={"story": "x"}, command_id=text),
    "field": lambda app, text: app.cases.open_case("repair", unit="bjork", values={"story": "x", text: "x"}),
    "unit": lambda app, text: app.cases.open_case("repair", unit=text, values={"story": "x"}),
    "process": lambda app, text: app.cases.open_case(text, unit="bjork", values={"story": "x"}),
    "opening": lambda app, text: app.cases.open_case("repair", step=text, unit="bjork", values={"story": "x"}),
    "reference": lambda app, text: app.cases.take_step(text, "note"),
    "prefix": lambda app, text: app.cases.take_step(f"{text}-2026-0001", "note"),
    "step": lambda app, text: app.cases.take_step("REP-2026-0001", text),
    "heading": lambda app, text: app.cases.add_entry("REP-2026-0001", text, "x", "x", judgement=True),
    "entry": lambda app, text: app.cases.add_entry("REP-2026-0001", "seen", text, text, judgement=True),
    "reason": lambda app, text: app.cases.amend("REP-2026-0001", {"damage": "wet"}, text),
    "kind": lambda app, text: app.cases.link("REP-2026-0001", text, "REP-2026-0001"),
    "assignee": lambda app, text: app.cases.assign("REP-2026-0001", text),
    "mender": lambda app, text: app.cases.take_step("REP-2026-0001", "look", values={"mender": text}),
    "case": lambda app, text: app.cases.take_step("REP-2026-0001", "twin_of", values={"twin": text}),
    "draft": lambda app, text: app.drafts.save("repair", None, text, {"values": {"story": text}}),
    "where": lambda app, text: app.register.cases(where=[f"damage={text}"]),
    "list": lambda app, text: app.register.cases(process=text, state=text),
    "after": lambda app, text: app.register.cases(after=text),
    "complete": lambda app, text: app.register.references(text),
    "tasks": lambda app, text: app.register.tasks(role=text),
    "params": lambda app, text: app.processes.params(text),
    "publish": lambda app, text: app.processes.publish(text),
    "diagram": lambda app, text: app.processes.diagram(text, "sv"),
    "setting": lambda app, text: app.settings.set("closed_days", text),
    "report": lambda app, text: app.reports.write(text),
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_odd_text__is_kept_whole_or_refused(house, text):
    house.tell()
    app = house.by("keeper")
    for place in PLACES.values():
        try:
            place(app, text)
        except HjulError:
            continue
    assert app.cases.open_case("repair", unit="bjork", values={"story": "x"}).state == "told"
    for row in app.register.cases(limit=100).rows:
        assert app.cases.show(row.reference).seq == len(app.cases.history(row.reference))


@pytest.mark.parametrize("text", ["\x00", "\udcff", "💧" * 50, ""])
def test_odd_login__is_unknown(house, text):
    for app in (house.door(text), house.door("kim", text or None), house.door(text, text or None)):
        if (app.start.login, app.start.as_login) == ("kim", None):
            continue
        with pytest.raises(HjulError):
            app.actor()
