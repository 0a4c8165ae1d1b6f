"""Findings: what is wrong with one translation, before anybody says where it stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """An error keeps the text from being taken or shown; a warning is only told."""

    message: str
    advice: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{'warning: ' if self.warning else ''}{self.message}; {self.advice}"
