"""What a wikitext looks like where no wiki renders it, by pandoc's reader of MediaWiki's markup.

It is an approximation: templates and parser functions are boxes with their names, since only a wiki
knows what they become. The door of pandoc.
"""

from __future__ import annotations

import html
import re
import subprocess
from functools import lru_cache

from wikiplan.errors import WikiplanError
from wikiplan.report import webpage
from wikiplan.wikitext import syntax

MOST_CHARACTERS = 500_000
"""Of a text; a page of a wiki has 2 MB at most, and few have a tenth of that."""
SECONDS = 20
"""For pandoc, which takes a fifth of one for most pages."""
MOST_KEPT = 500

_BOX = '<span class="wikiplan-call">{name}</span>'
_NOT_SHOWN = re.compile(r"<!--.*?-->|__[A-Z]+__", re.DOTALL)
# Pandoc takes letters of any script behind a link into it, wikis in English only these.
_LINK_END = re.compile(r"\]\](?=[^\W\d_a-z])")
_CATEGORY = re.compile(r"\[\[ *category *:[^\[\]]*\]\]", re.IGNORECASE)


@lru_cache(maxsize=MOST_KEPT)
def rendered(text: str) -> str:
    """Return harmless HTML. Raises :class:`WikiplanError` where pandoc cannot read the text."""
    if len(text) > MOST_CHARACTERS:
        raise WikiplanError(
            "long-to-approximate",
            f"the text has {len(text):,} characters, and the desk shows no more than "
            f"{MOST_CHARACTERS:,} without a wiki; look at it with -site:",
        )
    shown = _CATEGORY.sub("", _NOT_SHOWN.sub("", syntax.with_calls(text, _box)))
    shown = _LINK_END.sub("]]<nowiki/>", shown)
    return webpage.harmless_html(_converted(shown)).html


def _box(name: str) -> str:
    return _BOX.format(name=html.escape(name))


def _converted(text: str) -> str:
    import pypandoc

    # In its sandbox pandoc reads no file and asks no server, whatever the text says.
    command = [
        pypandoc.get_pandoc_path(),
        "--sandbox",
        "--wrap=none",
        "-f",
        "mediawiki",
        "-t",
        "html5",
    ]
    try:
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=SECONDS, check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise WikiplanError(
            "no-approximation",
            f"pandoc cannot show this text ({_why(error)}); look at it with -site:, on a wiki",
        ) from error
    return done.stdout.decode()


def _why(error: subprocess.SubprocessError) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return " ".join(error.stderr.decode(errors="replace").split())[:200]
    return f"it took longer than {SECONDS} seconds"
