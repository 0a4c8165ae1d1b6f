"""What people and programs are told: the report, the terminal, and pages for the browser.

The pages, and what only ``plan_adopt`` tells, are not imported here: most runs do without.
"""

from wikiplan.report import leaving
from wikiplan.report.report import STATUS, ExitStatus, Report, new_run_id
from wikiplan.report.terminal import Asker, Terminal
