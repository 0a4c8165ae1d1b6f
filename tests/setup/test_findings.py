"""What a finding says of itself."""

from __future__ import annotations

from wikiplan.errors import Message, WikiplanError
from wikiplan.setup.findings import broken, of_error, ok, to_do


def test_a_finding_is_a_line_with_its_state_in_a_column():
    message = Message("full-disk", "it is full; make room")
    assert list(
        map(str, (ok("disk", "fine"), to_do("disk", message), broken("disk", message)))
    ) == [
        "ok      disk: fine",
        "to do   disk: it is full; make room",
        "broken  disk: it is full; make room",
    ]


def test_a_finding_has_the_id_of_what_is_wrong_and_none_where_nothing_is():
    assert (ok("disk", "fine").code, to_do("a", Message("b", "c; d")).code) == ("", "b")
    assert of_error("wiki", WikiplanError("unreachable", "no answer; wait")).code == "unreachable"
