"""The change set: what a run would do, as a value.

Computed, limited, saved in a file, looked at again, applied, and taken back.
"""

from wikiplan.changes import changefile, comparison, guards, importing, journal, undo
from wikiplan.changes.apply import EMPTY_SHA1, Answer, Application, Interrupt, Outcome
from wikiplan.changes.changefile import SavedSet
from wikiplan.changes.changeset import (
    CREATED,
    TO_WRITE,
    UNDO,
    WAITING,
    WRITTEN,
    Action,
    ChangeSet,
    Drift,
    LaterRevision,
    Message,
    PageBase,
    PageChange,
    SectionChange,
    SectionState,
    Summary,
    Told,
)
from wikiplan.changes.comparison import Comparison
from wikiplan.changes.effects import Limits, PageEffect, check_limits, forecast
from wikiplan.changes.importing import Imported
from wikiplan.changes.journal import RUN_ID, Entry, Journal, KilledRun, RunEdit, settle
from wikiplan.changes.recheck import recheck_saved
from wikiplan.changes.undo import EDITED, Undoing

__all__ = [
    "CREATED",
    "EDITED",
    "EMPTY_SHA1",
    "RUN_ID",
    "TO_WRITE",
    "UNDO",
    "WAITING",
    "WRITTEN",
    "Action",
    "Answer",
    "Application",
    "ChangeSet",
    "Comparison",
    "Drift",
    "Entry",
    "Imported",
    "Interrupt",
    "Journal",
    "KilledRun",
    "LaterRevision",
    "Limits",
    "Message",
    "Outcome",
    "PageBase",
    "PageChange",
    "PageEffect",
    "RunEdit",
    "SavedSet",
    "SectionChange",
    "SectionState",
    "Summary",
    "Told",
    "Undoing",
    "changefile",
    "check_limits",
    "comparison",
    "forecast",
    "guards",
    "importing",
    "journal",
    "recheck_saved",
    "settle",
    "undo",
]
