"""Pages for people: values in them are only values."""

from __future__ import annotations

import json
import re

from hypothesis import example, given
from hypothesis import strategies as st

from wikiplan.report import webpage

TEXTS = st.text(alphabet="</script>!-&'\"\\\u2028\u2029\u202ea", max_size=30)


@given(TEXTS)
@example("</script><script>")
@example("<!--<script>")
def test_data_in_a_page_cannot_end_its_element_and_comes_back(text: str):
    written = webpage.as_data({"text": text})
    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written) == {"text": text}


def test_the_digest_in_a_policy_is_the_one_that_browsers_compute():
    # From the specification of Content Security Policy Level 3.
    text = "alert('Hello, world.');"
    assert webpage._hash(text) == "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
