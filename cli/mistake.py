"""Mistakes that only the command line can meet: a file that cannot be read, a time that means nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import HjulError

if TYPE_CHECKING:
    from engine.language.sentence import Sentence


class InputFileError(HjulError):
    """A file named on the command line cannot be read."""

    kind = "input.file"

    def __init__(self, file: str, why: Sentence) -> None:
        """Name the file and what the system says of it."""
        super().__init__()
        self.file = file
        self.why = why


class InputFormError(HjulError):
    """A file is not what was expected."""

    kind = "input.form"

    def __init__(self, file: str, line: int, expected: str) -> None:
        """Name the file, the line, and whether it is no `yaml` or no `mapping` of fields to values."""
        super().__init__()
        self.file = file
        self.line = line
        self.expected = expected


class WhenError(HjulError):
    """A text is no day or time."""

    kind = "input.when"
    private = frozenset({"text"})

    def __init__(self, text: str) -> None:
        """Give the text."""
        super().__init__()
        self.text = text


class EndingError(HjulError):
    """The name of a file to write ends with what is no format."""

    kind = "input.ending"

    def __init__(self, ending: str, formats: tuple[str, ...]) -> None:
        """Give the ending and the formats there are."""
        super().__init__()
        self.ending = ending
        self.formats = formats


class DraftError(HjulError):
    """A draft does not say what it is a draft of."""

    kind = "input.draft"

    def __init__(self, number: int) -> None:
        """Give its number."""
        super().__init__()
        self.number = number


class MissingKindError(HjulError):
    """An entry says neither, or both, of fact and judgement."""

    kind = "input.fact_or_judgement"


class OutputFileError(HjulError):
    """A file named on the command line cannot be written."""

    kind = "output.file"

    def __init__(self, file: str, why: Sentence) -> None:
        """Name the file and what the system says of it."""
        super().__init__()
        self.file = file
        self.why = why


class OutputNeededError(HjulError):
    """What was asked for is no text that a terminal could show: it needs a file."""

    kind = "output.needed"


class PlanFileError(HjulError):
    """A file of a plan says something that no plan has, or says it in another form."""

    kind = "input.plan"

    def __init__(self, file: str, key: str, known: tuple[str, ...]) -> None:
        """Name the file, the key, and the keys there are; none when it is the form that is wrong."""
        super().__init__()
        self.file = file
        self.key = key
        self.known = known


class YearAndDaysError(HjulError):
    """A period was given twice: as a year, and by its days."""

    kind = "input.year_and_days"


class NotAskedError(HjulError):
    """A step over many needs a yes, and nobody can be asked."""

    kind = "input.not_asked"

    def __init__(self, n: int) -> None:
        """Give how many cases it is about."""
        super().__init__()
        self.n = n


class OnlyWithProcessError(HjulError):
    """An option is about many cases, and no process is named."""

    kind = "input.only_with_process"

    def __init__(self, names: tuple[str, ...]) -> None:
        """Name the options."""
        super().__init__()
        self.names = names


class PaperNeededError(HjulError):
    """A paper should be written, and it is not said which."""

    kind = "input.paper"
