"""What is to happen to people's edits of managed sections: the three answers, and where they hold.

``keep`` leaves them, ``import`` takes them into the plan, ``reclaim`` writes the plan's text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from wikiplan.errors import WikiplanError
from wikiplan.near import did_you_mean

KEEP, IMPORT, RECLAIM = ANSWERS = ("keep", "import", "reclaim")


@dataclass(frozen=True)
class Answers:
    """The answers of one run: for all of it, for sections by name, for a section of one page.

    ``asked`` has the last by the page's title and the section's name.
    """

    everywhere: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of(self, title: str, section: str) -> str:
        """Return the answer for a section of a page, empty without one."""
        return self.asked.get((title, section)) or self.sections.get(section) or self.everywhere

    def check(self, known: Collection[str]) -> None:
        """Raise :class:`WikiplanError` for the name of a section that ``pages.yaml`` lacks."""
        for name in self.sections:
            if name not in known:
                hint = did_you_mean(name, known) or f"there are {', '.join(sorted(known))}"
                raise WikiplanError(f"-drift:{name}=…: pages.yaml has no such section; {hint}")


def parse(given: Sequence[str]) -> Answers:
    """Return the answers of ``-drift:ANSWER`` and ``-drift:SECTION=ANSWER``."""
    found: dict[str, str] = {}
    for each in given:
        section, _, answer = each.rpartition("=")
        if answer not in ANSWERS:
            use = "use -drift:keep, -drift:import or -drift:reclaim"
            raise WikiplanError(
                f"-drift:{each}: no such answer; {did_you_mean(answer, ANSWERS) or use}"
            )
        if found.setdefault(section, answer) != answer:
            twice = f"{found[section]} and {answer}"
            raise WikiplanError(f"-drift:{each}: given as {twice}; give it once")
    return Answers(found.pop("", ""), found)
