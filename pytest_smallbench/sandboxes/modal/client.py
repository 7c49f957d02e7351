"""A worker's handle on one sandbox of Modal's: the wire is the guest's standard streams."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pytest_smallbench.contracts import SandboxLimits, SandboxSetup
from pytest_smallbench.errors import SandboxError, SandboxUnavailable

from ..guest import sending
from ..process import protocol
from ..wired import WiredSandbox
from . import service

if TYPE_CHECKING:
    import modal
    from modal.container_process import ContainerProcess

_OURS = 512 << 20  # memory of the guest and of the modules that it holds preloaded
_PIECE = 1 << 20  # bytes that are sent at a time
_ENDS = {124: f"it has lived for {service.LIFETIME} s", 137: "it was ended, or out of memory"}


class Streams:
    """A wired.Wire over a process that Modal runs."""

    def __init__(self, process: ContainerProcess[bytes]) -> None:
        self._process = process
        self._output = iter(process.stdout)
        self._rest = b""

    def fileno(self) -> int:
        raise OSError("Modal's streams have no descriptor")

    def recv_into(self, buffer: memoryview, /) -> int:
        with _broken():
            while not self._rest:
                piece = next(self._output, None)
                if piece is None:
                    return 0
                self._rest = piece
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count

    def sendall(self, data: bytes | memoryview, /) -> None:
        view = memoryview(data)
        with _broken():
            for start in range(0, len(view), _PIECE):
                self._process.stdin.write(bytes(view[start : start + _PIECE]))
                self._process.stdin.drain()

    def hang_up(self) -> None:
        with _broken():
            self._process.stdin.write_eof()
            self._process.stdin.drain()

    def close(self) -> None:
        """The sandbox is ended by whoever holds it."""

    def last_words(self) -> str:
        """Of a process that has ended: the last line of its standard error."""
        lines = [""]
        with contextlib.suppress(OSError), _broken():
            lines += self._process.stderr.read().decode("utf-8", "replace").splitlines()
        return next((line for line in reversed(lines) if line.strip()), "it ended without a word")


class ModalSandbox(WiredSandbox):
    """contracts.Sandbox over one sandbox of Modal's."""

    def __init__(self, address: str, limits: SandboxLimits) -> None:
        if limits.root == "system":
            raise SandboxUnavailable(NO_SYSTEM_ROOT)
        self._address, self._limits = address, limits
        told = json.loads(address)
        setup = SandboxSetup(**told["setup"])
        self._sandbox = service.create(_app(), setup.image, limits.memory + _OURS, told["tags"])
        try:
            super().__init__(_greeted(self._sandbox, setup, limits))
        except BaseException:
            service.end(self._sandbox)
            raise

    def another(self) -> ModalSandbox:
        return ModalSandbox(self._address, self._limits)

    def gone(self) -> str:
        status = None
        with contextlib.suppress(SandboxError), service.failing_as("asking after a sandbox"):
            status = self._sandbox.poll()
        why = _ENDS.get(status or 0, "the connection to it has broken")
        return f"the sandbox {self._sandbox.object_id} is gone: {why}; run the task again"

    def close(self) -> None:
        if not self._closed:
            super().close()
            service.end(self._sandbox)


NO_SYSTEM_ROOT = (
    "the modal sandbox has no system root: run these tasks with --smallbench-sandbox=process"
)


@functools.cache
def _app() -> modal.App:
    return service.app()


def _greeted(sandbox: modal.Sandbox, setup: SandboxSetup, limits: SandboxLimits) -> Streams:
    """Start the guest there, and wait until it says that it is ready."""
    command = [setup.python, "-I", "-c", sending.BARE_START]
    with service.failing_as("starting the guest"):
        process = sandbox.exec(*command, workdir="/", env={"PYTHONHASHSEED": "0"}, text=False)
    wire = Streams(process)
    try:
        wire.sendall(sending.letter(setup.python_path))
        protocol.send(wire, sending.beginning(limits, setup.preload))
        answer = protocol.receive_header(wire)
    except (OSError, EOFError) as error:
        raise SandboxError(f"the sandbox did not get ready: {wire.last_words()}") from error
    if "error" in answer:
        raise SandboxError(f"the sandbox did not get ready: {answer['error']}")
    return wire


@contextlib.contextmanager
def _broken() -> Iterator[None]:
    """What Modal refuses on the way is a broken wire."""
    from modal.exception import Error

    try:
        yield
    except Error as error:
        raise ConnectionError(str(error)) from error
