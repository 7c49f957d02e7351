"""A statement that the attempt's time limit can interrupt.

The limit is a signal whose handler raises in the main thread. Raised inside a callback of
SQLite's it would be swallowed there; so the statement runs in a thread of its own, where no
signal is ever handled, and the main thread waits for it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable


def interruptible(connection: sqlite3.Connection, work: Callable[[], None]) -> None:
    """Do the work; raises what it raises. When an exception ends the wait, so does the work."""
    job = _Job(work)
    try:
        threading.Thread(target=job.run, name="statement", daemon=True).start()
        # Not join(): interrupted, it takes the thread for ended (CPython before 3.13).
        job.done.wait()
    except BaseException:
        # The exception may have come before the thread did: then it must not begin any more.
        if not job.cancel():
            while not job.done.wait(0.01):
                connection.interrupt()
        raise
    if job.raised is not None:
        raise job.raised


class _Job:
    """Work that is begun once at most, and not after it was cancelled."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.done = threading.Event()
        self.raised: Exception | None = None
        self._work = work
        self._taken = threading.Lock()

    def run(self) -> None:
        if not self._taken.acquire(blocking=False):
            return
        try:
            self._work()
        except Exception as error:
            self.raised = error
        finally:
            self.done.set()

    def cancel(self) -> bool:
        """Whether the work had not begun, and now never will."""
        return self._taken.acquire(blocking=False)
