"""A run of a command: its options, the open wiki, its change sets.

Only the table of the commands is imported here: ``-help`` needs no more.
"""

from wikiplan.session.commands import COMMANDS, Command, Option, OptionUse, options_of, split
