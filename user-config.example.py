"""Pywikibot's configuration for wikiplan: copy it to user-config.py and change what is yours.

Nobody else may write to this file (chmod 600 user-config.py), or Pywikibot ignores it without a
word and takes test.wikipedia.org instead. wikiplan compares the site with `site:` in pages.yaml
before it does anything.
"""

import os
from pathlib import Path

# --- Which wiki -------------------------------------------------------------------------------
family = "meta"
mylang = "meta"

# A separate account with "bot" in its name, approved by the wiki's community, one name per wiki.
usernames["meta"]["meta"] = "ExamplePlanBot"
usernames["wikipedia"]["test"] = "ExamplePlanBot"  # test.wikipedia.org, for a first try

# A wiki of your own for trials: a family *file* (a URL here would fail at the first proxy error).
# family_files["trial"] = str(Path.home() / ".config/wikiplan/trial_family.py")
# usernames["trial"]["trial"] = "ExamplePlanBot"

# --- Who we are -------------------------------------------------------------------------------
# The operators of the wiki must be able to reach you: name your bot's page or an address.
user_agent_description = "wikiplan; User:" + "ExamplePlanBot" + " on meta.wikimedia.org"

# --- Credentials: outside of the repository, readable by you alone ------------------------------
# Pywikibot takes a name that begins with _ for a variable of this file.
_secrets = Path(os.environ.get("WIKIPLAN_SECRETS", Path.home() / ".config" / "wikiplan"))

# Either a BotPassword (Special:BotPasswords; grants: high-volume editing, edit existing pages,
# create pages; it can be limited to the pages of the plan). The file holds one line:
#   ("ExamplePlanBot", BotPassword("wikiplan", "the long password that the wiki showed"))
if (_secrets / "user-password.py").exists():
    password_file = str(_secrets / "user-password.py")

# Or an owner-only OAuth 1.0a consumer: four lines, as the wiki shows them.
if (_secrets / "oauth").exists():
    authenticate["meta.wikimedia.org"] = tuple((_secrets / "oauth").read_text().split())

# --- Manners ------------------------------------------------------------------------------------
put_throttle = 10  # seconds between edits: 5 to 10 with the bot flag, more than 60 without it
write_maxlag = 5  # seconds: wait when the wiki's databases lag
solve_captcha = False  # nobody sits there to solve it
cosmetic_changes = False  # would change text that wikiplan does not manage

# --- Scripts: `pwb plan_update` finds them from the checkout ------------------------------------
user_script_paths = ["scripts"]
