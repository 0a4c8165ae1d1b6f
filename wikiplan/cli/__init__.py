"""The commands: their options, one run of each, and what it does on an open wiki."""

from wikiplan.cli import (
    adoptwork,
    catalogwork,
    changesets,
    command,
    newversions,
    session,
    statuswork,
    syncwork,
    undowork,
)
from wikiplan.cli.command import Run
from wikiplan.cli.options import COMMANDS, Options
from wikiplan.cli.session import Work
