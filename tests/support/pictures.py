"""The pictures of the documentation: tests draw them, and ``make pictures`` keeps them."""

from __future__ import annotations

import os

from tests.support.running import ROOT

PICTURES = ROOT / "docs" / "pictures"
DRAWING = bool(os.environ.get("WIKIPLAN_PICTURES"))
MOST_BYTES = 150_000


def keep(name: str, picture: bytes) -> None:
    """Put a picture into the documentation, where that is wanted; it has one, and a small one."""
    assert picture.startswith(b"\x89PNG"), name
    place = PICTURES / f"{name}.png"
    if DRAWING:
        place.write_bytes(picture)
    assert place.stat().st_size <= MOST_BYTES, f"{name}: {place.stat().st_size} bytes"
