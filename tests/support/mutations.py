"""Damage to files, as editors, disks, merges and slips of the hand do it; the same every time."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support import devices

Damage = Callable[[Path], None]
HUGE = 50_000_000


@dataclass(frozen=True)
class Mutation:
    """What is done to a file; ``name`` says it."""

    name: str
    damage: Damage


def mutations(path: Path, often: int) -> Iterator[Mutation]:
    """Yield what can befall a file; each kind that has a place ``often`` times."""
    yield from _in_its_place()
    yield from _of_bytes(path, often)
    if path.suffix in (".yaml", ".po", ".wiki", ".json"):
        yield from _of_lines(path, often)
    if path.suffix == ".yaml":
        yield from _of_yaml(path, often)
    if path.suffix == ".po":
        yield from _of_catalogs()


def _in_its_place() -> Iterator[Mutation]:
    def instead(make: Damage) -> Damage:
        def damage(path: Path) -> None:
            path.unlink()
            make(path)

        return damage

    yield Mutation("gone", Path.unlink)
    yield Mutation("empty", lambda path: _write(path, b""))
    yield Mutation("a folder", instead(Path.mkdir))
    yield Mutation("a pipe", instead(os.mkfifo))
    if os.geteuid() == 0:  # nobody else may make one
        yield Mutation("a device", instead(devices.make))
        yield Mutation("a link to a device", instead(devices.link))
    yield Mutation("a link to nothing", instead(lambda path: path.symlink_to("nothing")))
    yield Mutation("a link to itself", instead(lambda path: path.symlink_to(path.name)))
    yield Mutation("huge", lambda path: os.truncate(path, HUGE))
    yield Mutation("another name", _renamed)
    yield Mutation("a name that is no text", _misname)
    yield Mutation("a byte order mark", _changing(lambda data: b"\xef\xbb\xbf" + data))
    yield Mutation("UTF-16", _changing(lambda data: data.decode(errors="replace").encode("utf-16")))
    yield Mutation("line ends of Windows", _changing(lambda data: data.replace(b"\n", b"\r\n")))
    yield Mutation("no line end", _changing(bytes.rstrip))


def _misname(path: Path) -> None:
    path.rename(path.with_name(os.fsdecode(b"\xff" + os.fsencode(path.name))))


def _renamed(path: Path) -> None:
    path.rename(path.with_name("other.bak"))


def _of_bytes(path: Path, often: int) -> Iterator[Mutation]:
    data = path.read_bytes()
    for number in range(often):
        chance = random.Random(f"{path.name} {number}")
        at = chance.randrange(len(data))
        for name, put in _BYTES.items():
            yield Mutation(f"{name} at byte {at}", _changing(_put, at, put))
        yield Mutation(f"cut off at byte {at}", _changing(lambda data, at: data[:at], at))
        yield Mutation(f"begins at byte {at}", _changing(lambda data, at: data[at:], at))
        bit = bytes([data[at] ^ (1 << chance.randrange(8))])
        yield Mutation(f"another bit at byte {at}", _changing(_put, at, bit))


_BYTES = {"NUL": b"\0", "no UTF-8": b"\xe4", "a slip": b"x", "an escape": b"\x1b"}


def _put(data: bytes, at: int, put: bytes) -> bytes:
    return data[:at] + put + data[at + len(put) :]


def _of_lines(path: Path, often: int) -> Iterator[Mutation]:
    lines = path.read_bytes().splitlines(keepends=True)
    for number in range(2 * often):
        chance = random.Random(f"lines of {path.name} {number}")
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        yield Mutation(f"without line {one + 1}", _lines(_drop, one, one + 1))
        yield Mutation(f"line {one + 1} twice", _lines(_double, one, one))
        yield Mutation(f"lines {one + 1} and {other + 1} swapped", _lines(_swap, one, other))
        yield Mutation(f"line {one + 1} indented", _lines(_indent, one, one))
    for share in (1, 2, 3):
        at = len(lines) * share // 4
        yield Mutation(f"cut off at line {at + 1}", _lines(_drop, at, len(lines)))
    yield Mutation("merge marks", _lines(_mark, len(lines) // 2, 0))


def _drop(lines: list[bytes], start: int, stop: int) -> None:
    del lines[start:stop]


def _double(lines: list[bytes], one: int, _: int) -> None:
    lines.insert(one, lines[one])


def _mark(lines: list[bytes], at: int, _: int) -> None:
    lines.insert(at, b"<<<<<<< HEAD\n")


def _swap(lines: list[bytes], one: int, other: int) -> None:
    lines[one], lines[other] = lines[other], lines[one]


def _indent(lines: list[bytes], one: int, _: int) -> None:
    lines[one] = b"  " + lines[one]


_VALUES = (
    b"null", b"[]", b"{}", b"-1", b"99999999999999999999", b"'\\ud800'", b'"\\ud800"', b'"\\0"',
    b"[" * 100, b"true", b"&a [*a, *a]", b"!!python/object:os.system x", b"2021-13-45",
    b'"{{ 7 * 7 }}"',
)  # fmt: skip


def _of_yaml(path: Path, often: int) -> Iterator[Mutation]:
    lines = path.read_bytes().splitlines(keepends=True)
    keyed = [number for number, line in enumerate(lines) if b": " in line]
    for number in range(2 * often):
        chance = random.Random(f"values of {path.name} {number}")
        at, value = chance.choice(keyed), _VALUES[number % len(_VALUES)]
        yield Mutation(f"the value {value[:20]!r} in line {at + 1}", _lines(_valued, at, value))
        yield Mutation(f"a misspelt key in line {at + 1}", _lines(_misspelt, at, 0))


def _valued(lines: list[bytes], at: int, value: bytes) -> None:
    key, colon, _ = lines[at].partition(b": ")
    lines[at] = key + colon + value + b"\n"


def _misspelt(lines: list[bytes], at: int, _: int) -> None:
    lines[at] = lines[at].replace(b": ", b"q: ", 1)


def _of_catalogs() -> Iterator[Mutation]:
    for stated in (b"", b"-1", b"1e9", b"99999", b"9999999999999"):
        put = b"X-Wikiplan-Entries: " + stated
        yield Mutation(f"states {stated!r} entries and is cut", _changing(_cut_saying, put))
    yield Mutation("states nothing and is cut", _changing(_cut_saying, b"X-Other: 1"))
    for name, old, new in (
        ("no texts", b'msgstr "', b'msgstr ""\n#. "'),
        ("no keys", b"msgctxt", b"#. "),
        ("another language", b"Language: ", b"Language: x"),
        ("another charset", b"UTF-8", b"KOI8-R"),
        ("all fuzzy", b"\nmsgctxt", b"\n#, fuzzy\nmsgctxt"),
        ("all obsolete", b"\nmsg", b"\n#~ msg"),
    ):
        yield Mutation(name, _changing(bytes.replace, old, new))


def _cut_saying(data: bytes, says: bytes) -> bytes:
    blocks = data.split(b"\n\n")
    head = b"\n".join(
        b'"' + says + b'\\n"' if b"X-Wikiplan-Entries" in line else line
        for line in blocks[0].split(b"\n")
    )
    return b"\n\n".join([head, *blocks[1 : len(blocks) * 3 // 4]]) + b"\n"


def _changing(change: Callable[..., bytes], *arguments: object) -> Damage:
    return lambda path: _write(path, change(path.read_bytes(), *arguments))


def _lines(change: Callable[..., object], *arguments: object) -> Damage:
    def damage(path: Path) -> None:
        lines = path.read_bytes().splitlines(keepends=True)
        change(lines, *arguments)
        _write(path, b"".join(lines))

    return damage


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
