"""wikiplan keeps a department's wiki pages in step with its plan.

The listing of this package is the architecture: each module is one noun of ``docs/design.md``.
"""

__version__ = "0.1.0"
