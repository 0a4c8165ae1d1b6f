"""Shards share a plan's pages out: each page is in one of them, and stays there."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import manypages, smallplan
from wikiplan.errors import WikiplanError
from wikiplan.files import lock_name
from wikiplan.plan import plan
from wikiplan.plan.shards import WHOLE, Shard, Writer, of_name, parse
from wikiplan.plan.targets import Choice, chosen_targets, retired_targets

OF = st.integers(1, 24)
SHARDS = OF.flatmap(lambda of: st.builds(Shard, st.integers(0, of - 1), st.just(of)))


# Which pages


def test_a_page_is_in_the_shard_that_it_was_always_in():
    """A digest of another kind would move every page: then each shard reads all of its anew."""
    titles = ("Plan", "Plan/ar", "Community Resilience and Sustainability", "Größe", "計画")
    found = [next(i for i in range(20) if Shard(i, 20).has(title)) for title in titles]
    assert found == [11, 3, 0, 2, 3]


@given(st.text(), OF)
def test_every_page_is_in_one_shard(title, of):
    assert sum(Shard(index, of).has(title) for index in range(of)) == 1


@given(SHARDS, SHARDS)
def test_shards_without_a_page_in_common_do_not_overlap(one, other):
    common = [n for n in range(one.of * other.of) if n % one.of == one.index]
    assert one.overlaps(other) == any(n % other.of == other.index for n in common)
    assert one.overlaps(other) == other.overlaps(one)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (WHOLE, Shard(3, 20), True),
        (WHOLE, WHOLE, True),
        (Shard(3, 20), Shard(4, 20), False),
        (Shard(3, 20), Shard(3, 20), True),
        (Shard(3, 20), Shard(3, 10), True),
        (Shard(3, 20), Shard(4, 10), False),
        (Shard(3, 20), Shard(0, 7), True),
    ],
)
def test_shards_of_one_number_do_not_overlap_and_the_whole_overlaps_all(one, other, overlap):
    assert one.overlaps(other) == overlap


@given(st.integers(0, 10_000), OF)
def test_the_shares_of_a_limit_are_together_at_least_the_limit_and_no_shard_more(most, of):
    share = Shard(0, of).share(most)
    assert most <= share * of < most + of
    assert WHOLE.share(most) == most


def assert_shared_out(parts: Sequence[Sequence[str]], whole: Sequence[str], uneven: float):
    """Each page is in one part, and no part is larger or smaller than its share by more."""
    assert sorted(title for part in parts for title in part) == sorted(whole)
    share = len(whole) / len(parts)
    assert max(abs(len(part) - share) for part in parts) <= share * uneven


def test_the_shards_of_many_pages_are_together_all_of_them_and_even(tmp_path):
    """By chance shares of 1,000 differ by 3 in 100 (standard deviation)."""
    loaded = manypages.with_pages(tmp_path, 4_000)
    whole = [target.title for target in chosen_targets(loaded)]
    parts = [[t.title for t in chosen_targets(loaded, shard)] for shard in choices(4)]
    assert len(whole) == 4_000
    assert_shared_out(parts, whole, 0.1)


@pytest.mark.heavy
def test_a_hundred_thousand_pages_are_shared_out_evenly(tmp_path):
    """Shares of 5,000 differ by 1.4 in 100; ``make shards`` prints each of these."""
    loaded = manypages.with_pages(tmp_path, 100_000)
    whole = [target.title for target in chosen_targets(loaded)]
    parts = [[t.title for t in chosen_targets(loaded, shard)] for shard in choices(20)]
    assert len(whole) == 100_000
    assert_shared_out(parts, whole, 0.05)


def choices(of: int) -> list[Choice]:
    return [Choice(shard=Shard(index, of)) for index in range(of)]


def test_the_parts_of_a_plan_are_the_plan(tmp_path):
    retired = "retired:\n  - {title: Old, remains: text, languages: [de, en]}\n"
    pages = {f"Page {number}": "missing-page: create" for number in range(40)}
    smallplan.write(tmp_path, {"a": "Text."}, pages, f"languages: [en, ar, de]\n{retired}")
    loaded = plan.load(tmp_path / "data")
    for choose in (chosen_targets, retired_targets):
        parts = [choose(loaded, choice) for choice in choices(4)]
        whole = choose(loaded)
        assert sorted(t.title for part in parts for t in part) == sorted(t.title for t in whole)
        for part in parts:
            assert [t for t in whole if t in part] == list(part), "in the plan's order"


def test_a_page_stays_in_its_shard_when_others_are_named(tmp_path):
    smallplan.write(tmp_path, {"a": "Text."}, {"A": "", "B": "", "C": ""})
    loaded = plan.load(tmp_path / "data")
    for index in range(3):
        shard = Shard(index, 3)
        one = {t.title for t in chosen_targets(loaded, Choice(pages=("B",), shard=shard))}
        assert one == {"B"} & {t.title for t in chosen_targets(loaded, Choice(shard=shard))}


# How it is written


@pytest.mark.parametrize(
    ("given", "index", "shard"),
    [
        ("0/1", "", WHOLE),
        ("1", "0", WHOLE),
        ("0/20", "", Shard(0, 20)),
        ("19/20", "7", Shard(19, 20)),
        ("20", "7", Shard(7, 20)),
    ],
)
def test_a_shard_is_named_or_told_by_kubernetes(given, index, shard):
    assert parse(given, {"JOB_COMPLETION_INDEX": index}) == shard


@pytest.mark.parametrize(
    ("given", "index", "message"),
    [
        ("x", None, "-shard:x: no shard; write it like -shard:0/20, the first of 20"),
        ("-1/20", None, "-shard:-1/20: no shard; write it like -shard:0/20, the first of 20"),
        ("1/", None, "-shard:1/: no shard; write it like -shard:0/20, the first of 20"),
        ("0/0", None, "-shard:0/0: there may be 1 to 10,000 shards, not 0"),
        ("0/10001", None, "-shard:0/10001: there may be 1 to 10,000 shards, not 10001"),
        ("20/20", None, "-shard:20/20: shards count from 0, so the last of 20 is 19"),
        (
            "20",
            "20",
            "-shard:20: JOB_COMPLETION_INDEX is 20: shards count from 0, so the last of 20 is 19",
        ),
        (
            "20",
            None,
            "-shard:20: which of them? write -shard:I/N, I from 0 to N-1, or run it where "
            "JOB_COMPLETION_INDEX says it, as in an Indexed Job of Kubernetes",
        ),
        ("20", "x", "-shard:20: JOB_COMPLETION_INDEX is 'x', not a number from 0"),
    ],
)
def test_what_is_no_shard_is_told(given, index, message):
    environment = {} if index is None else {"JOB_COMPLETION_INDEX": index}
    with pytest.raises(WikiplanError) as error:
        parse(given, environment)
    assert str(error.value) == message


# Whose state


@given(SHARDS)
def test_a_shard_is_read_back_from_the_names_of_its_files(shard):
    assert of_name(lock_name("lab:lab", shard.named("Plan Bot"))) == shard


def test_the_rivals_of_a_writer_are_those_of_its_account_that_may_write_its_pages(tmp_path):
    for site, account, shard in (
        *(("lab:lab", "Plan Bot", Shard(index, 4)) for index in range(4)),
        ("lab:lab", "Plan Bot", WHOLE),
        ("lab:lab", "Plan Bot", Shard(1, 2)),
        ("lab:lab", "Plan", Shard(1, 2)),
        ("lab:labs", "Plan Bot", Shard(1, 2)),
    ):
        (tmp_path / f"{lock_name(site, shard.named(account))}.lock").touch()

    def rivals(*writer) -> list[str]:
        return [path.name for path in Writer(*writer).rivals(tmp_path, ".lock")]

    assert rivals("lab:lab", "Plan Bot", Shard(1, 4)) == [
        "lab%3Alab_Plan_Bot.lock",
        "lab%3Alab_Plan_Bot_#1_of_2.lock",
    ]
    assert rivals("lab:lab", "Plan Bot") == [
        "lab%3Alab_Plan_Bot_#0_of_4.lock",
        "lab%3Alab_Plan_Bot_#1_of_2.lock",
        *(f"lab%3Alab_Plan_Bot_#{index}_of_4.lock" for index in (1, 2, 3)),
    ]
    assert rivals("lab:lab", "Plan") == ["lab%3Alab_Plan_#1_of_2.lock"]
    assert rivals("lab:lab", "Other") == []
