"""The Pywikibot scripts, installed as ``wikiplan_scripts``: the name ``scripts`` is Pywikibot's.

``PATH`` is what Pywikibot's entry-point group ``pywikibot`` asks for (name ``scriptspath``):
``pwb`` looks for scripts there and imports ``PATH.stem + ".i18n"``, which must be an importable
package also when the folder itself is called ``scripts`` (fact 11).
"""

from pathlib import Path


class _ScriptsPath(type(Path())):  # type: ignore[misc]
    stem = __name__


PATH = _ScriptsPath(Path(__file__).parent)
