"""The commands: options, the session of a run, and the work of each script."""

from wikiplan.cli import (
    adoptwork,
    catalogwork,
    changesets,
    command,
    session,
    statuswork,
    syncwork,
    undowork,
)
from wikiplan.cli.command import Options, refuse_rest
from wikiplan.cli.session import Work

__all__ = [
    "Options",
    "Work",
    "adoptwork",
    "catalogwork",
    "changesets",
    "command",
    "refuse_rest",
    "session",
    "statuswork",
    "syncwork",
    "undowork",
]
