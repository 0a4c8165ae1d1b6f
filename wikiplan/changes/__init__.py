"""The change set: what a run would do, as a value.

Computed, limited, saved in a file, looked at again, applied, and taken back. ``changefile``, and
``recheck``, which reads it, are not imported here: they stand on pydantic, and most runs have none.
"""

from wikiplan.changes import (
    comparison,
    guards,
    importing,
    journal,
    losses,
    memory,
    memoryfile,
    undo,
)
from wikiplan.changes.apply import (
    INTERRUPTED,
    MOST_FILTER_HITS,
    STOP_PAGE,
    Answer,
    Application,
    Interrupt,
    PageOutcome,
    Saving,
    look_at_stop_page,
)
from wikiplan.changes.assembling import assemble
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
    PageBase,
    PageChange,
    Review,
    SectionChange,
    SectionState,
    Summary,
    Verdict,
)
from wikiplan.changes.comparison import WAY_OUT
from wikiplan.changes.effects import Limits, PageEffect, check_limits, forecast
from wikiplan.changes.guards import check_may_be_missing, check_translations
from wikiplan.changes.importing import Imported
from wikiplan.changes.inputs import Ingredients, Inputs, unnamed_files, version_changes, versions
from wikiplan.changes.journal import (
    RUN_ID,
    Journal,
    JournalEntry,
    KilledRun,
    RunEdit,
    SavedEdit,
    settle,
)
from wikiplan.changes.memory import KnownPage, Memory, Remembered, touched_pages
from wikiplan.changes.pagecomparison import MOVED_PAGE, Comparison, check_moved_away
from wikiplan.changes.undo import EDITED, Undoing
