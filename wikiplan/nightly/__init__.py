"""The nightly run: the steps of ``run.yaml``, the plan's git checkout, telling people, a board."""
