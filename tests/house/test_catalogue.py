"""Catalogues: the two languages say the same things, and the build compiles what gettext reads."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from engine.language.build import LOCALE, check_all, compile_all

ROOT = Path(__file__).parents[2]
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def write(root, **catalogues):
    for language, messages in catalogues.items():
        path = root / LOCALE / language / "LC_MESSAGES" / "hjul.po"
        path.parent.mkdir(parents=True)
        path.write_text(HEAD + messages, encoding="utf-8")


def message(key, text, mark=""):
    return f'{mark}msgid "{key}"\nmsgstr "{text}"\n\n'


def test_check_all__is_content_with_the_catalogues_of_the_house():
    assert check_all(ROOT) == []


def test_check_all__names_what_one_language_lacks(tmp_path):
    write(tmp_path, sv=message("a.b", "Ärende {reference}"), en="")
    assert check_all(tmp_path) == ["engine/language/locale/en/LC_MESSAGES/hjul.po: a.b has no text"]


def test_check_all__names_an_empty_text(tmp_path):
    write(tmp_path, sv=message("a.b", ""), en=message("a.b", "Case"))
    assert check_all(tmp_path) == ["engine/language/locale/sv/LC_MESSAGES/hjul.po: a.b has no text"]


def test_check_all__names_a_text_that_is_marked_unsure(tmp_path):
    write(tmp_path, sv=message("a.b", "Ärende", mark="#, fuzzy\n"), en=message("a.b", "Case"))
    assert check_all(tmp_path) == [
        "engine/language/locale/sv/LC_MESSAGES/hjul.po: a.b is marked as unsure (fuzzy)"
    ]


def test_check_all__names_arguments_that_differ(tmp_path):
    write(tmp_path, sv=message("a.b", "{falt} saknas"), en=message("a.b", "{field} is missing"))
    assert check_all(tmp_path) == ["a.b: different arguments in the languages (en: field; sv: falt)"]


def test_compile_all__gives_what_gettext_reads(tmp_path):
    write(tmp_path, sv=message("a.b", "Ärende {reference}"))
    (compiled,) = compile_all(tmp_path)
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("a.b") == "Ärende {reference}"
    assert [path.name for path in sorted(compiled.parent.iterdir())] == ["hjul.mo", "hjul.po"]


def test_compile_all__keeps_the_old_file_and_names_the_message_without_text(tmp_path):
    write(tmp_path, sv=message("a.b", "Ärende"))
    (compiled,) = compile_all(tmp_path)
    before = compiled.read_bytes()
    compiled.with_suffix(".po").write_text(HEAD + message("a.b", ""), encoding="utf-8")
    with pytest.raises(ValueError, match=r"no text for a\.b"):
        compile_all(tmp_path)
    assert compiled.read_bytes() == before
