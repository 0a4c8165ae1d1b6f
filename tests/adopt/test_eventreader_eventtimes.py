"""Events get back the start and the zone with which their time reads as on the page."""

from __future__ import annotations

import pytest

from wikiplan.adopt.drafts import FactReader
from wikiplan.adopt.eventreader import Start, start_of, written_time

READERS = {code: FactReader(code) for code in ("en", "de", "ja")}


@pytest.mark.parametrize(
    ("whens", "start"),
    [
        ({"en": "July 15, 2021, 16:00 UTC"}, Start("2021-07-15T16:00Z", "")),
        ({"en": "July 15, 2021, 18:00 UTC+2 (16:00 UTC)"}, Start("2021-07-15T18:00+02:00", "")),
        (
            {
                "en": "July 15, 2021, 18:00 UTC+2 (16:00 UTC)",
                "de": "15. Juli 2021, 18:00 MESZ (16:00 UTC)",
            },
            Start("2021-07-15T18:00", "Europe/Berlin"),
        ),
        (
            {"en": "October 14, 2021, 10:00 EDT (14:00 UTC)"},
            Start("2021-10-14T10:00", "America/New_York"),
        ),
        (
            {"en": "October 14, 2021, 22:00 PDT (October 15, 2021, 05:00 UTC)"},
            Start("2021-10-14T22:00", "America/Los_Angeles"),
        ),
        ({"en": "July 2021"}, None),
        ({"en": "Monday at noon"}, None),
        ({"en": "July 15, 2021, 16:00"}, None),
        ({"en": "July 15, 2021, 18:00 UTC+3 (16:00 UTC)"}, None),
        ({"en": "July 15, 2021, 16:00 UTC", "de": "am Donnerstag"}, Start("2021-07-15T16:00Z", "")),
    ],
)
def test_a_start_is_found_by_how_it_reads(whens, start):
    assert start_of(whens, "en", READERS) == start


@pytest.mark.parametrize("code", READERS)
@pytest.mark.parametrize("start", ["2021-07-15T16:00Z", "2021-12-31T23:30-05:00"])
def test_what_is_written_is_found_again(code, start):
    instant = Start(start, "").instant
    found = start_of({code: written_time(instant, READERS[code])}, code, READERS)
    assert found
    assert found.instant == instant
