"""Translations on the wiki and in the catalogs: what each lacks, pull, push, and marking."""

from wikiplan.sync import marking, progress
from wikiplan.sync.lastseen import Seen, SyncBase, base_path
from wikiplan.sync.marking import Examination, Stage
from wikiplan.sync.pageprogress import PlainProgress, WikiProgress
from wikiplan.sync.progress import LanguageProgress, Overview, PageProgress, UnitProgress, tally
from wikiplan.sync.pull import Pulling
from wikiplan.sync.push import Push, Pushing, StopPage, Writing
from wikiplan.sync.units import (
    WAITING,
    Outcome,
    Synced,
    SyncPage,
    SyncUnit,
    outcome_counts,
    outcome_lines,
    page_of,
    report_entry,
)

__all__ = [
    "WAITING",
    "Examination",
    "LanguageProgress",
    "Outcome",
    "Overview",
    "PageProgress",
    "PlainProgress",
    "Pulling",
    "Push",
    "Pushing",
    "Seen",
    "Stage",
    "StopPage",
    "SyncBase",
    "SyncPage",
    "SyncUnit",
    "Synced",
    "UnitProgress",
    "WikiProgress",
    "Writing",
    "base_path",
    "marking",
    "outcome_counts",
    "outcome_lines",
    "page_of",
    "progress",
    "report_entry",
    "tally",
]
