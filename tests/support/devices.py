"""A device without end for tests, of their own: what goes wrong must not reach the machine's."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

_ZERO = os.makedev(1, 5)


def make(path: Path) -> None:
    """Make a device that reads as zeros without end, or skip the test where only root may."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, _ZERO)
    except PermissionError:
        pytest.skip("only root may make a device here")


def link(path: Path) -> None:
    """Make a link to such a device, which stands beside it."""
    device = path.with_name(f"{path.name}.device")
    make(device)
    path.symlink_to(device.name)
