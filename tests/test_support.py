from __future__ import annotations

import socket

import pytest


def test_a_test_without_the_marker_wiki_has_no_network():
    with pytest.raises(AssertionError, match="without the marker wiki connects to"):
        socket.create_connection(("127.0.0.1", 9))
