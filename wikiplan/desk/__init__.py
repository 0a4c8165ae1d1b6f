"""The desk: every page of a plan in every language, as readers will see it, in a browser.

It writes nothing to the wiki, and to the plan only what somebody typed there. What it needs beyond
the rest is the extra ``wikiplan[desk]``, so nothing here is imported before it is asked for.
"""
