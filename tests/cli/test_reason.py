"""What the system says of a file is said in the user's language, and its own words only where there are none."""

import errno
import os

import pytest

from cli.reason import REASONS, reason_of
from engine.language.say import say


@pytest.mark.parametrize("number", sorted(REASONS))
def test_reason__has_a_sentence_of_its_own_without_the_words_of_the_system(number):
    error = OSError(number, os.strerror(number), "x")
    swedish, english = say(reason_of(error), "sv"), say(reason_of(error), "en")
    assert os.strerror(number) not in swedish
    assert swedish != english


def test_reason__of_anything_else_gives_the_words_of_the_system_in_parentheses():
    error = OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    assert say(reason_of(error), "sv") == f"systemet säger nej ({os.strerror(errno.ELOOP)})"
    assert say(reason_of(OSError("no number")), "sv") == "systemet säger nej (OSError)"
