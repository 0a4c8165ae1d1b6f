"""What people and programs are told: the report, the terminal, and pages for the browser.

The terminal, the pages, and what only ``plan_adopt`` tells are not imported here: runs that find
nothing to do ask the wiki before they need any.
"""

from wikiplan.report import leaving
from wikiplan.report.report import FAULTS, STATUS, ExitStatus, Report, RunOutcome, new_run_id
