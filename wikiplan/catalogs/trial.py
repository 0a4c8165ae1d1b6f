"""Trying a change of the plan's files in a copy: they are changed all together, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from wikiplan import files
from wikiplan.errors import Fault, Faults, Message, WikiplanError
from wikiplan.files import FileChange
from wikiplan.plan import UnwritableError
from wikiplan.value import Value, replace

TRIAL_FAILED = "trial-failed"
"""The change cannot be written into a file as it is; nothing was written."""


class Trial(Value):
    """A plan's folder, and its copy in which a change is made."""

    data: Path
    copy: Path

    def changes(self) -> Iterator[FileChange]:
        """Yield the changes that make the plan's folder what its copy is."""
        names = {
            path.relative_to(each) for each in (self.data, self.copy) for path in files.below(each)
        }
        for name in sorted(names):
            before, after = (files.read_if_there(each / name) for each in (self.data, self.copy))
            if before != after:
                yield FileChange(self.data / name, before, after or b"", gone=after is None)

    def in_place(self, text: str) -> str:
        """Return a text about the copy as one about the plan's own files."""
        return text.replace(str(self.copy), str(self.data))

    def fault(self, found: Fault) -> Fault:
        """Return a fault of the copy as one of the plan's own files, which it may name too."""
        message = found.message
        words = self.in_place(message.wrong), self.in_place(message.advice)
        return replace(found, file=self.in_place(found.file), message=Message(message.code, *words))


@contextmanager
def tried(data: Path, change: str, by_hand: str) -> Iterator[Trial]:
    """Let a change be tried; what is wrong in the copy is told of the plan's files.

    ``change`` is what it is called in that, ``by_hand`` what a person does where files cannot be
    written. Raises :class:`WikiplanError` for both.
    """
    with TemporaryDirectory(prefix="wikiplan-") as folder:
        trial = Trial(data, Path(folder) / "data")
        shutil.copytree(data, trial.copy, copy_function=_copy)
        try:
            yield trial
        except UnwritableError as error:
            raise WikiplanError(TRIAL_FAILED, f"{trial.in_place(str(error))}; {by_hand}") from error
        except Faults as broken:
            raise not_sound(map(trial.fault, broken.faults), change) from broken


def _copy(source: str, target: str) -> None:
    """Copy a file, writable; one that is gone by now was beside what another program writes."""
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError:
        if Path(source).is_symlink():  # to nothing, which is told
            raise


def not_sound(faults: Iterable[Fault], change: str) -> WikiplanError:
    """Return what is told of a plan that would have these errors."""
    lines = "\n".join(map(str, faults))
    told = f"{lines}\nSo it would be after {change}; nothing was written."
    return WikiplanError("trial-not-sound", told)
