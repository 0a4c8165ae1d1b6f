"""The desk: every page of a plan in every language, as readers will see it, in a browser.

It shows and writes nothing, neither to the wiki nor to the plan. What it needs beyond the rest is
the extra ``wikiplan[desk]``, so nothing here is imported before it is asked for.
"""
