"""What opens in a text and does not close."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support import wikicases
from tests.support.wikicases import Case
from wikiplan.wikitext.scanner import imbalances


@wikicases.each("balance/balance.cases")
def test_balance(case: Case):
    assert [str(i) for i in imbalances(case.blocks["text"])] == case.blocks["wrong"].splitlines()


BALANCED = st.recursive(
    st.sampled_from(["a", "b c", " ", "<br>", "$x"]),
    lambda inner: st.builds(
        lambda pair, texts: pair[0] + "".join(texts) + pair[1],
        st.sampled_from(
            [("[[a|", "]] "), ("{{a|", "}} "), ("<b>", "</b>"), ("[$u ", "] "), ("(", ")")]
        ),
        st.lists(inner, max_size=3),
    ),
)


@given(BALANCED)
def test_what_is_built_of_pairs_is_balanced(text):
    assert imbalances(text) == ()
