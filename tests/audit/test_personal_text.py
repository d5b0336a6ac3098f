"""What people wrote is where it can be erased, and nowhere else: tables, exports, logs and errors are searched."""

from __future__ import annotations

import io
import logging

import pytest

from engine.cases.reorganisation import AddPerson
from engine.errors import HjulError, RefusedError
from engine.language.say import say
from engine.store.tables import metadata
from tests.audit.owner import owning
from tests.service.house import OPERATOR, House, organise

MARK = "zyx§"
ERASABLE = {
    "payloads.content", "cases.private", "persons.name", "persons.login", "persons.title", "persons.email",
    "drafts.content",
}  # fmt: skip


def marked(text: str) -> str:
    """A text that can be told from everything else."""
    return f"{MARK}{text}"


@pytest.fixture(name="house")
def marked_house(house):
    """A house in which everything that can be written has been written, marked."""
    organise(
        house.door(OPERATOR),
        AddPerson(
            marked("namn"),
            "2020-01-01",
            code="p9",
            login=marked("login"),
            title=marked("titel"),
            email=marked("post"),
        ),
    )
    return house


def write_everything(house: House) -> str:
    """Write in every place there is for it."""
    kim, keeper, head = (house.by(person).cases for person in ("kim", "keeper", "head"))
    opened = kim.open_case(
        "repair", unit="bjork", values={"story": marked("story"), "damage": "wet", "why": marked("why")},
        comment=marked("comment"),
    )  # fmt: skip
    reference = opened.reference
    keeper.take_step(reference, "question", values={"why": marked("question")}, comment=marked("comment"))
    kim.take_step(reference, "answer", values={"story": marked("answer")})
    house.look(reference)
    keeper.add_entry(reference, "seen", marked("entry"), marked("source"), judgement=False)
    house.take("keeper", reference, "send", **{"sent.+.whom": marked("whom")})
    house.take("mender", reference, "finish", **{"causes.+.kind": "wet", "causes.+.text": marked("cause")})
    head.take_step(reference, "judge", values={"result": marked("result")})
    second = kim.open_case("repair", unit="bjork", values={"story": marked("second")}).reference
    kim.amend(second, {"story": marked("amended")}, marked("reason"))
    kim.take_step(second, "hand_over", values={"why": marked("handed")})
    house.by("kim").drafts.save("repair", None, "tell", {"story": marked("draft")})
    house.by("guard").cases.show(second)
    return second


def cells(house: House):
    """Every cell of every table, as `table.column` and its text."""
    with owning(house.by("head").database) as owner:
        for table in metadata.sorted_tables:
            names = [column.name for column in table.columns]
            for row in owner.rows(f"SELECT {', '.join(names)} FROM {table.name}"):
                for name, value in zip(names, row, strict=True):
                    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                    yield f"{table.name}.{name}", text


def test_personal_text__stands_only_where_it_can_be_erased(house):
    write_everything(house)
    places = {place for place, text in cells(house) if MARK in text or MARK.encode().hex() in text}
    assert places == ERASABLE


def test_personal_text__every_text_is_kept(house):
    """The search would find them: each text stands in a payload."""
    write_everything(house)
    kept = "".join(text for place, text in cells(house) if place == "payloads.content")
    told = "story why comment question answer entry source whom cause result second amended reason handed namn login"
    assert [word for word in told.split() if marked(word) not in kept] == []


def test_personal_text__is_in_no_export_and_no_report(house, caplog):
    caplog.set_level(logging.DEBUG)
    write_everything(house)
    audit = house.by("head").audit
    for format_ in ("jsonl", "csv"):
        out = io.BytesIO()
        assert audit.export(format_, out) > 20
        assert MARK not in out.getvalue().decode()
    with owning(house.by("head").database) as owner:
        for table in ("payloads", "cases", "persons"):
            column = {"payloads": "content", "cases": "private", "persons": "name"}[table]
            owner.run(f"UPDATE {table} SET {column} = replace({column}, '{MARK}', '{MARK}{MARK}')")
    report = audit.verify()
    assert len(report.problems) > 10
    said = [say(one.sentence, language) for one in report.problems for language in ("sv", "en")]
    assert [text for text in (*said, *map(str, report.problems)) if MARK in text] == []
    assert MARK not in caplog.text


def test_personal_text__is_in_no_error(house):
    second = write_everything(house)
    kim, keeper = house.by("kim").cases, house.by("keeper").cases
    tried = [
        lambda: keeper.take_step(second, "look", values={"story": marked("x"), "how_bad": marked("x")}),
        lambda: keeper.take_step(second, "question", values={marked("field"): "x"}),
        lambda: kim.open_case("repair", unit="bjork", values={"found": marked("x"), "damage": marked("x")}),
        lambda: keeper.add_entry(second, "unheard", marked("x"), marked("x"), judgement=True),
        lambda: house.by("lo").cases.amend(second, {"story": marked("x")}, marked("x")),
        lambda: keeper.assign(second, marked("nobody")),
    ]
    for attempt in tried:
        with pytest.raises(HjulError) as raised:
            attempt()
        assert MARK not in str(raised.value)
        assert raised.value.__cause__ is None or MARK not in str(raised.value.__cause__)
        if isinstance(raised.value, RefusedError):
            assert MARK not in str(raised.value.args)
