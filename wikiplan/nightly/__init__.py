"""The nightly run: the steps of ``run.yaml``, the plan's git checkout, and who is told of what."""
