"""Words are divided, compared and spelt in one way, whatever the database would have made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.words import LONGEST, read_terms, spell, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Föll i BADRUMMET.", ["föll", "i", "badrummet"]),
        ("Åsa, Äsa; Ösa/Asa", ["åsa", "äsa", "ösa", "asa"]),
        ("A\u030asa o\u0308ppen", ["åsa", "öppen"]),
        ("café Müller Øre", ["cafe", "muller", "öre"]),
        ("AVV-2026-0017 007 0", ["avv", "2026", "17", "7", "0"]),
        ("Dubbel-kontroll hsl12 a_b", ["dubbel", "kontroll", "hsl12", "a", "b"]),
        ("\x00\u202e 😀 \u2013 ", []),
        ("Straße ﬁl", ["strasse", "fil"]),
    ],
)
def test_words__are_what_people_compare(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("fall badrum", [(("fall",), True), (("badrum",), True)]),
        ('"i badrummet" fall', [(("i", "badrummet"), False), (("fall",), True)]),
        ("dubbel-kontroll", [(("dubbel", "kontroll"), True)]),
        ("avv-2026-0017 17", [(("avv", "2026", "17"), False), (("17",), False)]),
        ('a OR b* NEAR(c) NOT -d:"', [(("a",), False), (("or",), True), (("b",), False), (("near", "c"), False),
                                      (("not",), True), (("d",), False)]),
        ('""  * - :', []),
        ("”fel dos” «om igen»", [(("fel", "dos"), False), (("om", "igen"), False)]),
    ],
)  # fmt: skip
def test_terms__hold_no_operators(text, terms):
    assert [(one.words, one.begins) for one in read_terms(text)] == terms


WORD = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=LONGEST).map(words_of).filter(bool)


@given(WORD, WORD)
def test_spell__begins_alike_only_when_the_words_do(one, other):
    assert spell(one[0]).startswith(spell(other[0])) == one[0].startswith(other[0])
    assert spell(one[0]).isascii()
    assert spell(one[0]).isalnum()
    assert spell(one[0]) == spell(one[0]).lower()
