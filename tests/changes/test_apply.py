"""Carrying out a change set, on a folder wiki and on a real one."""

import pytest

from tests.support import smallplan
from wikiplan.changes.apply import Answer, Application, Interrupt
from wikiplan.changes.changeset import Action
from wikiplan.changes.journal import Journal
from wikiplan.errors import Conflict, Refusal, Stop, Unclear
from wikiplan.value import replace
from wikiplan.wiki.folder import Folder
from wikiplan.wiki.interface import Edit, Saved
from wikiplan.wikitext import sections


@pytest.fixture
def pages(title):
    """Four pages that may be created: titles with their options in pages.yaml."""
    return {f"{title} {number}": "missing-page: create" for number in range(1, 5)}


def applied(directory, wiki, before=lambda: None, confirm=None, **options):
    """Compute a change set, let ``before`` happen, apply it; return actions by title."""
    changes = smallplan.compare(directory, wiki.wiki if isinstance(wiki, Answering) else wiki)
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
        "run once more"
    )


class Answering:
    """A folder that does ``odd`` in place of some calls, by name."""

    def __init__(self, wiki, **odd):
        self.wiki, self.odd = wiki, odd

    def __getattr__(self, name):
        found = getattr(self.wiki, name)
        return (lambda *given: self.odd[name](found, *given)) if name in self.odd else found


@pytest.fixture
def plan(tmp_path, pages, folder):
    """A plan whose four pages are to be updated."""
    directory = smallplan.write(tmp_path, {"a": "Old."}, pages)
    applied(directory, folder)
    return smallplan.write(tmp_path, {"a": "New."}, pages)


def check_saved(outcomes, folder):
    """Each page that was saved is told so, with its revision."""
    for title, outcome in outcomes.items():
        newest = folder.read([title])[title]
        assert (newest.number if "New." in newest.text else 0) == outcome.revision, outcome


def test_what_was_saved_is_told_when_the_wiki_cannot_be_asked_afterwards(plan, folder):
    asked = []

    def heads(real, titles):
        asked.append(titles)
        if len(asked) > 1:
            raise Stop("unreachable", "no answer")
        return real(titles)

    outcomes = applied(plan, Answering(folder, heads=heads))
    assert actions(outcomes) == dict.fromkeys("1234", "update")
    assert {outcome.reason for outcome in outcomes.values()} == {
        "saved, and not compared with what was previewed: no answer"
    }
    check_saved(outcomes, folder)


def edited_behind_it(folder, page):
    """Return a save after which a person edits ``page``."""

    def save(real, edit):
        saved = real(edit)
        if edit.title == page:
            person = folder.read([page])[page]
            real(Edit(page, person.page_id, person.number, "A person's text.", "mine"))
        return saved

    return save


def test_an_edit_that_somebody_made_right_after_ours_is_told(plan, folder, pages):
    first = next(iter(pages))
    outcomes = applied(plan, Answering(folder, save=edited_behind_it(folder, first)))
    newest = folder.read([first])[first]
    assert actions(outcomes) == dict.fromkeys("1234", "update")
    assert outcomes[first].reason == (
        f"edited again since, by {newest.user} (revision {newest.number})"
    )
    assert folder.text_of(outcomes[first].revision) != newest.text


def test_a_page_that_cannot_be_compared_takes_no_other_page_with_it(plan, folder, pages):
    def history(real, *page):
        raise Refusal("hidden", "the history is hidden")

    save = edited_behind_it(folder, next(iter(pages)))
    outcomes = applied(plan, Answering(folder, save=save, history=history))
    assert actions(outcomes) == dict.fromkeys("1234", "update")
    assert [outcome.reason for outcome in outcomes.values()] == [
        "saved, and not compared with what was previewed: the history is hidden", "", "", ""
    ]  # fmt: skip


def test_a_revision_that_the_answer_got_wrong_is_put_right(plan, folder):
    def save(real, edit):
        return replace(real(edit), number=4711)

    outcomes = applied(plan, Answering(folder, save=save))
    assert actions(outcomes) == dict.fromkeys("1234", "update")
    check_saved(outcomes, folder)
    assert {outcome.reason for outcome in outcomes.values()} == {""}


def test_a_server_that_is_behind_is_not_taken_for_a_later_edit(plan, folder):
    before = folder.heads([change.title for change in smallplan.compare(plan, folder).pages])
    behind = Answering(
        folder, heads=lambda real, titles: {title: before[title] for title in titles}
    )
    outcomes = applied(plan, behind)
    assert actions(outcomes) == dict.fromkeys("1234", "update")
    assert {outcome.reason for outcome in outcomes.values()} == {""}


def test_pages_are_in_the_journal_before_the_first_is_sent_and_those_not_tried_are_settled(
    plan, folder, tmp_path, pages
):
    changes = smallplan.compare(plan, folder)
    path, interrupt = tmp_path / "lab.journal", Interrupt()
    known: list[list[str]] = []

    def save(real, edit):
        known.append([entry.title for entry in Journal(path).entries(changes.run)])
        interrupt.reason = "interrupted by SIGTERM"
        return real(edit)

    Application(changes, Answering(folder, save=save), interrupt, journal=Journal(path)).run()
    assert known == [list(pages)]
    results = [entry.result for entry in Journal(path).entries(changes.run)]
    assert results == ["saved", "not saved", "not saved", "not saved"]


@pytest.mark.parametrize("arrives", [True, False])
def test_a_second_signal_during_a_save_leaves_that_page_not_known(plan, folder, arrives, pages):
    second = list(pages)[1]

    def save(real, edit):
        if edit.title != second:
            return real(edit)
        if arrives:
            real(edit)
        raise KeyboardInterrupt

    changes = smallplan.compare(plan, folder)
    application = Application(changes, Answering(folder, save=save))
    with pytest.raises(KeyboardInterrupt):
        application.run()
    outcomes = {outcome.change.title: outcome for outcome in application.outcomes}
    assert {title.split()[-1]: (str(o.action), o.code) for title, o in outcomes.items()} == {
        "1": ("update", ""),
        "2": ("failed", "unclear"),
        "3": ("failed", ""),
        "4": ("failed", ""),
    }
    assert outcomes[second].reason == (
        "interrupted while it was saved, so it is not known whether it was; "
        "the next run looks it up"
    )
    assert [outcomes[title].reason for title in list(pages)[2:]] == ["not tried: interrupted"] * 2


def test_a_lost_answer_of_a_wiki_that_is_gone_is_not_known_and_ends_the_run(plan, folder, pages):
    def save(real, edit):
        real(edit)
        raise Unclear(f"{edit.title}: no answer")

    def history(real, *page):
        raise Stop("unreachable", "nobody there")

    outcomes = applied(plan, Answering(folder, save=save, history=history))
    first, *others = pages
    assert (outcomes[first].action, outcomes[first].code) == (Action.FAILED, "unclear")
    assert outcomes[first].reason == (
        f"{first}: no answer; the page's history cannot be read either, so it is not known whether "
        "it was saved; nothing was sent again; run once more"
    )
    assert {outcomes[page].reason for page in others} == {"not tried: nobody there"}


def nothing_new(real, edit):
    real(edit)
    return Saved(0, edit.base, edit.title)


def somebody_was_there(real, edit):
    real(edit)
    raise Conflict("editconflict", "somebody changed the page")


@pytest.mark.parametrize("save", [nothing_new, somebody_was_there])
def test_an_edit_that_was_made_before_it_was_sent_again_is_saved(plan, folder, save):
    outcomes = applied(plan, Answering(folder, save=save))
    assert actions(outcomes) == dict.fromkeys("1234", "update")
    check_saved(outcomes, folder)
    assert all("the page's history shows the edit" in o.reason for o in outcomes.values())


def test_a_text_that_is_there_already_and_of_nobody_knows_whom_is_not_known(plan, folder):
    def history(real, *page):
        raise Stop("other-answer", "an answer of another page")

    odd = Answering(folder, save=nothing_new, history=history)
    outcome = next(iter(applied(plan, odd).values()))
    assert (outcome.action, outcome.code) == (Action.FAILED, "unclear")
    assert "the wiki has this text already, from this run or from somebody else" in outcome.reason


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
