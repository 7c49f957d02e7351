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
    """Do the work; raises what it raises."""
    raised: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as error:
            raised.append(error)

    thread = threading.Thread(target=run, name="statement", daemon=True)
    thread.start()
    try:
        thread.join()
    except BaseException:
        while thread.is_alive():
            connection.interrupt()
            thread.join(0.01)
        raise
    if raised:
        raise raised[0]
