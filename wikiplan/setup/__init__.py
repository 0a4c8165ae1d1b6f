"""From nothing to a plan that runs: its first files, schedules, completion for shells, the doctor.

What ``init`` writes stands in ``skeleton/``, with ``@NAME@`` where something is filled in.
"""
