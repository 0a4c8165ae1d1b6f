from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikiplan.catalogs import typos

CASES = Path(__file__).parents[1] / "cases" / "typo"


def cases(name):
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split(" | ")) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("before", "after"), cases("accepted.txt"))
def test_a_typo_is_accepted(before, after):
    assert typos.typo_faults(before, after) == ()


@pytest.mark.parametrize(("before", "after", "said"), cases("refused.txt"))
def test_what_translations_depend_on_is_no_typo(before, after, said):
    assert "; ".join(typos.typo_faults(before, after)) == said


@given(st.text(max_size=80))
def test_the_same_text_is_always_a_typo(text):
    assert typos.typo_faults(text, text) == ()


@given(st.text(max_size=40), st.integers(0, 999), st.integers(0, 999))
def test_another_number_is_never_a_typo(text, one, other):
    before, after = f"{text} {one} x", f"{text} {other} x"
    assert bool(typos.typo_faults(before, after)) == (one != other)
