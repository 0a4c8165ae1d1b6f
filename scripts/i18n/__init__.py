"""Messages of the edit summaries, one JSON file per language, for Pywikibot's ``twtranslate``."""
