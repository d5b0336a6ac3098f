"""A template is markup; what comes through it is a value: text stays text, a block stays a block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from engine.documents.template import compose, faults_of
from engine.documents.tree import (
    Facts,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    Run,
    line,
)
from tests.documents.papers import HOSTILE

FACTS = Facts((("Status", line("Bedömd")),))
TEMPLATE = """{# said to the one who writes templates #}
## Om {{ what }}
Ett **fett *{{ what }}*** och en [länk](https://exempel.se/{{ number }}).
Samma stycke.
{{ facts }}
- ett
- {{ what }}

1. först
> {{ what }}

!> Se upp
<<<
{% if not number %}### Syns inte{% endif %}
"""


def test_compose__reads_the_markup_of_the_template():
    assert compose(TEMPLATE, {"what": "fall", "number": 7, "facts": FACTS}) == (
        Heading(2, (Run("Om "), Run("fall"))),
        Paragraph((
            Run("Ett "), Run("fett ", strong=True), Run("fall", strong=True, emphasis=True), Run(" och en "),
            Run("länk", link="https://exempel.se/7"), Run(". Samma stycke."),
        )),
        FACTS,
        Items((line("ett"), line("fall"))),
        Items((line("först"),), ordered=True),
        Note(line("fall")),
        Note(line("Se upp"), "warning"),
        PageBreak(),
    )  # fmt: skip


@given(st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1)))
def test_compose__a_value_is_never_markup(text):
    said = line(text)
    heading = (Heading(2, said),) if Run(text).text.strip() else ()
    assert compose("## {{ text }}\n\nx{{ text }}y\n- {{ text }}\n", {"text": text}) == (
        *heading, Paragraph((Run("x"), *said, Run("y"))), Items((said,)),
    )  # fmt: skip


def test_compose__a_heading_with_nothing_under_it_disappears():
    said = compose("## a\n{{ x }}\n### b\n{{ x }}\n## c\n### d\ntext\n## e\n", {"x": ""})
    assert said == (Heading(2, line("c")), Heading(3, line("d")), Paragraph(line("text")))


def test_compose__constant_values_are_values_too():
    assert compose('{{ "**x**" }}\n\n{{ "" }}\n', {}) == (Paragraph(line("**x**")),)


def test_compose__refuses_what_is_not_given_and_what_is_not_its_business():
    with pytest.raises(UndefinedError):
        compose("{{ nothing }}", {})
    with pytest.raises(SecurityError):
        compose("{{ x.__class__.__mro__ }}", {"x": "a"})


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("## a\n{{ facts('story') }}{{ case.x }}", []),
        ("a\n\n{{ facts('story', 'stori') }}", [(3, "field", "stori")]),
        ("{{ nothing }}\n{{ facts(nothing) }}", [(1, "name", "nothing"), (2, "name", "nothing")]),
        ("{% set a = 1 %}{{ a }}{% for b in case %}{{ b }}{% endfor %}", []),
        ("{% include 'x' %}", [(1, "syntax", "include")]),
    ],
)
def test_faults__of_a_template(source, found):
    faults = faults_of(source, ["case", "facts"], {"facts": ["story"]})
    assert [(one.line, one.kind, one.what) for one in faults] == found


def test_faults__what_cannot_be_read_has_its_line():
    (fault,) = faults_of("a\n{% if %}", [], {})
    assert (fault.line, fault.kind) == (2, "syntax")
