"""Work that the attempt's alarm and Ctrl-C must not cut in two."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HELD_BACK = (signal.SIGALRM, signal.SIGINT)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Holds both back, and lets them strike afterwards.

    A mask would not do: another thread may take the signal, and wherever one arrives, Python
    calls its handler in the main thread. Elsewhere than there nothing strikes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    missed: set[int] = set()
    before = {
        number: signal.signal(number, lambda number, frame: missed.add(number))
        for number in HELD_BACK
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for struck in missed:
            signal.raise_signal(struck)
