"""Kept papers: to the byte, once, with what they show; who may keep and fetch; nothing half; verify proves them."""

import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest

from engine.errors import (
    AttachmentTooLargeError,
    ClosedPaperError,
    ConcurrentChangeError,
    ErasedPaperError,
    GuardError,
    RefusedError,
    UnknownCaseError,
    UnknownKeptPaperError,
    UnknownPaperError,
)
from engine.ledger.chain import open_body
from engine.service.kept_paper import KeptPaperService
from engine.service.paper import PaperService

PROCESSES = Path(__file__).parents[2] / "processes"
FORMATS = ("html", "pdf", "docx", "md")


def keep(house, person, reference, key="arende", format="md", **more):
    return house.by(person).kept_papers.keep(reference, key, format=format, **more)


def taken_out(house, person, reference, number=1):
    return b"".join(house.by(person).kept_papers.fetch(reference, number).content)


def with_papers(app, shipped):
    papers = PaperService(app.cases.showing, app.clock, app.zone, shipped, "Provkommunen")
    return KeptPaperService(app.decider, app.actor, papers)


@pytest.fixture
def shipped(tmp_path):
    """Give a folder of papers: the one for all, and one of repairs that goes into its orders."""
    found = tmp_path / "processes"
    shutil.copytree(PROCESSES / "documents", found / "documents")
    folder = found / "repair" / "documents"
    folder.mkdir(parents=True)
    (folder / "note.yaml").write_text("document: note\nversion: 3\nlabel: {sv: Lapp, en: Note}\nkept: true\n")
    (folder / "note.j2").write_text(
        "{{ field('story') }}\n{% for one in linked('for_repair') %}{{ one.field('what') }}{% endfor %}\n"
    )
    return found


@pytest.mark.parametrize("format", FORMATS)
def test_keep__gives_back_the_same_bytes_and_is_proved(house, format):
    told = house.tell()
    before = house.by("keeper").cases.show(told)
    found = keep(house, "keeper", told, format=format, language="en")
    data = b"".join(found.content)
    assert data == house.by("keeper").papers.write(told, "arende", format=format, language="en")
    assert taken_out(house, "head", told) == data
    one = found.paper
    assert (one.number, one.seq, one.shows, one.paper, one.version) == (1, 2, 1, "arende", 2)
    assert (one.format, one.language, one.label.sv) == (format, "en", "Ärendet i sin helhet")
    assert (one.size, one.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    files = [PROCESSES / "documents" / f"arende.{ending}" for ending in ("yaml", "j2")]
    assert one.template == hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    shown = house.by("keeper").cases.show(told)
    assert shown.papers == (one,)
    assert (shown.state, shown.fields, shown.tasks) == (before.state, before.fields, before.tasks)
    assert house.by("keeper").cases.history(told)[-1].paper == one
    assert house.by("boss").audit.verify().ok
    assert house.by("keeper").audit.verify(told).ok


def test_keep__its_event_names_the_template_and_no_fingerprint_of_what_it_says(sqlite_only):
    told = sqlite_only.tell()
    one = keep(sqlite_only, "keeper", told).paper
    stored = bytes(sqlite_only.rows("SELECT body FROM events WHERE kind = 'paper'")[0][0])
    data = open_body(stored)["data"]
    assert data["template"] == one.template
    assert data["label"] == {"sv": "Ärendet i sin helhet", "en": "The case as a whole"}
    assert data["shows"] == 1
    for secret in (one.sha256, one.content, "våt bok", '"size"'):
        assert secret.encode() not in stored


def test_keep__a_second_time_makes_no_second_one(house):
    told = house.waiting()
    first = keep(house, "keeper", told)
    keep(house, "keeper", told, format="html")
    again = keep(house, "keeper", told)
    assert (first.was_there, again.was_there, again.paper) == (False, True, first.paper)
    assert b"".join(again.content) == taken_out(house, "keeper", told, 1)
    house.clock.now = "2026-03-09T08:00:00.000000Z"
    assert keep(house, "head", told).was_there, "another day is no change"
    assert len(house.by("keeper").cases.show(told).papers) == 2


def test_keep__what_has_changed_is_kept_anew(sqlite_only, shipped):
    house = sqlite_only
    told = house.waiting()
    keep(house, "keeper", told)
    house.by("keeper").cases.add_entry(told, "seen", "Torr.", "hyllan", judgement=False)
    second = keep(house, "keeper", told)
    assert (second.was_there, second.paper.number) == (False, 2)
    assert not keep(house, "keeper", told, language="en").was_there
    assert b"Torr." in taken_out(house, "keeper", told, 2)
    assert b"Torr." not in taken_out(house, "keeper", told, 1)
    papers = with_papers(house.by("keeper"), shipped)
    assert papers.keep(told, "arende", format="md").was_there
    (shipped / "documents" / "arende.j2").write_text("{{ head() }}\n")
    assert not papers.keep(told, "arende", format="md").was_there, "another template is another paper"


def test_keep__another_paper_that_was_kept_stands_in_this_one(sqlite_only, shipped):
    told = sqlite_only.tell()
    papers = with_papers(sqlite_only.by("keeper"), shipped)
    whole = papers.keep(told, "arende", format="md")
    papers.keep(told, "note", format="md")
    again = papers.keep(told, "arende", format="md")
    assert (whole.paper.shows, again.was_there, again.paper.shows) == (1, False, 3)


def test_keep__is_for_those_who_read_the_content_and_have_a_part(house):
    told = house.tell("kim")
    for person in ("lo", "mender", "guard"):
        with pytest.raises(UnknownCaseError):
            keep(house, person, told)
    with pytest.raises(RefusedError) as refused:
        keep(house, "kim", told)
    assert [one.id for one in refused.value.refusal.reasons] == ["paper.not_allowed"]
    assert house.accesses()[-1][2:] == (told, "document", "refused")
    keep(house, "keeper", told)
    assert house.by("kim").kept_papers.list(told) == ()
    assert house.by("kim").cases.show(told).papers == ()
    with pytest.raises(UnknownKeptPaperError):
        house.by("kim").kept_papers.fetch(told, 1)
    assert house.accesses()[-1][2:] == (told, "document", "refused")
    house.look(told)
    assert taken_out(house, "mender", told), "who has the case reads it"
    assert not keep(house, "mender", told).was_there


def test_keep__is_not_hindered_by_a_lock_or_an_end(sqlite_only):
    told = sqlite_only.waiting()
    sqlite_only.take("head", told, "judge", result="klart")
    assert not keep(sqlite_only, "head", told).was_there


def test_fetch__of_a_marked_case_is_for_the_marks_roles(sqlite_only):
    house = sqlite_only
    told = house.tell("kim")
    keep(house, "keeper", told)
    house.take("keeper", told, "hand_over", why="x")
    with pytest.raises(UnknownKeptPaperError):
        house.by("keeper").kept_papers.fetch(told, 1)
    before = len(house.accesses())
    taken_out(house, "head", told)
    assert [row[3:] for row in house.accesses()[before:]] == [("document", "shown")]
    with pytest.raises(UnknownKeptPaperError):
        house.by("head").kept_papers.fetch(told, 2)


def test_fetch__of_what_shows_another_case_is_for_those_who_may_see_that_too(sqlite_only, shipped):
    house = sqlite_only
    told = house.waiting()
    papers = with_papers(house.by("head"), shipped)
    papers.keep(told, "note", format="md")
    house.by("keeper").cases.open_case("order", unit="bjork", values={"what": "lim"}, link_to=told)
    note = papers.keep(told, "note", format="md").paper
    assert [(one.reference, one.content) for one in note.others] == [("ORD-2026-0001", True)]
    papers.keep(told, "arende", format="md")
    assert b"lim" in taken_out(house, "head", told, 2)
    assert b"lim" not in taken_out(house, "mender", told, 1)
    for number in (2, 3):
        with pytest.raises(ClosedPaperError):
            house.by("mender").kept_papers.fetch(told, number)
    assert house.accesses()[-1][0] == "mender"
    assert house.accesses()[-1][2:] == (told, "document", "refused")


def test_keep__of_what_is_not_there_or_too_large(sqlite_only, monkeypatch):
    told = sqlite_only.tell()
    with pytest.raises(UnknownPaperError):
        keep(sqlite_only, "keeper", told, "beslutet")
    monkeypatch.setattr("engine.service.kept_paper.write", lambda *_: bytes(50_000_001))
    before = sqlite_only.everything()
    with pytest.raises(AttachmentTooLargeError):
        keep(sqlite_only, "keeper", told)
    assert sqlite_only.everything() == before


def test_keep__killed_halfway_leaves_nothing(house, monkeypatch):
    told = house.tell()
    before = house.everything()
    with monkeypatch.context() as patch:
        patch.setattr("engine.store.unit_of_work.write_content", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            keep(house, "keeper", told)
    assert house.everything() == before
    assert keep(house, "keeper", told).paper.number == 1


def test_keep__what_came_while_it_was_written_stands_in_it(sqlite_only, monkeypatch):
    house = sqlite_only
    told = house.tell()
    from engine.documents.write import write
    from engine.service import kept_paper

    written = []

    def slow(document, format):
        written.append(document)
        if len(written) < 3:
            house.by("head").cases.add_entry(told, "seen", f"Sen {len(written)}.", "x", judgement=False)
        return write(document, format)

    monkeypatch.setattr(kept_paper, "write", slow)
    found = keep(house, "keeper", told)
    assert (len(written), found.paper.shows) == (3, 3)
    assert b"Sen 2." in b"".join(found.content)
    monkeypatch.setattr(kept_paper, "write", lambda document, format: (
        house.by("head").cases.add_entry(told, "seen", "Igen.", "x", judgement=False) and b"x"
    ))  # fmt: skip
    with pytest.raises(ConcurrentChangeError):
        keep(house, "keeper", told, format="html")


def test_keep__by_two_at_once_makes_one(house):
    told = house.tell()
    doors = [house.door(as_login=person) for person in ("keeper", "head")]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda app: app.kept_papers.keep(told, "arende", format="md"), doors))
    assert sorted(one.was_there for one in found) == [False, True]
    assert len(house.by("keeper").cases.show(told).papers) == 1


def test_keep__again_under_the_same_id_is_harmless(sqlite_only):
    told = sqlite_only.tell()
    first = keep(sqlite_only, "keeper", told, command_id="c")
    sqlite_only.by("keeper").cases.add_entry(told, "seen", "Torr.", "x", judgement=False)
    assert keep(sqlite_only, "keeper", told, command_id="c").paper == first.paper


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE attachments SET content = X'00'", "file_changed"),
        ("DELETE FROM attachments", "file_gone"),
        ("UPDATE attachments SET seq = 1", "file_stray"),
        ("DELETE FROM payloads WHERE seq = 2", "file_unknown"),
    ],
)
def test_verify__names_a_kept_paper_that_is_not_the_one(sqlite_only, statement, kind):
    keep(sqlite_only, "keeper", sqlite_only.tell())
    sqlite_only.run(statement)
    assert kind in {problem.kind for problem in sqlite_only.by("boss").audit.verify().problems}


def test_guards__let_no_kept_paper_be_changed_or_removed(house):
    keep(house, "keeper", house.tell())
    database = house.by("keeper").database
    for statement in ("UPDATE attachments SET number = 3", "DELETE FROM attachments"):
        with pytest.raises(GuardError), database.write() as session:
            session.raw.execute(statement)


def test_erasure__takes_a_kept_paper_and_the_log_holds(sqlite_only):
    told = sqlite_only.tell()
    keep(sqlite_only, "keeper", told)
    sqlite_only.run("DELETE FROM payloads WHERE seq = 2")
    sqlite_only.run("DELETE FROM attachments")
    with pytest.raises(ErasedPaperError):
        sqlite_only.by("keeper").kept_papers.fetch(told, 1)
    (one,) = sqlite_only.by("keeper").kept_papers.list(told)
    assert (one.label.en, one.size, one.sha256, one.content) == ("The case as a whole", None, None, None)
    assert not keep(sqlite_only, "keeper", told).was_there, "what is erased is kept no more"


def test_copy__of_the_database_holds_the_kept_papers(sqlite_only, tmp_path):
    told = sqlite_only.tell()
    data = b"".join(keep(sqlite_only, "keeper", told, format="pdf").content)
    sqlite_only.by("boss").backups.backup(tmp_path / "copy.sqlite")
    from tests.service.house import House

    copy = House(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    assert taken_out(copy, "keeper", told) == data
    copy.close()


def test_body__says_what_was_there_when_nothing_else_does(sqlite_only):
    """What a reader of 2036 has when neither template nor program is left: the event says it all."""
    told = sqlite_only.tell()
    keep(sqlite_only, "keeper", told, format="docx", language="en")
    stored = bytes(sqlite_only.rows("SELECT body FROM events WHERE kind = 'paper'")[0][0])
    body = orjson.loads(stored[stored.index(b"{") :])
    assert {name: body["data"][name] for name in ("paper", "version", "format", "language")} == {
        "paper": "arende", "version": 2, "format": "docx", "language": "en",
    }  # fmt: skip
