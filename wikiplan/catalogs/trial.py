"""Trying a change of the plan's files in a copy: they are changed all together, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from wikiplan import files
from wikiplan.errors import Faults, WikiplanError
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


@contextmanager
def tried(data: Path, change: str, by_hand: str) -> Iterator[Trial]:
    """Let a change be tried; what is wrong in the copy is told of the plan's files.

    ``change`` is what it is called in that, ``by_hand`` what a person does where files cannot be
    written. Raises :class:`WikiplanError` for both.
    """
    with TemporaryDirectory(prefix="wikiplan-") as folder:
        trial = Trial(data, Path(folder) / "data")
        shutil.copytree(data, trial.copy, copy_function=shutil.copyfile)  # all writable
        try:
            yield trial
        except UnwritableError as error:
            raise WikiplanError(TRIAL_FAILED, f"{trial.in_place(str(error))}; {by_hand}") from error
        except Faults as broken:
            faults = (replace(each, file=trial.in_place(each.file)) for each in broken.faults)
            lines = "\n".join(map(str, faults))
            told = f"{lines}\nSo it would be after {change}; nothing was written."
            raise WikiplanError("trial-not-sound", told) from broken
