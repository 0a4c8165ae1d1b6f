"""The commands: their options, one run of each, and what it does on an open wiki.

The work of one command is imported by its script alone: a preview loads nothing that adopts pages.
"""

from wikiplan.cli import command, loading, session
from wikiplan.cli.command import Run
from wikiplan.cli.options import COMMANDS, Options
from wikiplan.cli.session import Work
