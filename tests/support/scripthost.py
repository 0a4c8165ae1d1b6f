"""Scripts as processes of their own that need not load the program: one that has loaded it forks.

Loading takes most of the time of a short run. The host has loaded all modules and has done nothing
with them: it has no site, no connection and no thread. Each script is a fork of it with the
directory, environment, arguments and files of the test, and ends as any process of Python does.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import wikiplan

ROOT = Path(__file__).parents[2]
READ_AT_START = ("PYTHON", "PYWIKIBOT", "LANG", "LC_", "TZ", "HOME")
"""How variables begin that Python and Pywikibot read while they are loaded."""
MOST_BYTES = 1_000_000
"""Of a request: arguments and an environment."""


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {k: v for k, v in environment.items() if k.startswith(READ_AT_START)}


class Forked:
    """A script at work, with the methods of :class:`subprocess.Popen` that tests use."""

    def __init__(self, host: Host, pid: int) -> None:
        self._host, self.pid = host, pid
        self._watched = os.pidfd_open(pid)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._status(0)

    def wait(self, timeout: float | None = None) -> int:
        if self._status(timeout) is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def _status(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._watched], [], [], timeout)[0]:
            self.returncode = self._host.ask({"ended": self.pid})
            os.close(self._watched)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Host:
    """The process that forks; it ends with the one that began it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._asked, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                cwd=ROOT, pass_fds=[theirs.fileno()], env=environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        self._environment = _read_at_start(environment)

    def ask(self, request: Mapping[str, object], files: Sequence[int] = ()) -> int:
        socket.send_fds(self._asked, [json.dumps(request).encode()], files)
        return int(self._asked.recv(100))

    def can_be(self, environment: Mapping[str, str]) -> bool:
        """Tell whether a process with this environment would have been loaded in the same way.

        Where a process cannot be waited for by a file none can be, so elsewhere than on Linux.
        """
        return hasattr(os, "pidfd_open") and _read_at_start(environment) == self._environment


_SESSION: dict[str, str] = {}


def remember_environment() -> None:
    """Let the host begin with the environment of now, whatever the first test changes of it."""
    _SESSION.update(os.environ)


@functools.cache
def _host() -> Host:
    return Host(_SESSION or os.environ)


def start(
    script: Path,
    arguments: Sequence[str],
    directory: Path,
    out: IO[str],
    err: IO[str],
    environment: Mapping[str, str] | None = None,
) -> Forked | subprocess.Popen[bytes]:
    """Start a script: as a fork of the host, or where its environment wants it as a new Python."""
    environment = os.environ if environment is None else environment
    if not _host().can_be(environment):
        return subprocess.Popen(
            [sys.executable, str(script), *arguments],
            cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
        )  # fmt: skip
    request = {
        "command": [str(script), *arguments],
        "directory": str(directory.absolute()),
        "environment": dict(environment),
    }
    return Forked(_host(), _host().ask(request, [out.fileno(), err.fileno()]))


# The host itself.


def load() -> None:
    """Load all that a script may need."""
    found = pkgutil.walk_packages(wikiplan.__path__, "wikiplan.")
    for name in ("pywikibot.site", *(module.name for module in found)):
        import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a person at the tests: it ends with them
    gc.freeze()


def serve(asked: socket.socket) -> None:
    """Fork as often as asked; each fork leaves by running its script."""
    while True:
        said, files, _, _ = socket.recv_fds(asked, MOST_BYTES, 2)
        if not said:
            return
        request = json.loads(said)
        if "ended" in request:
            answer = os.waitstatus_to_exitcode(os.waitpid(request["ended"], 0)[1])
        elif not (answer := os.fork()):
            asked.close()
            become(request, files)
            return
        for file in files:
            os.close(file)
        asked.send(str(answer).encode())


def become(request: dict[str, Any], files: Sequence[int]) -> None:
    """Be the script that is asked for."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(request["directory"])
    os.environ.clear()
    os.environ.update(request["environment"])
    for number, file in enumerate(files, 1):
        os.dup2(file, number)
        os.close(file)
    sys.argv = request["command"]
    sys.modules["pywikibot"].argvu[:] = sys.argv  # which it has from its start
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    load()
    serve(socket.socket(fileno=int(sys.argv[1])))
