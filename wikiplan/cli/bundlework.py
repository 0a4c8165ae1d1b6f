"""The work of ``plan_translations bundles``: texts for a wiki's own templates and modules."""

from __future__ import annotations

from wikiplan.channels import BundlePages, left_out
from wikiplan.cli.channelwork import apply
from wikiplan.errors import Refusal, WikiplanError
from wikiplan.l10n import isolated
from wikiplan.session.session import Session
from wikiplan.translate import VERSIONS
from wikiplan.wiki import NO_TRANSLATE, BundleSite, TranslateWiki, open_translate

NO_BUNDLES = "pages.yaml has no message bundles; list them there, under “bundles:”"
AFTER = (
    "The wiki makes texts for translators of it now; then plan_translations push brings the "
    "catalogs' translations there."
)


def write(work: Session) -> None:
    """Bring the pages of the plan's bundles in step with it."""
    if not work.plan.bundles:
        raise WikiplanError("no-bundles", NO_BUNDLES)
    rules = VERSIONS[opened(work).version]
    account = work.wiki.account()
    writing = BundlePages(work.wiki, account, work.plan, work.report.run, rules)
    read = work.wiki.read_to_edit([bundle.title for bundle in work.plan.bundles])
    pages = [writing.change(bundle, read[bundle.title]) for bundle in work.plan.bundles]
    for bundle in work.plan.bundles:
        if keys := left_out(work.plan, bundle):
            told = f"{isolated(bundle.title)}: {len(keys)} texts with variables are left out"
            work.say(f"{told}: {', '.join(keys)}")
    apply(work, account, pages, brief=False)
    if any(page.to_write for page in pages):
        work.say(AFTER)


def opened(work: Session) -> TranslateWiki:
    """Return the wiki as one of bundles. Raises :class:`Refusal` where it has none."""
    found = open_translate(work.wiki, BundleSite)
    if not isinstance(found, BundleSite):
        raise Refusal(
            NO_TRANSLATE,
            f"{work.wiki.name} has no Translate extension, so it has no message bundles; take "
            "“bundles” out of pages.yaml",
        )
    return found
