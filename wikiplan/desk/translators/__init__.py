"""What translators do at the desk: their lists, the form of a text, files. A topic."""
