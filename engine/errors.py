"""Every error class of Hjul, each with typed attributes.

An error says which mistake it is (`kind`) and with what (`arguments()`); `engine.language` makes the sentence
that a person reads from these two. This module knows no sentence, no layer above it and no exit code.
"""

from typing import ClassVar


class HjulError(Exception):
    """Base of every mistake that Hjul foresees and can explain.

    Attributes:
        kind: The stable name of the mistake, under which the catalogues keep its sentence.
        private: Attributes that may hold what a person wrote. They reach that person's own screen through
            `arguments()`, never a log line through `str()`.
    """

    kind: ClassVar[str] = "hjul"
    private: ClassVar[frozenset[str]] = frozenset()

    def arguments(self) -> dict[str, object]:
        """Return the typed attributes that the sentence is made from."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def __str__(self) -> str:
        """Return kind and arguments for a developer, without anything private."""
        shown = (f"{name}={value!r}" for name, value in self.arguments().items() if name not in self.private)
        return " ".join([self.kind, *shown])


# --- ledger --------------------------------------------------------------------------------


class LedgerError(HjulError):
    """Base of what can be wrong with the bytes and proofs of the log."""

    kind = "ledger"


class CanonicalError(LedgerError):
    """A value has no canonical form, or bytes are not the canonical form of any value."""

    kind = "ledger.canonical"

    def __init__(self, path: str, reason: str) -> None:
        """Say where (`$.coded.antal`; `$` is the whole) and why (a `Reason` of `engine.ledger.canonical`)."""
        super().__init__()
        self.path = path
        self.reason = reason


class SealedBytesError(LedgerError):
    """Stored bytes are not an event of a known format."""

    kind = "ledger.sealed_bytes"

    def __init__(self, reason: str) -> None:
        """Say why (a `Fault` of `engine.ledger.chain`)."""
        super().__init__()
        self.reason = reason


class BrokenLinkError(LedgerError):
    """An event does not follow the event before it."""

    kind = "ledger.broken_link"

    def __init__(self, stream: str, seq: int, expected: str, found: str) -> None:
        """Name the event, the hash (or number) it must carry and the one it carries."""
        super().__init__()
        self.stream = stream
        self.seq = seq
        self.expected = expected
        self.found = found


class SaltError(LedgerError):
    """A commitment's salt has the wrong length."""

    kind = "ledger.salt"

    def __init__(self, length: int, expected: int) -> None:
        """Give both lengths in bytes; the salt itself is a secret."""
        super().__init__()
        self.length = length
        self.expected = expected
