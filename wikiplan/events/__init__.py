"""Events as they happen: their dates, those of a series too, and what can be done until when."""

from wikiplan.events.occurrences import (
    USUAL_MINUTES,
    Occurrence,
    deadline,
    occurrences,
)
from wikiplan.events.recurrence import check_rule, rule_for_feeds
