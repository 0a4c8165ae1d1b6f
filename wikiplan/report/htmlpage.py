"""Pages for people to look at: one HTML file that asks for nothing else (Jinja2's other door).

A template is ``templates/NAME.html``; ``style`` and ``script`` stand beside it as files and are put
into the page. The page's content-security policy lets exactly these two run, and nothing load.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from wikiplan.render.render import packaged_templates

POLICY = (
    "default-src 'none'; style-src {style}{attributes}; script-src {script}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


ATTRIBUTES = "; style-src-attr 'unsafe-inline'"


def page(name: str, values: Mapping[str, Any], embedded: Sequence[str] | None = None) -> str:
    """Return the page of ``templates/NAME.html``; every value in it is escaped.

    The template sees ``values`` besides ``style`` and ``script`` (the files ``NAME.css``,
    ``page.css`` before it, and ``NAME.js``) and ``policy``. The filter ``data`` writes a value as
    JSON that is safe inside of ``<script type="application/json">``.

    ``embedded`` are the stylesheets of documents that the page's script puts into frames
    (``srcdoc``): the policy holds for these, too. Given, even empty, it lets ``style=`` attributes
    work there; the templates' own HTML has none, and values cannot make one.
    """
    style, script = _inline(name)
    policy = POLICY.format(
        style=" ".join(map(_hash, (style, *(embedded or ())))),
        attributes="" if embedded is None else ATTRIBUTES,
        script=_hash(script),
    )
    inline = {"style": Markup(style), "script": Markup(script), "policy": policy}
    return _environment().get_template(f"{name}.html").render({**values, **inline})


def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader([packaged_templates()]),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["data"] = as_data
    return environment


def _inline(name: str) -> tuple[str, str]:
    """Return a page's style and script."""
    folder = packaged_templates()
    style = _file(folder / "page.css") + _file(folder / f"{name}.css")
    return style, _file(folder / f"{name}.js")


def as_data(value: Any) -> Markup:
    """Return a value as JSON in which nothing can end the element it stands in."""
    text = json.dumps(value, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _file(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
