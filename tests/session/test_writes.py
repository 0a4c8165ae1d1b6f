"""How many writes a run may send, whatever sends them; the lock's own do not count."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import smallplan
from tests.support.scriptrun import OwnRun
from wikiplan.cli import updatework
from wikiplan.errors import Stop
from wikiplan.report import ExitStatus
from wikiplan.session import writes

TOLD = (
    "the run has made the 2 edits that run.yaml allows it (edits), and stops; what is left is for "
    "the next run, or allow more"
)


def test_one_too_many_is_refused_and_the_limit_ends_with_the_run():
    with writes.at_most(1):
        writes.count()
        with pytest.raises(Stop) as raised:
            writes.count()
    writes.count()
    assert raised.value.code == "edit-limit"


@pytest.mark.parametrize("top", ["", "lock-page: Lock\n"], ids=["alone", "with a lock page"])
def test_a_run_stops_at_its_limit_and_the_next_one_goes_on(top: str, tmp_path: Path):
    pages = dict.fromkeys(("A", "B", "C"), "missing-page: create")
    own = OwnRun(smallplan.write(tmp_path, {"a": "Text."}, pages, top))
    run = own.run(always=True)
    with writes.at_most(2):
        assert updatework.update(run) is ExitStatus.FAILED
    assert run.report.error == TOLD
    assert [bool(page["new_revid"]) for page in run.report.pages] == [True, True, False]
    assert updatework.update(own.run(always=True)) is ExitStatus.DONE
