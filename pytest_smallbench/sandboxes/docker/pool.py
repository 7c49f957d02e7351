"""Warm containers: while agents think, those for the next tasks start.

One pool a run, in the controller: as many wait as programs may run at once, whatever the
number of workers, for a container holds the preloaded modules in memory of its own.
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Callable

from pytest_smallbench.contracts import SandboxLimits
from pytest_smallbench.errors import SandboxError

from .container import Container

_KEPT = 4  # times the pool's size: a container that comes back costs nothing but memory
_TRIES = 2  # nothing of an agent's is lost where a container that fails is replaced by another


class Pool:
    """Containers by their limits: warm are those for the limits that were last asked for.

    ``start`` makes one; at most ``size`` are made at a time, and ``size`` wait."""

    def __init__(self, start: Callable[[SandboxLimits], Container], size: int) -> None:
        self._start, self._size = start, size
        self._changed = threading.Condition()
        self._warm: defaultdict[SandboxLimits, deque[Container]] = defaultdict(deque)
        self._failed: defaultdict[SandboxLimits, deque[SandboxError]] = defaultdict(deque)
        self._waiting: defaultdict[SandboxLimits, int] = defaultdict(int)
        self._starting: defaultdict[SandboxLimits, int] = defaultdict(int)
        self._wanted = SandboxLimits()
        self._closed = False

    def warm_up(self) -> None:
        """Begin to make the first ones, for the limits that are usual."""
        with self._changed:
            self._stoke()

    def take(self, limits: SandboxLimits) -> Container:
        """One that is ready, at once where one waits. Raises SandboxError."""
        with self._changed:
            self._want(limits)
            self._waiting[limits] += 1
            try:
                return self._awaited(limits)
            finally:
                self._waiting[limits] -= 1
                self._stoke()

    def give(self, limits: SandboxLimits, container: Container) -> None:
        """Take one back that is as new: it has its modules loaded."""
        with self._changed:
            room = self._waiting[limits] + (_KEPT * self._size if limits == self._wanted else 0)
            if not self._closed and len(self._warm[limits]) < room:
                self._warm[limits].append(container)
                self._changed.notify_all()
            else:
                container.discard()

    def await_full(self) -> None:
        """Wait until as many are warm as are meant to be, or one cannot be made."""
        with self._changed:
            self._stoke()
            while self._starting[self._wanted]:
                self._changed.wait()

    def close(self, abandon: Callable[[], object]) -> None:
        """End those that wait, and have no more made. ``abandon`` ends those that are being
        made, so that nobody has to wait until they are ready."""
        with self._changed:
            self._closed = True
            for containers in self._warm.values():
                while containers:
                    containers.pop().discard()
            self._changed.notify_all()
        abandon()
        with self._changed:
            while any(self._starting.values()):
                self._changed.wait()

    # -- with the condition held ------------------------------------------------------

    def _awaited(self, limits: SandboxLimits) -> Container:
        tries = _TRIES
        while not self._closed:
            while self._warm[limits]:
                container = self._warm[limits].popleft()
                if container.lives():
                    return container
                container.discard()
            if self._failed[limits]:
                error = self._failed[limits].popleft()
                tries -= 1
                if not tries:
                    raise error
            self._stoke()
            self._changed.wait()
        raise SandboxError("the pool of containers is closed: the run is ending")

    def _want(self, limits: SandboxLimits) -> None:
        """Containers with other limits than those now in use are not worth their memory."""
        if limits == self._wanted:
            return
        for container in self._warm[self._wanted]:
            container.discard()
        del self._warm[self._wanted]
        self._wanted = limits

    def _stoke(self) -> None:
        for limits in {self._wanted, *(one for one, count in self._waiting.items() if count)}:
            spare = self._size if limits == self._wanted else 0
            wanted = (
                self._waiting[limits] + spare - self._starting[limits] - len(self._warm[limits])
            )
            free = self._size - sum(self._starting.values())
            for _ in range(min(wanted, free) if not self._closed else 0):
                self._starting[limits] += 1
                threading.Thread(target=self._make, args=[limits], daemon=True).start()

    # -- in a thread of its own -------------------------------------------------------

    def _make(self, limits: SandboxLimits) -> None:
        made: Container | SandboxError
        try:
            made = self._start(limits)
        except SandboxError as error:
            made = error
        except Exception as error:  # a mistake of ours must reach whoever waits
            made = SandboxError(f"starting a container: {error!r}")
        with self._changed:
            self._starting[limits] -= 1
            self._keep(limits, made)
            if isinstance(made, Container):
                self._stoke()
            self._changed.notify_all()

    def _keep(self, limits: SandboxLimits, made: Container | SandboxError) -> None:
        useful = self._waiting[limits] or (limits == self._wanted and not self._closed)
        if isinstance(made, SandboxError):
            if self._waiting[limits]:
                self._failed[limits].append(made)
        elif useful and not self._closed:
            self._warm[limits].append(made)
        else:
            made.discard()
