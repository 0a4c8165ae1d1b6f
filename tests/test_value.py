"""Values: what all the things with named fields have in common."""

from __future__ import annotations

from functools import cached_property

import pytest

from wikiplan.value import Value, field, field_names, replace


class Place(Value):
    line: int
    names: tuple[str, ...] = ()


class Named(Place):
    name: str = ""


class Counted(Value, dict=True):
    numbers: list[int] = field(default_factory=lambda: [1])

    @cached_property
    def sum(self) -> int:
        return sum(self.numbers)


def test_a_value_is_what_its_fields_are():
    assert (Place(1), hash(Place(1))) == (Place(1, names=()), hash(Place(1)))
    assert Place(1) != Place(2)
    assert Place(1) != Named(1), "another kind of thing"
    assert repr(Named(1, name="x")) == "Named(line=1, names=(), name='x')"
    assert field_names(Named) == ("line", "names", "name")


@pytest.mark.parametrize("kind", [Place, Named])
def test_a_value_does_not_change(kind: type[Place]):
    value = kind(1)
    with pytest.raises(AttributeError):
        setattr(value, "line", 2)  # noqa: B010
    assert (replace(value, line=2), value) == (kind(2), kind(1))


def test_what_is_worked_out_once_is_of_the_value_alone():
    first = Counted()
    assert (first.sum, replace(first, numbers=[1, 2]).sum) == (1, 3)
    assert Counted().numbers is not first.numbers
