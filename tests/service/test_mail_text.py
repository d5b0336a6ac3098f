"""What stands in a message: nothing breaks out of its line or its header, whatever is put in."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from engine.app import Settings
from engine.calendar.zone import parse_instant
from engine.language.sentence import Words
from engine.service.mail_text import Frame, Item, compose, message_id
from engine.service.mailing import can_have_mail
from engine.service.secret import Secret

AT = parse_instant("2026-03-02T08:00:00Z")
FRAME = Frame("Provkommunen", "prov", False, "hjul@prov.se", "prov.se", "", "sv")
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "X-Auto-Response-Suppress",
    "Content-Language", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
]  # fmt: skip


def read(content):
    return message_from_bytes(content, policy=default)


@pytest.mark.parametrize(
    "hostile",
    ["a\r\nBcc: ond@x.se\r\n\r\nhej", "\u202e\u2028\x00\x1b[31m", "." * 3000, "\r\n.\r\nQUIT"],
)
def test_text__cannot_break_out_of_its_line(hostile):
    frame = replace(FRAME, authority=hostile, training=True)
    item = Item(hostile, Words(hostile, hostile), (Words(hostile, hostile),))
    message = read(compose(frame, hostile, "kim@prov.se", AT, (item,)))
    assert sorted(message.keys()) == sorted(HEADERS)
    assert message["To"] == "kim@prov.se"
    lines = message.get_content().split("\r\n")
    assert len(lines) == 10
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) < 450


def test_message__of_many_cases_says_how_many_more_there_are():
    items = tuple(Item(f"LAG-2026-{number:04}", None, (Words("x", "x"),)) for number in range(60))
    text = read(compose(FRAME, "k", "kim@prov.se", AT, items)).get_content()
    assert "Och 10 ärenden till." in text
    assert "LAG-2026-0049" in text
    assert "LAG-2026-0050" not in text


def test_message__says_a_reminder_without_its_reference_and_the_same_but_once():
    item = Item(
        "REP-2026-0001", Words("Anmäld", "Told"), (Words("REP-2026-0001: Titta", "x"), Words("Titta", "x"))
    )
    text = read(compose(FRAME, "k", "kim@prov.se", AT, (item,))).get_content()
    assert "REP-2026-0001 (Anmäld)\r\n  Titta\r\n  hjul show REP-2026-0001\r\n" in text


def test_message__of_cases_and_other_things_counts_both_and_says_each_of_these_once():
    items = (Item("REP-2026-0001", None, (Words("x", "x"),)),)
    notes = tuple(Words(f"Sak {number // 2}\r\nBcc: x", "x") for number in range(46))
    message = read(compose(FRAME, "k", "kim@prov.se", AT, items, notes))
    text = message.get_content()
    assert message["Subject"] == "1 ärende att titta på, 23 saker att känna till"
    assert text.count("Sak 0 Bcc: x") == text.count("Sak 19 ") == 1
    assert "Sak 20 " not in text
    assert "Och 3 saker till." in text


def test_message_id__is_the_same_each_time_and_differs_between_authorities():
    assert message_id(FRAME, "k") == message_id(replace(FRAME, authority="Nytt namn", language="en"), "k")
    others = {
        message_id(FRAME, "k"),
        message_id(FRAME, "l"),
        message_id(replace(FRAME, authority_id="annan"), "k"),
    }
    assert len(others) == 3


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "kim",
        "kim@prov.se\r\nBcc: x@y.se",
        "a@b@c",
        "å@prov.se",
        "<kim@prov.se>",
        "a b@prov.se",
        "kim@-.se",
    ],
)
def test_address__that_no_server_would_take(bad):
    assert not can_have_mail(bad)


def test_address__of_a_domain_with_swedish_letters_is_said_as_dns_has_it():
    assert can_have_mail("kim@småstad.se")
    assert read(compose(FRAME, "k", "kim@småstad.se", AT, ()))["To"] == "kim@xn--smstad-jua.se"


def test_password__is_read_from_the_environment_or_a_file_and_shown_nowhere(tmp_path):
    (tmp_path / "password").write_text("hemligt\n")
    assert Secret.of({"P": "hemligt", "P_FILE": "x"}, "P").read() == "hemligt"
    assert Secret.of({"P_FILE": str(tmp_path / "password")}, "P").read() == "hemligt"
    assert Secret.of({"P_FILE": str(tmp_path / "none")}, "P").read() is None
    assert Secret.of({}, "P").read() is None
    assert "hemligt" not in repr(Settings("sqlite:///x", "kim", mail=Secret("hemligt")))
