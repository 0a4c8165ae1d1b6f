"""Where a page's text lies in a folder wiki.

Subpages are directories: ``Plan/ar`` lies in ``Plan/ar.wiki`` beside ``Plan.wiki``. Characters that
some file system refuses are percent-encoded, and names too long for one are shortened.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath

SUFFIX = ".wiki"
MOST_NAME_BYTES = 220
"""File systems end at 255 bytes; the suffix and the name of a half-written file come on top."""

_UNSAFE = re.compile(r'[%"*:<>?\\|\x00-\x1f\x7f]|^\.|[. ]$')


def path_of(title: str) -> PurePath:
    """Return the file of a normal title, below the folder; no two titles share one."""
    *parents, last = title.split("/")
    return PurePath(*map(_directory, parents), _shortened(_encoded(last)) + SUFFIX)


def _directory(part: str) -> str:
    name = _encoded(part)
    if name.endswith(SUFFIX):
        name = f"{name.removesuffix(SUFFIX)}%2E{SUFFIX[1:]}"
    return _shortened(name)


def _encoded(part: str) -> str:
    """Encode one part of a title; an empty one is “%”, which no other part becomes."""
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", part) or "%"


def _shortened(name: str) -> str:
    data = name.encode()
    if len(data) <= MOST_NAME_BYTES:
        return name
    digest = hashlib.sha256(data).hexdigest()[:16]
    return f"{data[: MOST_NAME_BYTES - 17].decode(errors='ignore')}~{digest}"
