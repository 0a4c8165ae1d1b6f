"""Carrying out a change set, on a folder wiki and on a real one."""

import pytest

from tests.support import smallplan
from wikiplan.changes.apply import Answer, Application, Interrupt
from wikiplan.changes.changeset import Action
from wikiplan.errors import Refusal, Unclear
from wikiplan.wiki.folder import Folder
from wikiplan.wikitext import sections


@pytest.fixture
def pages(title):
    """Four pages that may be created: titles with their options in pages.yaml."""
    return {f"{title} {number}": "missing-page: create" for number in range(1, 5)}


def applied(directory, wiki, before=lambda: None, confirm=None, **options):
    """Compute a change set, let ``before`` happen, apply it; return actions by title."""
    changes = smallplan.compare(directory, wiki)
    before()
    application = Application(changes, wiki, sleep=lambda seconds: None, **options)
    outcomes = application.run(confirm)
    assert sorted(o.change.title for o in outcomes) == sorted(c.title for c in changes.to_write)
    return {outcome.change.title: outcome for outcome in outcomes}


def actions(outcomes):
    """Return the outcomes' actions by the last word of the titles."""
    return {title.split()[-1]: str(outcome.action) for title, outcome in outcomes.items()}


def test_what_was_compared_is_stored_and_a_second_run_has_nothing_to_do(tmp_path, place, pages):
    directory = smallplan.write(tmp_path, {"a": "Text."}, pages)
    outcomes = applied(directory, place.wiki)
    assert actions(outcomes) == dict.fromkeys("1234", "create")
    for page in pages:
        assert place.people.text(page) == sections.new_page({"a": "Text."})
        assert outcomes[page].revision == place.wiki.read([page])[page].number
    assert not smallplan.compare(directory, place.wiki).to_write


def test_pages_that_people_touched_meanwhile_are_left_alone_and_the_others_done(
    tmp_path, place, pages
):
    directory = smallplan.write(tmp_path, {"a": "Old."}, pages)
    applied(directory, place.wiki)
    smallplan.write(tmp_path, {"a": "New."}, pages)
    edited, deleted, moved, untouched = pages

    def meanwhile():
        place.people.edit(edited, "A person's text.")
        place.people.delete(deleted)
        place.people.move(moved, f"{moved} elsewhere")

    outcomes = applied(directory, place.wiki, meanwhile)
    assert actions(outcomes) == {"1": "conflict", "2": "conflict", "3": "conflict", "4": "update"}
    assert place.people.text(edited) == "A person's text."
    assert "came since revision" in outcomes[edited].reason
    assert "deleted, or moved without a redirect" in outcomes[deleted].reason
    assert "New." in place.people.text(untouched)


def test_a_change_right_before_the_save_is_found_by_the_wiki_itself(tmp_path, place, pages):
    """Between the last look at the page and the save; confirm is called before that look."""
    directory = smallplan.write(tmp_path, {"a": "Old."}, pages)
    applied(directory, place.wiki)
    smallplan.write(tmp_path, {"a": "New."}, pages)
    edited, deleted, moved, _ = pages
    hands = {
        edited: lambda: place.people.edit(edited, "A person's text."),
        deleted: lambda: place.people.delete(deleted),
        moved: lambda: place.people.move(moved, f"{moved} elsewhere"),
    }
    changes = smallplan.compare(directory, place.wiki)
    application = Application(changes, Hurried(place.wiki, hands), sleep=lambda seconds: None)
    outcomes = {outcome.change.title: outcome for outcome in application.run()}
    assert actions(outcomes) == {"1": "conflict", "2": "conflict", "3": "conflict", "4": "update"}
    assert place.people.text(edited) == "A person's text."
    assert "New." not in place.people.text(f"{moved} elsewhere")


class Hurried:
    """A wiki on which people act in the moment before a save."""

    def __init__(self, wiki, hands):
        self.wiki, self.hands = wiki, hands

    def __getattr__(self, name):
        return getattr(self.wiki, name)

    def save(self, edit):
        self.hands.get(edit.title, lambda: None)()
        return self.wiki.save(edit)


def test_a_page_that_a_person_created_meanwhile_is_not_overwritten(tmp_path, place, title):
    directory = smallplan.write(tmp_path, {"a": "Text."}, {title: "missing-page: create"})
    (outcome,) = applied(directory, place.wiki, lambda: place.people.edit(title, "Mine.")).values()
    assert outcome.action is Action.CONFLICT
    assert place.people.text(title) == "Mine."


@pytest.mark.wiki
def test_an_edit_outside_that_the_server_merges_is_kept_and_told(tmp_path, site, mediawiki, title):
    directory = smallplan.write(tmp_path, {"a": "New text."}, {title: ""})
    pair = "<!-- wikiplan:begin a -->\n<!-- wikiplan:end a -->"
    far = "\n\nA line.\n\nAnother line.\n\nThe end."
    mediawiki.edit(title, pair + far)
    hands = {title: lambda: mediawiki.edit(title, f"{pair}{far} Added by a person.")}
    changes = smallplan.compare(directory, site)
    (outcome,) = Application(changes, Hurried(site, hands)).run()
    assert outcome.action is Action.UPDATE
    assert "the server merged our edit with revision" in outcome.reason
    assert "by Trans" in outcome.reason
    text = mediawiki.text(title)
    assert "New text." in text
    assert text.endswith("The end. Added by a person.")


def test_a_person_may_decline_a_page_or_end_the_run(tmp_path, place, pages):
    directory = smallplan.write(tmp_path, {"a": "Text."}, pages)
    answers = dict(zip(pages, [Answer.YES, Answer.NO, Answer.QUIT], strict=False))
    outcomes = applied(directory, place.wiki, confirm=lambda change: answers[change.title])
    assert actions(outcomes) == {"1": "create", "2": "none", "3": "none", "4": "none"}
    assert outcomes[list(pages)[3]].reason == "not asked about: the person ended the run"


def test_text_on_the_stop_page_ends_the_run_before_the_next_batch(tmp_path, place, pages, title):
    directory = smallplan.write(tmp_path, {"a": "Text."}, pages, top=f"stop-page: {title} stop\n")
    place.people.edit(f"{title} stop", "")
    stop = f"{title} stop"
    outcomes = applied(directory, place.wiki, lambda: place.people.edit(stop, "Please stop."))
    assert actions(outcomes) == dict.fromkeys("1234", "failed")
    assert f"not tried: '{stop}' has text (last edited by" in outcomes[next(iter(pages))].reason


def test_an_interrupt_finishes_the_save_at_hand_and_tells_of_the_rest(tmp_path, folder, pages):
    directory = smallplan.write(tmp_path, {"a": "Text."}, pages)
    interrupt = Interrupt()

    def confirm(change):
        if change.title.endswith("2"):
            interrupt.reason = "interrupted by SIGTERM"
        return Answer.YES

    changes = smallplan.compare(directory, folder)
    outcomes = Application(changes, folder, interrupt).run(confirm, per_check=1)
    assert [o.action for o in outcomes] == ["create", "failed", "failed", "failed"]
    assert outcomes[-1].reason == "not tried: interrupted by SIGTERM"


class LosesReplies(Folder):
    """A folder whose replies to saves never arrive; ``saves``: whether they are carried out."""

    saves = True

    def save(self, edit):
        if self.saves:
            super().save(edit)
        raise Unclear("no answer came")


def test_a_lost_reply_is_looked_up_in_the_history_and_nothing_is_sent_again(tmp_path):
    wiki = LosesReplies(tmp_path / "wiki")
    directory = smallplan.write(tmp_path, {"a": "Text."}, {"Page 1": "missing-page: create"})
    (outcome,) = applied(directory, wiki).values()
    assert (outcome.action, len(wiki.history(0, "Page 1", 0))) == (Action.CREATE, 1)
    assert outcome.reason == "no answer came; the page's history shows the edit"


def test_a_lost_request_is_a_failure_that_says_that_nothing_was_saved(tmp_path):
    wiki = LosesReplies(tmp_path / "wiki")
    wiki.saves = False
    directory = smallplan.write(tmp_path, {"a": "Text."}, {"Page 1": "missing-page: create"})
    (outcome,) = applied(directory, wiki).values()
    assert (outcome.action, outcome.revision) == (Action.FAILED, 0)
    assert outcome.reason == (
        "no answer came; the page's history shows no edit of this run; nothing was sent again; "
        "run the update once more"
    )


class Refuses(Folder):
    """A folder with an abuse filter."""

    def save(self, edit):
        if edit.title[-1] in "13":
            raise Refusal("abusefilter-disallowed", "a filter said no")
        return super().save(edit)


def test_the_second_hit_of_an_abuse_filter_ends_the_run(tmp_path, pages):
    directory = smallplan.write(tmp_path, {"a": "Text."}, pages)
    outcomes = applied(directory, Refuses(tmp_path / "wiki"))
    assert actions(outcomes) == {"1": "refused", "2": "create", "3": "refused", "4": "failed"}
    assert outcomes[list(pages)[3]].reason == (
        "not tried: 2 edits of this run hit an abuse filter; talk to the wiki's administrators "
        "before running again"
    )
