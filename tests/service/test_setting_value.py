"""Each kind of setting reads what people type, in one written form, and refuses the rest."""

from __future__ import annotations

import pytest

from engine.language.catalogue import catalogue
from engine.language.sentence import Words
from engine.service.setting import KNOWN
from engine.service.setting_value import Days, Email, Host, Kind, OneOf, Text, TimeOfDay, Whole, Wholes, YesNo

DAYS_OF = Words("dagar", "days")
READ: list[tuple[Kind, str, str]] = [
    (Days(), "2026-12-24, 2026-12-23,", "2026-12-23,2026-12-24"), (Days(), " ", ""),
    (Whole(-5, 5, DAYS_OF), " -05 ", "-5"), (Whole(0, 5, DAYS_OF), "5", "5"),
    (Wholes(-9, 9, 3, DAYS_OF), "3, -1,3", "-1,3"), (Wholes(0, 9, 3, DAYS_OF), "", ""),
    (YesNo(), "JA", "yes"), (YesNo(), "off", "no"),
    (Text(5), "  Åsö ", "Åsö"), (Text(5), "", ""),
    (OneOf(("plain", "tls")), "TLS", "tls"),
    (Email(), " kvalitet@exempel.se", "kvalitet@exempel.se"), (Email(), "", ""),
    (Host(), "SMTP.Exempel.se.", "smtp.exempel.se"), (Host(), "10.0.0.1", "10.0.0.1"), (Host(), "[::1]", "::1"),
    (TimeOfDay(), "7.05", "07:05"), (TimeOfDay(), "23:59", "23:59"),
]  # fmt: skip
REFUSED: list[tuple[Kind, tuple[str, ...]]] = [
    (Days(), ("2026-02-30", "i morgon")), (Whole(0, 5, DAYS_OF), ("6", "-1", "", "1.5", "²", "fem", "1e3", "9" * 40)),
    (Wholes(0, 9, 2, DAYS_OF), ("1,2,3", "10", "x")), (YesNo(), ("", "kanske")),
    (Text(5), ("sexton", "a\nb", "\x1b[")),
    (OneOf(("a",)), ("", "b")), (Email(), ("a", "a@", "a b@c.se", "a@b,c", "a@-b", "<a@b>")),
    (Host(), ("a b", "http://a", "-a.se", "a..b", "x" * 64, "[::g]", "a_b")),
    (TimeOfDay(), ("24:00", "7", "07:60", "")),
]  # fmt: skip


def test_kind__reads_what_people_type():
    assert [kind.read(text) for kind, text, _ in READ] == [written for _, _, written in READ]


def test_kind__gives_back_what_it_has_written():
    assert [kind.read(written) for kind, _, written in READ] == [written for _, _, written in READ]


def test_kind__refuses_the_rest():
    for kind, texts in REFUSED:
        for text in texts:
            with pytest.raises(ValueError):  # noqa: PT011  whichever its reader raises
                kind.read(text)


def test_known__holds_its_own_default_and_says_what_it_takes():
    for key, setting in KNOWN.items():
        assert setting.kind.read(setting.default) == setting.default, key
        assert all(setting.kind.takes.id in catalogue(language) for language in ("sv", "en"))
