"""Ctrl-C that is not lost.

Python raises KeyboardInterrupt wherever the main thread happens to be. In a weak reference's
callback or in a ``__del__`` the interpreter prints it and goes on, and an agent may catch it by
accident: then the run would, too.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """Remembers that there was one until whoever runs the tasks has taken notice."""

    def __init__(self) -> None:
        self._heard = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """What handled the signal before still does; elsewhere than in the main thread, and
        where it is ignored, nothing is heard."""
        before = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is not threading.main_thread() or not callable(before):
            yield
            return

        def hear(number: int, frame: FrameType | None) -> None:
            self._heard = True
            before(number, frame)

        signal.signal(signal.SIGINT, hear)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def check(self) -> None:
        """Raises KeyboardInterrupt, where there was one that nothing came of."""
        if self._heard:
            raise KeyboardInterrupt

    def forget(self) -> None:
        self._heard = False
