"""How long a run may take: then it is ended as a signal would, the edit at hand first."""

from __future__ import annotations

import _thread
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TimeLimit:
    """Says why a run was ended: by its own time, or by somebody's signal."""

    def __init__(self, minutes: float) -> None:
        self.minutes = minutes
        self.reached = False
        self.signal = ""

    @property
    def why(self) -> str:
        if self.reached:
            return f"the run took the {self.minutes:g} minutes that run.yaml gives it"
        return f"interrupted by {self.signal}" if self.signal else "interrupted"

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Raise :class:`KeyboardInterrupt` when the time is up, or at a signal.

        While a run writes, a signal only sets a flag (``session.command.interruptible``).
        """
        main = threading.main_thread().ident

        def up() -> None:
            self.reached = True
            if main is not None and hasattr(signal, "pthread_kill"):
                signal.pthread_kill(main, signal.SIGTERM)  # ends a wait for an answer, too
            else:
                _thread.interrupt_main(signal.SIGTERM)

        def end(number: int, frame: FrameType | None) -> None:
            self.signal = signal.Signals(number).name
            raise KeyboardInterrupt

        timer = threading.Timer(self.minutes * 60, up)
        timer.daemon = True
        before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            for each, handler in before.items():
                signal.signal(each, handler)
