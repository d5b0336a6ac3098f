"""A house that sends mail to a server of the tests' own: set up, with rows in its outbox, and its mail sent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.cases.reorganisation import ChangePerson
from tests.service.house import organise
from tests.service.mail_server import Post, serving

SET = {
    "mail_on": "yes",
    "mail_host": "127.0.0.1",
    "mail_encryption": "none",
    "mail_from": "hjul@prov.se",
    "mail_digest": "no",
}


@pytest.fixture(name="post")
def running_server():
    with serving(Post()) as post:
        yield post


def address(person):
    return f"{person}@prov.se"


def ready(house, post, *persons, **changes):
    """Mail is on; the people have addresses."""
    boss = house.by("boss")
    for key, value in {**SET, "mail_port": str(post.port), **changes}.items():
        boss.settings.set(key, value)
    organise(boss, *(ChangePerson(person, email=address(person)) for person in persons))


def put(house, *rows):
    """Rows in the outbox, about a case that there is: role or person, and the texts."""
    boss = house.by("boss")
    with boss.database.write() as session:
        for number, (role, person, text) in enumerate(rows):
            session.raw.execute(
                "INSERT INTO outbox (case_id, seq, role, person, unit, text_sv, text_en, created_at)"
                f" SELECT id, 1, '{role}', '{person}', unit, '{text}', '{text}', '{house.clock.now[:-4]}{number:03}Z'"
                " FROM cases ORDER BY id LIMIT 1"
            )


def only_mail(app, **changes):
    """`tick` without its other duties."""
    return replace(app.tick, duties=tuple(one for one in app.tick.duties if one.key == "mail"), **changes)


def tick(house, app=None):
    """The mail of a run of `tick`."""
    (found,) = only_mail(app or house.by("keeper")).run().duties
    return found


def at(house, instant):
    house.clock.now = f"{instant}:00.000000Z"


def text_of(message):
    return message.get_content().replace("\r\n", "\n")
