"""The commands: their start, and what each does on an open wiki.

``start`` imports the work of a command when its options are read: help and a preview load nothing
that adopts pages.
"""

from wikiplan.cli import start
