"""Putting sections into a page's text, for a comparison and for a change set that was saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wikiplan.changes.changeset import WRITTEN, SectionChange, SectionState
from wikiplan.errors import MISSING_SECTION, Refusal
from wikiplan.wikitext import Where, markers, restoring, sections


def assemble(
    text: str | None,
    changes: Sequence[SectionChange],
    place: Where,
    tags: frozenset[str],
    plan: str = "",
) -> str:
    """Return a page's new text; ``None`` stands for a page that does not exist.

    ``place`` is where ``pages.yaml`` wants new sections, ``plan`` the plan's name. Raises
    :class:`SectionError` as ``wikitext.sections`` does, and :class:`Refusal` ``missing-section``.
    """
    new = {s.name: s.after for s in changes if s.state is SectionState.NEW}
    if text is None:
        return sections.new_page(new, tags, plan)
    if names := {s.was: s.name for s in changes if s.was}:
        text = sections.renamed(text, names, tags)
    written = [s for s in changes if s.state in WRITTEN and s.name not in new and not s.whole]
    bodies = {s.name: s.after for s in written}
    own = {s.name: s.after if s.own is None else s.own for s in written}
    text = sections.replace(text, bodies, tags, own, plan) if bodies else text
    if whole := [s.whole for s in changes if s.whole]:
        text = restoring.put_back(text, whole, tags)
    return _insert_all(text, new, place, tags, plan)


def _insert_all(
    text: str, new: Mapping[str, str], place: Where, tags: frozenset[str], plan: str
) -> str:
    if new and place == "refuse":
        name = next(iter(new))
        hint = markers.hint_at_hidden(text, name)
        raise Refusal(
            MISSING_SECTION,
            f"section {name}: the page has no such pair of markers{hint}; "
            f"put <!-- wikiplan:begin {name} --> and <!-- wikiplan:end {name} --> on lines of "
            "their own where it belongs, or say in pages.yaml where to create it (missing-section)",
        )
    # At the top each next section would come before the one before it: insert backwards there.
    order = list(new.items())
    for name, body in reversed(order) if place == "top" else order:
        text = sections.insert(text, name, body, place, tags, plan)
    return text
