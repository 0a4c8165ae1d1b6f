"""The picture of the library's layers, drawn from the imports in the code."""

from __future__ import annotations

import ast
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "wikiplan"
PICTURE = ROOT / "docs" / "pictures" / "layers.svg"

# All sizes are pixels of the picture.
ROW, BOX, TOP, LEFT = 34, 28, 84, 10
BOX_WIDTH, COLUMN = 590, 24
GRID = LEFT + BOX_WIDTH + 20


def packages() -> list[str]:
    """Return the packages from the top layer down, as ``.importlinter`` has them."""
    lines = (ROOT / ".importlinter").read_text(encoding="utf-8").splitlines()
    layers = lines[lines.index("layers =") + 1 :]
    names = [line.strip() for line in layers[: layers.index("")]]
    return [name for name in names if (LIBRARY / name / "__init__.py").exists()]


def imported(package: str) -> set[str]:
    """Return the packages that a package imports."""
    found: set[str] = set()
    for path in (LIBRARY / package).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("wikiplan."):
                found.add((node.module or "").split(".")[1])
    return found - {package}


def purpose(package: str) -> str:
    text = (LIBRARY / package / "__init__.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]


def drawn() -> str:
    """Return the picture: a row a package, with a dot in the column of each that it imports.

    As packages import only what is below them, all dots are on one side of the diagonal.
    """
    names = packages()
    width, height = GRID + COLUMN * len(names) + 40, TOP + ROW * len(names) + LEFT
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="sans-serif" font-size="13">',
            "<title>The packages of wikiplan: each imports only packages below it</title>",
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            *(_heading(number, name) for number, name in enumerate(names)),
            *(_row(number, name, names) for number, name in enumerate(names)),
            "</svg>\n",
        )
    )


def _heading(number: int, name: str) -> str:
    x, y = GRID + COLUMN * number + COLUMN // 2, TOP - 10
    return f'<text transform="translate({x} {y}) rotate(-55)" font-size="11">{name}</text>'


def _row(number: int, name: str, names: list[str]) -> str:
    y = TOP + number * ROW
    below = imported(name)
    return (
        f'<rect x="{LEFT}" y="{y}" width="{BOX_WIDTH}" height="{BOX}" rx="5" '
        'fill="#eaf3ff" stroke="#36c"/>'
        f'<text x="{LEFT + 12}" y="{y + 19}" font-weight="bold">{name}</text>'
        f'<text x="{LEFT + 92}" y="{y + 19}" font-size="11">{escape(purpose(name))}</text>'
    ) + "".join(
        _dot(GRID + COLUMN * column + COLUMN // 2, y + BOX // 2, column, number, other in below)
        for column, other in enumerate(names)
    )


def _dot(x: int, y: int, column: int, row: int, is_imported: bool) -> str:
    if column == row:
        return f'<rect x="{x - 9}" y="{y - 9}" width="18" height="18" fill="#eaecf0"/>'
    fill = "#36c" if is_imported else "#eaecf0"
    return f'<circle cx="{x}" cy="{y}" r="{6 if is_imported else 1.5}" fill="{fill}"/>'
