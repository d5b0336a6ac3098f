"""Mail: what stands in the outbox goes out, to each person once, whatever the server and the workers do."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from engine.cases.reorganisation import Appoint, ChangePerson
from engine.errors import MailAddressError, MailRefusedError, MailServerError, NotAdministratorError
from engine.service.secret import Secret
from tests.service.house import organise
from tests.service.mail_server import Post, certificate, context_of, serving
from tests.service.posted import address, at, only_mail, put, ready, running_server, text_of, tick

__all__ = ["running_server"]


@pytest.fixture(scope="session", name="files")
def made_certificate(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"))


def checks(house):
    return {row.key: row for row in house.door(as_login="boss").installation.doctor().rows}


def test_mail__is_not_sent_until_it_is_turned_on(sqlite_only):
    sqlite_only.tell()
    assert tick(sqlite_only).done == 0
    assert sqlite_only.rows("SELECT count(*) FROM mail_parts") == [(0,)]
    assert checks(sqlite_only)["mail"].ok


def test_mail__says_reference_status_and_what_to_do_and_how_it_is_opened(sqlite_only, post):
    told = sqlite_only.tell(story="Anna Andersson 19121212-1212 föll")
    ready(sqlite_only, post, "keeper")
    put(sqlite_only, ("", "keeper", f"{told}: Titta ska vara klart senast 2026-03-09."))
    assert tick(sqlite_only).done == 1
    ((to, message),) = post.taken
    assert to == address("keeper")
    assert message["Subject"] == "[övning] 1 ärende att titta på"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "Hjul <hjul.prov.se>"
    assert message["Date"].datetime.isoformat() == "2026-03-02T08:00:00+00:00"
    assert (
        f"{told} (Anmäld)\n  Titta ska vara klart senast 2026-03-09.\n  Något har anmälts.\n  hjul show {told}\n"
        in text_of(message)
    )
    assert "Anna" not in text_of(message)
    assert "1212" not in text_of(message)
    assert sqlite_only.rows("SELECT state, tries, code FROM mails") == [("sent", 1, "250")]
    assert sqlite_only.rows("SELECT sent_at FROM outbox WHERE sent_at IS NULL") == []
    assert tick(sqlite_only).done == 0


def test_mail__in_english_to_whom_answers_may_be_sent(sqlite_only, post):
    sqlite_only.tell()
    ready(sqlite_only, post, "keeper", mail_language="en", mail_reply_to="kvalitet@prov.se")
    put(sqlite_only, ("", "keeper", "x"))
    tick(sqlite_only)
    (message,) = post.to(address("keeper"))
    assert message["Subject"] == "[training] 1 case to look at"
    assert message["Reply-To"] == "kvalitet@prov.se"
    assert "cannot be answered" not in text_of(message)


def test_mail__goes_to_those_who_have_the_role_today_and_waits_while_nobody_has(sqlite_only, post):
    sqlite_only.tell()
    boss = sqlite_only.by("boss")
    organise(boss, Appoint("kim", "keeper", "bjork", "2026-03-05", on_behalf_of="keeper"))
    ready(sqlite_only, post, "keeper", "kim", "mender")
    put(sqlite_only, ("keeper", "", "till rollen"), ("nobody_has_it", "", "till ingen"))
    at(sqlite_only, "2026-03-05T08:00")
    tick(sqlite_only)
    assert sorted(post.addresses) == [address("keeper"), address("kim")]
    vacant = checks(sqlite_only)["mail_vacant"]
    assert (vacant.ok, vacant.mend) == (False, "hjul org appoint LOGIN nobody_has_it bjork")
    organise(boss, Appoint("mender", "nobody_has_it", "bjork", "2026-03-05"))
    tick(sqlite_only)
    assert len(post.to(address("mender"))) == 1
    assert "mail_vacant" not in checks(sqlite_only)


def test_mail__to_somebody_without_an_address_waits_for_one(sqlite_only, post):
    sqlite_only.tell()
    ready(sqlite_only, post, "keeper")
    put(sqlite_only, ("", "kim", "till kim"), ("", "keeper", "till keeper"))
    assert tick(sqlite_only).done == 1
    found = checks(sqlite_only)["mail_without"]
    assert (found.ok, found.value.arguments["names"]) == (True, "kim")
    organise(sqlite_only.by("boss"), ChangePerson("kim", email=address("kim")))
    assert tick(sqlite_only).done == 1
    assert post.addresses == [address("keeper"), address("kim")]


# --- digests


def test_digest__is_one_a_day_to_each_with_the_most_urgent_first(house, post):
    first = house.tell()
    ready(house, post, "keeper", mail_digest="yes", mail_digest_at="09:30")  # 08:30 UTC
    house.run("UPDATE tasks SET due_on = '2026-04-01'")
    second = house.tell()
    put(house, ("", "keeper", f"{first}: ett"))
    house.run(
        "INSERT INTO outbox (case_id, seq, person, unit, text_sv, text_en, created_at) SELECT id, 1, 'keeper', unit,"
        " 'två', 'two', '2026-03-02T08:00:01.000000Z' FROM cases ORDER BY id DESC LIMIT 1"
    )
    assert tick(house).done == 0
    at(house, "2026-03-02T08:35")
    assert tick(house).done == 1
    put(house, ("", "keeper", "sen"))
    at(house, "2026-03-02T15:00")
    assert tick(house).done == 0
    at(house, "2026-03-03T08:29")
    assert tick(house).done == 0
    at(house, "2026-03-03T08:31")
    assert tick(house).done == 1
    one, other = post.to(address("keeper"))
    assert text_of(one).index(second) < text_of(one).index(first)
    assert "sen" not in text_of(one)
    assert "sen" in text_of(other)
    assert one["Message-ID"] != other["Message-ID"]


# --- the server


def test_mail__is_safe_by_starttls_and_logs_in(sqlite_only, files):
    with serving(Post(), starttls=context_of(files), login=True) as post:
        sqlite_only.tell()
        ready(
            sqlite_only, post, "keeper", mail_encryption="starttls", mail_host="localhost", mail_login="hjul"
        )
        sqlite_only.by("boss").settings.set("mail_ca_file", str(files[0]))
        put(sqlite_only, ("", "keeper", "x"))
        app = sqlite_only.door(as_login="keeper")
        app.start = replace(app.start, mail=Secret("hemligt"))
        assert tick(sqlite_only, app).done == 1
    assert post.logins == [(b"hjul", b"hemligt", True)]


def test_mail__is_safe_from_the_start_by_tls(sqlite_only, files):
    with serving(Post(), tls=context_of(files)) as post:
        sqlite_only.tell()
        ready(sqlite_only, post, "keeper", mail_encryption="tls", mail_host="localhost")
        sqlite_only.by("boss").settings.set("mail_ca_file", str(files[0]))
        put(sqlite_only, ("", "keeper", "x"))
        assert tick(sqlite_only).done == 1


def test_mail__does_not_go_to_a_server_that_cannot_be_trusted(sqlite_only, files, tmp_path):
    with serving(Post(), starttls=context_of(files), login=True) as post:
        sqlite_only.tell()
        ready(sqlite_only, post, "keeper", mail_encryption="starttls", mail_host="localhost")
        put(sqlite_only, ("", "keeper", "x"))
        found = {}
        for name, changes, password in (
            ("certificate", {}, None),
            ("ca_file", {"mail_ca_file": str(tmp_path / "none")}, None),
            ("no_password", {"mail_ca_file": str(files[0]), "mail_login": "hjul"}, None),
            ("login", {}, "fel"),
            ("not_encrypted", {"mail_encryption": "none", "mail_host": "post.prov.se"}, None),
            ("no_tls", {"mail_encryption": "tls", "mail_host": "localhost", "mail_login": ""}, None),
        ):
            for key, value in changes.items():
                sqlite_only.by("boss").settings.set(key, value)
            app = sqlite_only.door(as_login="keeper")
            app.start = replace(app.start, mail=Secret(password))
            found[name] = tick(sqlite_only, app).error.fault
    assert found == {name: name for name in found}
    assert post.taken == []


def test_mail__does_not_go_in_clear_when_the_server_has_no_starttls(sqlite_only, post):
    sqlite_only.tell()
    ready(sqlite_only, post, "keeper", mail_encryption="starttls")
    put(sqlite_only, ("", "keeper", "x"))
    assert tick(sqlite_only).error.fault == "no_starttls"
    assert post.taken == []


def test_server_down__keeps_everything_and_doctor_says_why_until_it_is_up(house):
    house.tell()
    with serving(Post()) as gone:
        pass
    ready(house, gone, "keeper", "kim")
    put(house, ("", "keeper", "x"), ("", "kim", "x"))
    for minute in (0, 5):
        at(house, f"2026-03-02T08:0{minute}")
        result = house.by("keeper").tick.run()
        failed = next(one for one in result.duties if one.key == "mail")
        assert (failed.status, failed.error.fault) == ("failed", "unreachable")
    assert result.is_heard
    assert not house.by("keeper").heartbeat.listen().is_late
    found = checks(house)["mail"]
    assert not found.ok
    assert found.value.arguments["since"] == "2026-03-02 09:00"
    assert checks(house)["mail_waiting"].value.arguments["n"] == 2
    with serving(Post(), port=gone.port) as post:
        at(house, "2026-03-02T08:10")
        assert tick(house).done == 2
    assert sorted(post.addresses) == [address("keeper"), address("kim")]
    assert checks(house)["mail"].ok
    assert "mail_waiting" not in checks(house)


def test_server_slow__is_left_alone_after_its_time(sqlite_only, monkeypatch):
    import socket

    from engine.service import mail_server

    with socket.create_server(("127.0.0.1", 0)) as silent:
        sqlite_only.tell()
        ready(sqlite_only, Post(port=silent.getsockname()[1]), "keeper")
        put(sqlite_only, ("", "keeper", "x"))
        given = mail_server.MailServer.of
        monkeypatch.setattr(
            mail_server.MailServer, "of", staticmethod(lambda *said: replace(given(*said), timeout=0.05))
        )
        assert tick(sqlite_only).error.fault == "slow"
    assert sqlite_only.rows("SELECT state, tries FROM mails") == [("waiting", 0)]


def test_server_refusing_one__takes_the_rest(house, post):
    house.tell()
    ready(house, post, "keeper", "kim", "mender")
    post.answers[address("keeper")] = "550 no such user kept@secret"
    post.answers[address("kim")] = "451 try later"
    put(house, ("", "keeper", "a"), ("", "kim", "b"), ("", "mender", "c"))
    result = tick(house)
    assert (result.status, result.done) == ("done", 1)
    assert [one.arguments["person"] for one in result.problems] == ["keeper"]
    assert post.addresses == [address("mender")]
    assert house.rows("SELECT person, state, code FROM mails ORDER BY person") == [
        ("keeper", "refused", "550"), ("kim", "waiting", "451"), ("mender", "sent", "250")
    ]  # fmt: skip
    found = checks(house)
    assert found["mail"].ok
    assert found["mail_refused"].mend == "hjul org person keeper --email ADRESS"
    post.answers.clear()
    at(house, "2026-03-02T08:04")
    assert tick(house).done == 0  # too soon
    organise(house.by("boss"), ChangePerson("keeper", email="ny@prov.se"))
    at(house, "2026-03-02T08:06")
    assert tick(house).done == 2
    assert sorted(post.addresses) == sorted([address("mender"), address("kim"), "ny@prov.se"])


def test_server_refusing_the_sender__is_a_fault_of_the_settings(sqlite_only, post):
    sqlite_only.tell()
    ready(sqlite_only, post, "keeper")
    post.sender = "553 not yours"
    put(sqlite_only, ("", "keeper", "a"))
    error = tick(sqlite_only).error
    assert (error.fault, error.code) == ("sender", "553")


def test_server_letting_a_message_fall__is_asked_again_for_the_rest(sqlite_only, post):
    sqlite_only.tell()
    ready(sqlite_only, post, "keeper", "kim", "mender")
    put(sqlite_only, ("", "keeper", "a"), ("", "kim", "b"), ("", "mender", "c"))
    post.after_data = ["250 OK", "drop", "451 later"]
    assert tick(sqlite_only).done == 1
    at(sqlite_only, "2026-03-02T09:00")
    assert tick(sqlite_only).done == 2
    assert Counter(post.addresses) == Counter(map(address, ("keeper", "kim", "mender")))


# --- several workers, and those that die


def test_worker_dying__after_the_server_took_it_sends_the_same_message_again_and_no_other_twice(house, post):
    house.tell()
    ready(house, post, "keeper", "kim", "mender")
    put(house, ("", "keeper", "a"), ("", "kim", "b"), ("", "mender", "c"))
    app = house.door(as_login="keeper")
    duty = next(one for one in app.tick.duties if one.key == "mail")
    given = duty.decider.database.transact

    def dying(work):
        if post.taken:
            raise KeyboardInterrupt
        return given(work)

    duty.decider.database.transact = dying
    with pytest.raises(KeyboardInterrupt):
        tick(house, app)
    assert len(post.taken) == 1
    at(house, "2026-03-02T08:02")
    assert tick(house).done == 2
    at(house, "2026-03-02T08:20")
    assert tick(house).done == 1
    assert tick(house).done == 0
    names = {(to, message["Message-ID"]) for to, message in post.taken}
    assert len(post.taken) == 4
    assert len(names) == 3


def test_workers__three_at_once_send_each_message_once(house, post):
    told = [house.tell() for _ in range(4)]
    assert told
    people = ("keeper", "kim", "mender", "head", "both")
    ready(house, post, *people)
    put(house, *(("", person, f"rad {number}") for number, person in enumerate(people * 4)))
    put(house, ("keeper", "", "rollen"))
    # The lease is lost at once: all three are at it all the time.
    workers = [only_mail(house.door(as_login="keeper"), seconds=-1.0) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda worker: worker.run(), workers))
    tick(house)
    said = Counter(post.addresses)
    names = Counter(message["Message-ID"] for _, message in post.taken)
    assert set(said) == set(map(address, people))
    assert set(names.values()) == {1}
    lines = [line for _, message in post.taken for line in text_of(message).splitlines() if "rad " in line]
    assert Counter(lines) == Counter({f"  rad {number}": 1 for number in range(20)})
    assert house.rows("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == [(0,)]


def test_person_gone__has_no_mail_and_whoever_has_the_role_then_gets_it(house, post):
    house.tell()
    ready(house, post, "keeper", "kim")
    boss = house.by("boss")
    post.answers[address("keeper")] = "451 later"
    put(house, ("keeper", "", "x"))
    tick(house)
    assert post.taken == []
    organise(
        boss, ChangePerson("keeper", to_on="2026-03-03"), Appoint("kim", "keeper", "bjork", "2026-03-04")
    )
    at(house, "2026-03-04T08:00")
    tick(house)
    tick(house)
    assert post.addresses == [address("kim")]


def test_status__is_said_only_to_who_may_see_the_case(sqlite_only, post):
    told = sqlite_only.tell()
    ready(sqlite_only, post, "mender")
    put(sqlite_only, ("", "mender", "x"))
    with sqlite_only.by("boss").database.snapshot() as session:
        assert session is not None
    tick(sqlite_only)
    (message,) = post.taken[-1:]
    sees = any(row.reference == told for row in sqlite_only.by("mender").register.cases().rows)
    assert ("(Anmäld)" in text_of(message[1])) == sees


# --- time


def test_old__messages_are_not_sent_any_more(house, post):
    house.tell()
    put(house, ("", "keeper", "gammal"))
    at(house, "2026-03-20T08:00")
    ready(house, post, "keeper")
    put(house, ("", "keeper", "ny"))
    assert tick(house).done == 1
    assert "gammal" not in text_of(post.taken[0][1])


def test_old__messages_of_ended_cases_are_deleted_and_of_open_ones_kept(house, post, monkeypatch):
    monkeypatch.setattr("engine.service.mailing.KEPT_DAYS", 2)
    house.tell()
    ready(house, post, "keeper")
    put(house, ("", "keeper", "a"))
    tick(house)
    at(house, "2026-03-05T08:00")
    tick(house)
    assert house.rows("SELECT count(*) FROM mails") == [(1,)]
    house.run("UPDATE cases SET is_open = false")
    at(house, "2026-03-06T08:00")
    tick(house)
    assert house.rows("SELECT count(*) FROM mails") == [(0,)]
    assert house.rows("SELECT count(*) FROM outbox") == [(0,)]


# --- trying


def test_test_mail__says_that_it_arrived_or_why_not(sqlite_only, post):
    ready(sqlite_only, post, mail_on="no")
    sent = sqlite_only.by("boss").mail.test("prov@prov.se")
    assert (sent.is_on, sent.server) == (False, f"127.0.0.1:{post.port}")
    assert post.to("prov@prov.se")[0]["Message-ID"] == sent.message_id
    with pytest.raises(MailAddressError):
        sqlite_only.by("boss").mail.test("prov@prov.se\nBcc: x@y.se")
    with pytest.raises(NotAdministratorError):
        sqlite_only.by("keeper").mail.test("prov@prov.se")
    post.answers["prov@prov.se"] = "550 no"
    with pytest.raises(MailRefusedError):
        sqlite_only.by("boss").mail.test("prov@prov.se")
    sqlite_only.by("boss").settings.set("mail_host", "")
    with pytest.raises(MailServerError, match="no_host"):
        sqlite_only.by("boss").mail.test("prov@prov.se")
