"""A worker's handle on one sandbox: the wire is a socket to its keeper."""

from __future__ import annotations

import errno
import socket
from dataclasses import asdict

from pytest_smallbench.contracts import SandboxLimits
from pytest_smallbench.errors import SandboxError

from ..wired import WiredSandbox

_GONE = (
    "the process sandbox is gone: its broker or keeper was killed or died; "
    "start the run again, and see whether the machine ran out of memory"
)


class ProcessSandbox(WiredSandbox):
    """contracts.Sandbox over one keeper."""

    def __init__(self, address: str, limits: SandboxLimits) -> None:
        self._address, self._limits = address, limits
        wire = _connect(address)
        super().__init__(wire)
        try:
            self.ask({"do": "open", "limits": asdict(limits)})
        except BaseException:
            wire.close()
            raise

    def another(self) -> ProcessSandbox:
        return ProcessSandbox(self._address, self._limits)

    def gone(self) -> str:
        return _GONE


class _Socket(socket.socket):
    def hang_up(self) -> None:
        self.shutdown(socket.SHUT_WR)


def _connect(address: str) -> _Socket:
    connection = _Socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect("\0" + address)
    except OSError as error:
        connection.close()
        if error.errno != errno.ECONNREFUSED:
            raise SandboxError(f"cannot reach the sandbox broker: {error}") from error
        raise SandboxError("the sandbox broker is not running (any more)") from error
    return connection
