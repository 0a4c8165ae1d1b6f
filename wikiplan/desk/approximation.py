"""What a wikitext looks like where no wiki renders it, by pandoc's reader of MediaWiki's markup.

It is an approximation: templates and parser functions are boxes with their names, since only a wiki
knows what they become. The door of pandoc.
"""

from __future__ import annotations

import html
import re
import subprocess
from contextlib import suppress
from functools import lru_cache

from wikiplan.desk.readable import readable
from wikiplan.errors import Refusal
from wikiplan.report import webpage

MOST_CHARACTERS = 500_000
"""Of a text; a page of a wiki has 2 MB at most, and few have a tenth of that."""
SECONDS = 20
"""For pandoc, which takes a fifth of one for most pages."""
MOST_KEPT = 500
MOST_SAID = 200
"""Characters of what pandoc says is wrong."""


STYLE = """\
:is(td, th, li) > p:first-child { margin-top: 0; }
:is(td, th, li) > p:last-child { margin-bottom: 0; }
.wikiplan-wikitext { white-space: pre-wrap; }
"""
"""Pandoc makes paragraphs of what wikis leave as it is."""

# Pandoc gives links their words as title; without one they get their target.
_TITLE = re.compile(r'(?<=class="wikilink") title="[^"]*"')
_PLAIN = (
    '<p class="wikiplan-told" lang="en" dir="ltr">As wikitext, since {why}.</p>'
    '<pre class="wikiplan-wikitext" dir="auto">{text}</pre>'
)


@lru_cache(maxsize=MOST_KEPT)
def rendered(text: str) -> str:
    """Return harmless HTML; where pandoc cannot read the text, the text and why."""
    if len(text) > MOST_CHARACTERS:
        return _plain(text, f"it has {len(text):,} characters, more than {MOST_CHARACTERS:,}")
    try:
        return webpage.harmless_html(_converted(readable(text))).html
    except Refusal as error:
        return _plain(text, str(error))
    except subprocess.TimeoutExpired:
        return _plain(text, f"pandoc took longer than {SECONDS} seconds")
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.decode(errors="replace").split())[:MOST_SAID]
        return _plain(text, f"pandoc cannot read it ({said})")


def start_once() -> None:
    """Start pandoc for nothing: the first time it is read from a disk, which takes seconds."""
    with suppress(ImportError, OSError, subprocess.SubprocessError):  # told where it is needed
        _converted("")


def _plain(text: str, why: str) -> str:
    return _PLAIN.format(why=html.escape(why), text=html.escape(text))


def _converted(text: str) -> str:
    import pypandoc

    # In its sandbox pandoc reads no file and asks no server, whatever the text says.
    options = ("--sandbox", "--wrap=none", "-f", "mediawiki", "-t", "html5")
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), *options],
        input=text.encode(),
        capture_output=True,
        timeout=SECONDS,
        check=True,
    )
    return _TITLE.sub("", done.stdout.decode())
