"""Mail says what is so when it is sent: nothing that no longer holds; and what is about no case."""

from __future__ import annotations

from dataclasses import replace

from engine.cases.reorganisation import Appoint, ChangeAppointment
from tests.service.house import organise
from tests.service.posted import address, at, ready, running_server, text_of, tick

__all__ = ["running_server"]


def all_but_mail(house):
    """`tick` without its last duty, as when the server is left alone until the time of the digest."""
    app = house.by("keeper")
    replace(app.tick, duties=tuple(one for one in app.tick.duties if one.key != "mail")).run()


def test_reminder__of_what_is_done_by_now_is_not_sent(house, post):
    done, open_ = house.tell(), house.tell()
    at(house, "2026-03-07T08:00")
    all_but_mail(house)
    house.run("UPDATE outbox SET sent_at = '' WHERE key IS NULL")  # what the steps told
    house.look(done)
    house.run("UPDATE outbox SET sent_at = '' WHERE key IS NULL")
    ready(house, post, "keeper")
    assert tick(house).done == 1
    assert open_ in text_of(post.taken[0][1])
    assert done not in text_of(post.taken[0][1])
    assert house.rows("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == [(0,)]


def test_reminders__that_were_caught_up_say_only_how_it_is_now(sqlite_only, post):
    told = sqlite_only.tell()
    sqlite_only.run("UPDATE outbox SET sent_at = ''")
    at(sqlite_only, "2026-03-02T08:01")
    all_but_mail(sqlite_only)
    at(sqlite_only, "2026-03-23T08:00")
    all_but_mail(sqlite_only)
    assert sqlite_only.rows("SELECT count(*) FROM outbox WHERE deadline = 'look' AND person = 'keeper'") == [
        (5,)
    ]
    ready(sqlite_only, post, "keeper", mail_days="30")
    assert tick(sqlite_only).done == 1
    said = text_of(post.taken[0][1])
    assert f"{told} (Anmäld)\n  Titta är försenat. Det skulle ha varit klart 2026-03-09.\n  hjul show" in said
    assert sqlite_only.rows("SELECT count(*) FROM outbox WHERE person = 'keeper' AND sent_at IS NULL") == [
        (0,)
    ]


def test_notice__of_a_vacant_role_is_sent_without_a_case_until_somebody_has_it(house, post):
    house.tell()
    house.run("UPDATE outbox SET sent_at = ''")
    boss = house.by("boss")
    boss.settings.set("coordinator_role", "head")
    for (key,) in house.rows("SELECT key FROM appointments WHERE role = 'keeper'"):
        organise(boss, ChangeAppointment(key, "2026-03-02"))
    at(house, "2026-03-03T08:00")
    all_but_mail(house)
    ready(house, post, "both")
    assert tick(house).done == 1
    ((to, message),) = post.taken
    assert (to, message["Subject"]) == (address("both"), "[övning] 1 sak att känna till")
    assert (
        "\n\nAtt känna till:\n  Vårdare på Björkgården är obemannad: 1 sak att göra väntar på någon som inte finns.\n"
        in text_of(message)
    )
    at(house, "2026-03-10T08:00")
    all_but_mail(house)
    organise(boss, Appoint("mender", "keeper", "bjork", "2026-03-10"))
    all_but_mail(house)  # sees that somebody has it
    assert tick(house).done == 0
    assert house.rows("SELECT count(*) FROM outbox WHERE sent_at IS NULL AND person <> ''") == [(0,)]
