"""What stands in a message: reference, status, what to do, and how to open it. Nothing that anybody wrote in a case.

Headers and lines cannot be broken out of, whatever is put in. It must not know the database, nor how mail is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from engine.language.say import begin_large, say
from engine.language.sentence import Words, clip, sentence
from engine.service.mail_server import ascii_address

MOST: Final = 50
"""So many cases stand in a message; of more it is said how many they are."""
MOST_OF_CASE: Final = 5
MOST_NOTES: Final = 20
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Item:
    """A case in a message: its status where the reader may see it, and what is to be told of it, newest first."""

    reference: str
    state: Words | None
    texts: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same in every message: whose it is, from where, in which language."""

    authority: str
    authority_id: str
    training: bool
    sender: str
    domain: str
    reply_to: str
    language: str


def message_id(frame: Frame, key: str) -> str:
    """The name of a message: the same each time it is tried, and no other's."""
    found = sha256(f"{frame.authority_id}\n{key}".encode()).hexdigest()[:32]
    return f"<hjul.{found}@{frame.domain}>"


def compose(
    frame: Frame, key: str, address: str, at: datetime, items: tuple[Item, ...], notes: tuple[Words, ...] = ()
) -> bytes:
    """A message of what has happened and waits, the most urgent first, as it goes to the server.

    Args:
        frame: What is the same in all.
        key: Its stable name.
        address: To whom.
        at: When it came to be.
        items: The cases.
        notes: What is about no case.
    """
    said = tuple(dict.fromkeys(_line(one.in_(frame.language)) for one in notes))
    counted = (("mail.subject", len(items)), ("mail.subject_notes", len(said)))
    subject = ", ".join(_say(frame, name, n=n) for name, n in counted if n)
    return _message(
        frame, message_id(frame, key), address, at, subject, "\n".join(_lines(frame, items, said))
    )


def compose_test(frame: Frame, key: str, address: str, at: datetime) -> bytes:
    """A message by which somebody sees that mail goes out."""
    text = "\n".join(_foot(frame, _say(frame, "mail.test", authority=_line(frame.authority))))
    return _message(frame, message_id(frame, key), address, at, _say(frame, "mail.test_subject"), text)


def _message(frame: Frame, name: str, address: str, at: datetime, subject: str, text: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Hjul <{ascii_address(frame.sender)}>"
    message["To"] = ascii_address(address)
    if frame.reply_to:
        message["Reply-To"] = ascii_address(frame.reply_to)
    message["Subject"] = f"[{_say(frame, 'mail.training')}] {subject}" if frame.training else subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = name
    message["List-Id"] = f"Hjul <hjul.{frame.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text, cte="quoted-printable")
    message["Content-Language"] = frame.language
    return message.as_bytes()


def _lines(frame: Frame, items: tuple[Item, ...], notes: tuple[str, ...]) -> Iterator[str]:
    yield _say(frame, "mail.head", authority=_line(frame.authority))
    for item in items[:MOST]:
        yield ""
        yield _head(frame, item)
        begun = f"{item.reference}: "
        said = [_line(one.in_(frame.language)) for one in item.texts]
        texts = [begin_large(one[len(begun) :]) if one.startswith(begun) else one for one in said]
        yield from [f"  {text}" for text in dict.fromkeys(texts)][:MOST_OF_CASE]
        yield f"  hjul show {_line(item.reference)}"
    if len(items) > MOST:
        yield ""
        yield _say(frame, "mail.more", n=len(items) - MOST)
    if notes:
        yield from ("", _say(frame, "mail.notes"), *(f"  {one}" for one in notes[:MOST_NOTES]))
    if len(notes) > MOST_NOTES:
        yield f"  {_say(frame, 'mail.more_notes', n=len(notes) - MOST_NOTES)}"
    yield ""
    yield from _foot(frame, _say(frame, "mail.tasks"))


def _foot(frame: Frame, text: str) -> Iterable[str]:
    answer = () if frame.reply_to else (_say(frame, "mail.no_reply"),)
    training = (_say(frame, "mail.is_training"),) if frame.training else ()
    return (text, *training, *answer)


def _head(frame: Frame, item: Item) -> str:
    if item.state is None:
        return _line(item.reference)
    return f"{_line(item.reference)} ({_line(item.state.in_(frame.language))})"


def _say(frame: Frame, message: str, **arguments: str | int) -> str:
    return say(sentence(message, **arguments), frame.language)


def _line(text: str) -> str:
    """A text as one line that can be printed, no longer than is sensible."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    return clip(" ".join(plain.split()), LONGEST)
