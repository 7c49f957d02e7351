"""A worker's handle on one sandbox: requests over the connection to its keeper."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from pytest_smallbench.contracts import Completed, SandboxLimits
from pytest_smallbench.errors import SandboxError

from . import protocol
from .protocol import Header

_GONE = (
    "the process sandbox is gone: its broker or keeper was killed or died; "
    "start the run again, and see whether the machine ran out of memory"
)


class ProcessSandbox:
    """contracts.Sandbox over one keeper. May be used from several threads, one call at a time."""

    def __init__(self, address: str, limits: SandboxLimits) -> None:
        self._address, self._limits = address, limits
        self._lock = threading.RLock()  # close may be called from within a broken-off request
        self._closed = False
        self._waited_s = 0.0
        self._waits_since: float | None = None
        self._connection = _connect(address)
        try:
            self.ask({"do": "open", "limits": asdict(limits)})
        except BaseException:
            self._connection.close()
            raise

    @property
    def waited_s(self) -> float:
        since = self._waits_since  # read once: a signal handler asks while a run waits
        return self._waited_s + (time.monotonic() - since if since is not None else 0.0)

    def run(
        self,
        command: Sequence[str] | str,
        *,
        timeout: float,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> Completed:
        argv = ["/bin/sh", "-c", command] if isinstance(command, str) else list(command)
        if not argv:
            raise ValueError("an empty command: name the program to run")
        request: Header = {"do": "run", "argv": argv, "env": dict(env or {}), "cwd": cwd}
        return self._completed({**request, "timeout": timeout}, [stdin])

    def python(
        self,
        source: str,
        *,
        timeout: float,
        payload: bytes = b"",
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> Completed:
        text = source.encode("utf-8", "surrogateescape")
        request: Header = {"do": "python", "env": dict(env or {}), "cwd": cwd}
        return self._completed({**request, "timeout": timeout}, [text, payload, stdin])

    def write(self, path: str, data: bytes | str) -> None:
        """Write a file, with the folders above it. Raises OSError for a path that cannot be."""
        content = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
        self.ask({"do": "write", "path": path}, [content])

    def read(self, path: str) -> bytes:
        return self.ask({"do": "read", "path": path})[1][0]

    def read_text(self, path: str) -> str:
        return self.read(path).decode("utf-8", "replace")

    def shell(
        self, *, env: Mapping[str, str] | None = None, cwd: str | None = None
    ) -> ProcessShell:
        request: Header = {"do": "open shell", "env": dict(env or {}), "cwd": cwd}
        return ProcessShell(self, self.ask(request)[0]["shell"])

    def snapshot(self) -> str:
        return str(self.ask({"do": "snapshot"})[0]["snapshot"])

    def restore(self, snapshot: str) -> None:
        self.ask({"do": "restore", "snapshot": snapshot})

    def fork(self, snapshot: str, *, sealed: bool = False) -> ProcessSandbox:
        """The files go from keeper to keeper through here, a piece at a time."""
        other = ProcessSandbox(self._address, self._limits)
        try:
            self._hand_over(snapshot, other, sealed=sealed)
        except BaseException:
            other.close()
            raise
        return other

    def _hand_over(self, snapshot: str, other: ProcessSandbox, *, sealed: bool) -> None:
        with self._lock, _wire(self):
            protocol.send(self._connection, {"do": "export", "snapshot": snapshot})
            header = protocol.receive_header(self._connection)
            if "error" in header:
                raise SandboxError(str(header["error"]))
            (size,) = header["parts"]
            protocol.send_header(other._connection, {"do": "import", "sealed": sealed}, [size])
            for chunk in protocol.chunks(self._connection, size):
                other._connection.sendall(chunk)
            answer = protocol.receive_header(other._connection)
        if "error" in answer:
            raise SandboxError(str(answer["error"]))

    def close(self) -> None:
        """Hang up, and wait until the keeper has ended every process."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
        # Whoever waits in another thread hears the end, too, and lets go of the lock.
        with self._lock, contextlib.suppress(OSError):
            while self._connection.recv(1 << 16):
                pass
        self._connection.close()

    # -- the wire -------------------------------------------------------------------

    def _completed(self, request: Header, parts: Sequence[bytes]) -> Completed:
        header, (stdout, stderr, *messages) = self.ask(request, parts)
        for name in ("parts", "failure"):
            del header[name]
        return Completed(stdout=stdout, stderr=stderr, messages=tuple(messages), **header)

    def ask(self, request: Header, parts: Sequence[bytes] = ()) -> tuple[Header, list[bytes]]:
        """One request and its answer. Raises SandboxError, or OSError for a file's trouble."""
        with self._lock, _wire(self):
            protocol.send(self._connection, request, parts)
            self._waits_since = time.monotonic()
            header, answer = protocol.receive(self._connection)
            self._waited_s, self._waits_since = self.waited_s, None
            if "started" in header:
                header, answer = protocol.receive(self._connection)
        if "error" in header:
            _raise(header, request)
        return header, answer


class ProcessShell:
    """contracts.Shell: one shell of a sandbox, by its name."""

    def __init__(self, sandbox: ProcessSandbox, name: str) -> None:
        self._sandbox, self._name = sandbox, name

    def run(self, command: str, *, timeout: float) -> Completed:
        request: Header = {"do": "shell", "shell": self._name, "timeout": timeout}
        return self._sandbox._completed(request, [command.encode("utf-8", "surrogateescape")])

    def close(self) -> None:
        """End the shell and what it left running. Safe to call twice, and after the sandbox's."""
        if not self._sandbox._closed:
            self._sandbox.ask({"do": "close shell", "shell": self._name})


@contextlib.contextmanager
def _wire(sandbox: ProcessSandbox) -> Iterator[None]:
    """What breaks on the connection is the sandbox's end, said in words."""
    closed = "this sandbox is closed"
    if sandbox._closed:
        raise SandboxError(closed)
    try:
        yield
    except (OSError, EOFError) as error:
        raise SandboxError(closed if sandbox._closed else _GONE) from error
    except SandboxError:  # a proper answer, if not a pleasant one
        raise
    except BaseException:
        # Interrupted between question and answer (a limit, Ctrl-C): the next answer to be
        # read would belong to this question.
        sandbox.close()
        raise


def _raise(answer: Header, request: Header) -> None:
    """A file's own trouble is an OSError of its kind; all else is the sandbox's."""
    if request["do"] in ("read", "write") and answer.get("errno"):
        number = int(answer["errno"])
        raise OSError(number, os.strerror(number), request["path"])
    raise SandboxError(str(answer["error"]))


def _connect(address: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect("\0" + address)
    except OSError as error:
        connection.close()
        if error.errno != errno.ECONNREFUSED:
            raise SandboxError(f"cannot reach the sandbox broker: {error}") from error
        raise SandboxError("the sandbox broker is not running (any more)") from error
    return connection
