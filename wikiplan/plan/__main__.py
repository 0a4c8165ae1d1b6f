"""Writes the JSON Schemas of the plan's files: ``python -m wikiplan.plan data/schema``."""

import sys
from pathlib import Path

from wikiplan.plan import schema

schema.write(Path(sys.argv[1]))
