"""What people and programs are told: the report, the terminal, and pages for the browser."""

from wikiplan.report import inspection, planimport, review, statuspage
from wikiplan.report.report import STATUS, ExitStatus, Report, new_run_id
from wikiplan.report.review import Occasion, Previews
from wikiplan.report.terminal import Asker, Terminal
