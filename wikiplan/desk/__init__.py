"""The desk: every page of a plan in every language, as readers will see it, in a browser.

It writes to the wiki only what somebody saw and chose there, as ``plan_update -changes:`` does, and
to the plan only what somebody typed. What it needs beyond the rest is the extra
``wikiplan[desk]``, so nothing here is imported before it is asked for.
"""
