"""What the system says of a file or a disk, as a sentence in the user's language.

The common reasons have sentences of their own; of any other the system's own words stand in parentheses, since they are
what a technician will ask for.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from engine.language.sentence import sentence

if TYPE_CHECKING:
    from engine.language.sentence import Sentence

REASONS: Final = {
    errno.ENOENT: "not_there", errno.EACCES: "no_permission", errno.EPERM: "no_permission",
    errno.EISDIR: "is_folder", errno.ENOTDIR: "no_folder", errno.ENOSPC: "no_space", errno.EDQUOT: "no_space",
    errno.EROFS: "read_only", errno.EMFILE: "too_many", errno.ENFILE: "too_many", errno.EEXIST: "is_there",
    errno.ENAMETOOLONG: "long_name", errno.EIO: "disk", errno.EBADF: "closed", errno.ETXTBSY: "in_use",
    errno.EBUSY: "in_use", errno.ETIMEDOUT: "no_answer", errno.ECONNREFUSED: "no_answer",
}  # fmt: skip


def reason_of(error: OSError, *, writing: bool = False) -> Sentence:
    """Why a file cannot be used: the end of a sentence that begins with the file.

    writing: it would be made, so that what is not there is its folder.
    """
    if writing and error.errno == errno.ENOENT:
        return sentence("cli.system.folder_not_there")
    known = REASONS.get(error.errno) if error.errno is not None else None
    if known is not None:
        return sentence(f"cli.system.{known}")
    return sentence("cli.system.other", why=error.strerror or type(error).__name__)
