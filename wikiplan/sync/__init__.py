"""Translations on the wiki and in the catalogs: what each lacks, pull, push, and marking."""

from wikiplan.sync import marking, progress
from wikiplan.sync.carrying import (
    CarriedId,
    ids_carried,
    ids_seen,
    ids_shown,
    with_ids_carried,
)
from wikiplan.sync.credit import (
    Credited,
    KnownTranslators,
    Translator,
    credited,
    state_in_header,
    translator_in,
    translator_of,
)
from wikiplan.sync.following import ids_to_declare, seen_changes
from wikiplan.sync.lastseen import LastSeen, LastSeenFile, unit_place
from wikiplan.sync.marking import Examination, Stage
from wikiplan.sync.pageprogress import PlainProgress, WikiProgress, made_for
from wikiplan.sync.progress import (
    LanguageProgress,
    Overview,
    PageProgress,
    Tally,
    UnitProgress,
    tally,
)
from wikiplan.sync.pull import LanguagePull
from wikiplan.sync.push import LanguagePush, PushEdit, PushRun, StopPage
from wikiplan.sync.units import (
    UNFINISHED,
    SyncOutcome,
    SyncPage,
    SyncResult,
    SyncUnit,
    outcome_counts,
    outcome_lines,
    page_of,
    report_entry,
)
