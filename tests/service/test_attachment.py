"""Attached files: whole in and whole out, whoever may; what cannot be is said; verify proves the bytes."""

import hashlib
import os

import pytest

from engine.errors import (
    AttachmentErasedError,
    AttachmentTooLargeError,
    AttachmentTwiceError,
    GuardError,
    HjulError,
    NoFileError,
    RefusedError,
    UnknownAttachmentError,
    UnknownCaseError,
)
from engine.store import guards
from engine.store.guards import PIECE

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 3000


@pytest.fixture
def pdf(tmp_path):
    """Give a file of several pieces."""
    path = tmp_path / "Åtgärd & plan.pdf"
    path.write_bytes(PDF)
    return path


@pytest.fixture
def told(sqlite_only):
    """Give a told repair, on SQLite: what follows never comes to the database."""
    return sqlite_only.tell()


def taken_out(app, reference, number=1):
    return b"".join(app.attachments.fetch(reference, number).content)


def test_attach__gives_back_the_same_bytes_and_is_proved(house, pdf):
    told = house.tell()
    keeper = house.by("keeper")
    before = keeper.cases.show(told)
    keeper.attachments.attach(told, pdf)
    (file,) = keeper.attachments.list(told)
    assert (file.number, file.name, file.media_type, file.size) == (1, pdf.name, "application/pdf", len(PDF))
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert taken_out(keeper, told) == PDF
    shown = keeper.cases.show(told)
    assert shown.files == (file,)
    assert (shown.state, shown.fields, shown.tasks) == (before.state, before.fields, before.tasks)
    assert keeper.cases.history(told)[-1].file == file
    assert house.by("boss").audit.verify().ok
    assert house.by("keeper").audit.verify(told).ok
    assert house.rows("SELECT count(*), max(length(content)) FROM attachments") == [
        (-(-len(PDF) // PIECE), PIECE)
    ]
    body = house.rows("SELECT body FROM events WHERE kind = 'attach'")[0][0]
    assert pdf.stem.encode() not in bytes(body)
    assert hashlib.sha256(PDF).hexdigest().encode() not in bytes(body)


def test_fetch__is_in_the_access_log_before_a_byte_leaves(house, pdf):
    told = house.tell()
    house.by("keeper").attachments.attach(told, pdf)
    before = len(house.accesses())
    fetched = house.by("head").attachments.fetch(told, 1)
    assert [(row[0], *row[2:]) for row in house.accesses()[before:]] == [("head", told, "file", "shown")]
    assert b"".join(fetched.content) == PDF


def test_attach__is_for_those_who_have_a_part_in_the_case(house, pdf, tmp_path):
    told = house.tell("kim")
    for person in ("lo", "mender"):
        with pytest.raises(UnknownCaseError):
            house.by(person).attachments.attach(told, pdf)
        with pytest.raises(UnknownCaseError):
            house.by(person).attachments.list(told)
    house.by("kim").attachments.attach(told, pdf)
    other = tmp_path / "b.txt"
    other.write_text("chefens egen anteckning")
    house.by("head").attachments.attach(told, other)
    assert [one.number for one in house.by("kim").attachments.list(told)] == [1]
    assert taken_out(house.by("kim"), told) == PDF
    with pytest.raises(UnknownAttachmentError):
        house.by("kim").attachments.fetch(told, 2)
    assert house.accesses()[-1][2:] == (told, "file", "refused")
    assert [one.name for one in house.by("head").attachments.list(told)] == [pdf.name, "b.txt"]


def test_files__of_a_marked_case_are_for_the_marks_roles(house, pdf):
    told = house.tell("kim")
    house.by("head").attachments.attach(told, pdf)
    house.take("keeper", told, "hand_over", why="x")
    for person in ("keeper", "kim"):
        assert house.by(person).attachments.list(told) == ()
        with pytest.raises(UnknownAttachmentError):
            house.by(person).attachments.fetch(told, 1)
    before = len(house.accesses())
    assert taken_out(house.by("head"), told) == PDF
    assert {row[3:] for row in house.accesses()[before:]} >= {("file", "shown")}


def test_attach__is_refused_where_entries_are_locked(house, pdf):
    told = house.waiting()
    house.take("head", told, "judge", result="klart")
    with pytest.raises(RefusedError) as refused:
        house.by("head").attachments.attach(told, pdf)
    assert refused.value.refusal.kind == "locked"


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("../../etc/passwd", "attach.path"),
        ("a\\b", "attach.path"),
        ("a\nb.pdf", "attach.control"),
        ("rapport\u202efdp.exe", "attach.control"),
        (" ", "attach.no_name"),
        ("..", "attach.no_name"),
        ("å" * 151, "attach.long"),
    ],
)
def test_attach__refuses_a_name_that_would_do_harm(sqlite_only, told, pdf, name, fault):
    with pytest.raises(RefusedError) as refused:
        sqlite_only.by("keeper").attachments.attach(told, pdf, name=name)
    assert refused.value.refusal.reasons[0].id == fault


def test_attach__says_what_is_no_file_to_attach(sqlite_only, told, tmp_path):
    keeper = sqlite_only.by("keeper").attachments
    empty = tmp_path / "tom.txt"
    empty.touch()
    with pytest.raises(RefusedError) as refused:
        keeper.attach(told, empty)
    assert refused.value.refusal.reasons[0].id == "attach.empty"
    with pytest.raises(NoFileError):
        keeper.attach(told, tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NoFileError):
        keeper.attach(told, tmp_path / "pipe")
    with pytest.raises(FileNotFoundError):
        keeper.attach(told, tmp_path / "none")
    big = tmp_path / "stor.bin"
    with big.open("wb") as file:
        file.truncate(1_000_001)
    sqlite_only.by("boss").settings.set("attachment_megabytes", "1")
    with pytest.raises(AttachmentTooLargeError):
        keeper.attach(told, big)
    sqlite_only.by("boss").settings.set("attachment_megabytes", "2")
    keeper.attach(told, big)


def test_attach__the_same_file_twice_is_said_and_a_retry_is_not_twice(sqlite_only, told, pdf, tmp_path):
    keeper = sqlite_only.by("keeper").attachments
    keeper.attach(told, pdf, command_id="c")
    keeper.attach(told, pdf, command_id="c")
    again = tmp_path / "annat namn.pdf"
    again.write_bytes(PDF)
    with pytest.raises(AttachmentTwiceError):
        keeper.attach(told, again)
    assert len(keeper.list(told)) == 1


def test_attach__of_a_file_that_changes_meanwhile_writes_nothing(sqlite_only, told, pdf, monkeypatch):
    from engine.service import attachment

    monkeypatch.setattr(attachment, "_parts", lambda path: iter([path.read_bytes() + os.urandom(1)]))
    before = sqlite_only.everything()
    with pytest.raises(HjulError):
        sqlite_only.by("keeper").attachments.attach(told, pdf)
    assert sqlite_only.everything() == before


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE attachments SET content = substr(content, 1, 10) WHERE number = 1", "file_changed"),
        ("DELETE FROM attachments WHERE number = 2", "file_changed"),
        ("DELETE FROM attachments", "file_gone"),
        ("UPDATE attachments SET seq = 1", "file_stray"),
        ("DELETE FROM payloads WHERE seq = 2", "file_unknown"),
    ],
)
def test_verify__names_a_file_that_is_not_the_one_that_was_attached(sqlite_only, told, pdf, statement, kind):
    sqlite_only.by("keeper").attachments.attach(told, pdf)
    sqlite_only.run(statement)
    assert kind in {problem.kind for problem in sqlite_only.by("boss").audit.verify().problems}


def test_guards__let_no_piece_be_changed_removed_or_added_later(house, pdf):
    told = house.tell()
    house.by("keeper").attachments.attach(told, pdf)
    house.take("keeper", told, "question", why="x")
    database = house.by("keeper").database
    content = "X'00'" if database.dialect == "sqlite" else "'\\x00'::bytea"
    for statement in (
        f"UPDATE attachments SET content = {content}",
        "DELETE FROM attachments",
        f"INSERT INTO attachments SELECT case_id, seq, 99, {content} FROM attachments WHERE number = 0",
        f"INSERT INTO attachments SELECT case_id, 3, 0, {content} FROM attachments WHERE number = 0",
    ):
        with pytest.raises(GuardError), database.write() as session:
            session.raw.execute(statement)
    with database.read() as session:
        assert guards.missing(session.raw) == []


def test_fetch__of_an_erased_file_says_so_and_verify_holds(house, pdf):
    told = house.tell()
    house.by("keeper").attachments.attach(told, pdf)
    house.run("DELETE FROM payloads WHERE seq = 2")
    with pytest.raises(AttachmentErasedError):
        house.by("keeper").attachments.fetch(told, 1)
    (file,) = house.by("keeper").attachments.list(told)
    assert (file.name, file.sha256, file.size) == (None, None, None)
