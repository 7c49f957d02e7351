"""A worker's handle on one container: the wire is the stream that the engine attaches to it."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import asdict

from pytest_smallbench.contracts import SandboxLimits
from pytest_smallbench.errors import SandboxError

from ..guest import sending
from ..wired import WiredSandbox
from . import engine, service
from .stream import Attached

_WANT, _DONE = b"+", b"-"  # process/slots.py
_RENEWAL_S = 30  # for a container to be as new; one that takes longer is not worth it


class DockerSandbox(WiredSandbox):
    """contracts.Sandbox over one container of the pool."""

    def __init__(self, address: str, limits: SandboxLimits) -> None:
        sending.check(limits, "docker")
        self._address, self._limits = address, limits
        self.container, self._stream, self._line = service.take(address, asdict(limits))
        super().__init__(Attached(self._stream))

    def another(self) -> DockerSandbox:
        return DockerSandbox(self._address, self._limits)

    def gone(self) -> str:
        name = self.container[:12]
        if reason := engine.unavailable():
            return f"the container {name} is gone, and so is its engine: {reason}"
        return (
            f"the container {name} has ended: it was stopped from outside, or the engine ran "
            "out of memory; see the engine's log, and run the task again"
        )

    @contextlib.contextmanager
    def slot(self) -> Iterator[None]:
        self._line.sendall(_WANT)
        if not self._line.recv(1):
            raise EOFError("the controller is gone")
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                self._line.sendall(_DONE)

    def close(self) -> None:
        """Give the container back where nothing of this sandbox is left in it; else end it."""
        if self._renewed():
            self._closed = True
            service.give(self._address, asdict(self._limits), self.container, self._stream)
            self._stream.close()
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)  # whoever waits for a slot hears of it
        super().close()
        self._line.close()

    def _renewed(self) -> bool:
        if not self.sound:
            return False
        self._stream.settimeout(_RENEWAL_S)
        try:
            self.ask({"do": "renew"})
        except SandboxError:
            return False
        finally:
            if self._stream.fileno() >= 0:
                self._stream.settimeout(None)
        return self.sound
