"""The labels that the section kinds need, for plans that have no words of their own for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Label = dict[str, Any]

_BY_TEMPLATE: Mapping[str, Mapping[str, Label]] = {
    "priorities": {
        "target": {"text": "target: $date", "variables": {"date": {"date": "2022-01"}}},
        "status-planned": {"text": "planned"},
        "status-under-way": {"text": "under way"},
        "status-done": {"text": "done"},
        "status-dropped": {"text": "dropped"},
    },
    "office-hours": {
        "next-event": {"text": "Next office hour"},
        "coming-events": {"text": "Later office hours"},
        "past-events": {"text": "Past office hours"},
        "local-time": {"text": "your local time"},
        "minutes": {
            "text": "{{PLURAL:$count|$count minute|$count minutes}}",
            "variables": {"count": 60},
        },
        "host": {"text": "Host"},
        "ways": {"text": "How to take part"},
        "questions": {"text": "Ask questions in advance"},
        "notes": {"text": "Notes"},
        "recording": {"text": "Recording"},
        "status-cancelled": {"text": "cancelled"},
    },
    "navigation": {"navigation": {"text": "Priorities by fiscal year"}},
}


def labels_for(templates: Iterable[str]) -> dict[str, Label]:
    """Return the labels by name; the plan may show any of them one day."""
    return {
        name: dict(label)
        for template in sorted(set(templates))
        for name, label in _BY_TEMPLATE.get(template, {}).items()
    }
