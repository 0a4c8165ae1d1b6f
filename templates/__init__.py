"""What wikiplan writes: ``sections/`` of wiki pages, ``pages/`` for people to look at."""
