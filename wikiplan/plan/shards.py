"""Shards: the parts of a plan's pages that several runs share out among them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from math import gcd
from pathlib import Path

from wikiplan.errors import WikiplanError
from wikiplan.files import lock_name
from wikiplan.value import Value

INDEX_VARIABLE = "JOB_COMPLETION_INDEX"
"""The environment variable in which Kubernetes tells a pod of an Indexed Job which one it is."""
MOST_SHARDS = 10_000
HASH_BYTES = 8

_WRITTEN = re.compile(r"(?:([0-9]{1,9})/)?([0-9]{1,9})")
_IN_A_NAME = re.compile(r"[ _]#([0-9]+)[ _]of[ _]([0-9]+)$")


class Shard(Value):
    """One part ``of`` so many, counted from 0; the only one of 1 is the whole plan.

    A page stays in its shard whatever else the plan has: a digest of its title decides.
    """

    index: int = 0
    of: int = 1

    @property
    def is_whole(self) -> bool:
        return self.of == 1

    def __str__(self) -> str:
        return f"shard {self.index} of {self.of}"

    def has(self, title: str) -> bool:
        """Say whether the page of this title, as ``pages.yaml`` has it, is in this part."""
        return self.is_whole or _number(title) % self.of == self.index

    def overlaps(self, other: Shard) -> bool:
        """Say whether some page may be in both parts."""
        return (self.index - other.index) % gcd(self.of, other.of) == 0

    def share(self, most: int) -> int:
        """Return this part's share of what all may do together, rounded up."""
        return -(-most // self.of)

    def named(self, account: str) -> str:
        """Return how files of an account's state are called; no account's name may hold a #."""
        return account if self.is_whole else f"{account} #{self.index} of {self.of}"


WHOLE = Shard()


def of_name(name: str) -> Shard:
    """Return the shard whose file of state has a name, without its ending."""
    found = _IN_A_NAME.search(name)
    return Shard(int(found[1]), int(found[2])) if found else WHOLE


class Writer(Value):
    """Who writes: an account on a site, or one shard of its run. Each has its own state."""

    site: str
    account: str
    shard: Shard = WHOLE

    @property
    def name(self) -> str:
        return self.shard.named(self.account)

    def rivals(self, folder: Path, ending: str) -> list[Path]:
        """Return such files of state of other writers that may be about the same pages.

        They are of another number of shards, or of a run without shards.
        """
        return sorted(
            path for path in folder.glob(f"*{ending}") if self._is_rival(path.name, ending)
        )

    def _is_rival(self, file: str, ending: str) -> bool:
        name = file.removesuffix(ending)
        other = of_name(name)
        is_same_account = name == lock_name(self.site, other.named(self.account))
        return is_same_account and other != self.shard and other.overlaps(self.shard)


def parse(given: str, environment: Mapping[str, str]) -> Shard:
    """Return the shard that ``I/N`` names, or ``N`` with the index in the environment.

    Raises :class:`WikiplanError` where there is no such shard.
    """
    option, found = f"-shard:{given}", _WRITTEN.fullmatch(given)
    if not found:
        raise WikiplanError(
            "no-shard", f"{option}: no shard; write it like -shard:0/20, the first of 20"
        )
    index, of = found[1] or _index(option, environment), int(found[2])
    if not 1 <= of <= MOST_SHARDS:
        raise WikiplanError(
            "number-of-shards", f"{option}: there may be 1 to {MOST_SHARDS:,} shards, not {of}"
        )
    if int(index) >= of:
        told = f"{option}: " + ("" if found[1] else f"{INDEX_VARIABLE} is {index}: ")
        raise WikiplanError(
            "shard-out-of-range", f"{told}shards count from 0, so the last of {of} is {of - 1}"
        )
    return Shard(int(index), of)


def _index(option: str, environment: Mapping[str, str]) -> str:
    index = environment.get(INDEX_VARIABLE, "")
    if not index:
        raise WikiplanError(
            "which-shard",
            f"{option}: which of them? write -shard:I/N, I from 0 to N-1, or run it where "
            f"{INDEX_VARIABLE} says it, as in an Indexed Job of Kubernetes",
        )
    if not re.fullmatch(r"[0-9]{1,9}", index):
        raise WikiplanError(
            "odd-shard-index", f"{option}: {INDEX_VARIABLE} is {index!r}, not a number from 0"
        )
    return index


def _number(title: str) -> int:
    return int.from_bytes(sha256(title.encode()).digest()[:HASH_BYTES])
