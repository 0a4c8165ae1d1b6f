"""wikiplan keeps a department's wiki pages in step with its plan.

The packages are layers: each imports only those below it, and only what their ``__init__`` names.
From the top: cli, report, adopt, sync, changes, wiki, render, catalogs, plan, l10n, wikitext,
translate; and below all of them the modules beside this one.
"""

__version__ = "0.1.0"
