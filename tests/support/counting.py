"""How often functions are called, which do their work all the same."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest


def counting(monkeypatch: pytest.MonkeyPatch, *functions: tuple[object, str]) -> Counter[str]:
    """Return counts by name, which go on while a test runs; each has its owner and its name."""
    found: Counter[str] = Counter()

    def counted(owner: object, name: str) -> None:
        before = getattr(owner, name)

        def call(*arguments: Any, **options: Any) -> Any:
            found[name] += 1
            return before(*arguments, **options)

        monkeypatch.setattr(owner, name, call)

    for owner, name in functions:
        counted(owner, name)
    return found
