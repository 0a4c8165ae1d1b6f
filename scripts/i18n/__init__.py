"""Messages of the edit summaries, one JSON file per language, written as for ``twtranslate``."""
