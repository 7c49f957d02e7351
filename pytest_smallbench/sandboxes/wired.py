"""The worker's side of any sandbox that is served over the wire of process/protocol.py.

A back brings the wire and says what it means when that breaks.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from pytest_smallbench.contracts import Completed
from pytest_smallbench.errors import SandboxError

from .process import protocol
from .process.protocol import Header

_CLOSED = "this sandbox is closed"
RUNS = ("run", "python", "shell")  # the requests that wait for a slot

Self = TypeVar("Self", bound="WiredSandbox")


class Wire(protocol.Connection, Protocol):
    """A connection that can be ended from here."""

    def hang_up(self) -> None:
        """Say that nothing more will be asked; what is still said can be heard."""

    def close(self) -> None: ...


class WiredSandbox:
    """contracts.Sandbox over a wire. May be used from several threads, one call at a time."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._lock = threading.RLock()  # close may be called from within a broken-off request
        self._closed = self._talks = False
        self._waited_s = 0.0
        self._waits_since: float | None = None

    # -- what a back brings ---------------------------------------------------------

    def another(self: Self) -> Self:
        """A new, empty sandbox of the same kind and limits."""
        raise NotImplementedError

    def gone(self) -> str:
        """Why the wire may have broken, and what to do."""
        raise NotImplementedError

    @contextlib.contextmanager
    def slot(self) -> Iterator[None]:
        """Wait until one more program may run. Only where the other side does not see to it."""
        yield

    # -- the contract ---------------------------------------------------------------

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
        return self.completed({**request, "timeout": timeout}, [stdin])

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
        return self.completed({**request, "timeout": timeout}, [text, payload, stdin])

    def write(self, path: str, data: bytes | str) -> None:
        """Write a file, with the folders above it. Raises OSError for a path that cannot be."""
        content = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
        self.ask({"do": "write", "path": path}, [content])

    def read(self, path: str) -> bytes:
        return self.ask({"do": "read", "path": path})[1][0]

    def read_text(self, path: str) -> str:
        return self.read(path).decode("utf-8", "replace")

    def shell(self, *, env: Mapping[str, str] | None = None, cwd: str | None = None) -> WiredShell:
        request: Header = {"do": "open shell", "env": dict(env or {}), "cwd": cwd}
        return WiredShell(self, self.ask(request)[0]["shell"])

    def snapshot(self) -> str:
        return str(self.ask({"do": "snapshot"})[0]["snapshot"])

    def restore(self, snapshot: str) -> None:
        self.ask({"do": "restore", "snapshot": snapshot})

    def fork(self: Self, snapshot: str, *, sealed: bool = False) -> Self:
        """The files go from sandbox to sandbox through here, a piece at a time."""
        other = self.another()
        try:
            self._hand_over(snapshot, other, sealed=sealed)
        except BaseException:
            other.close()
            raise
        return other

    def close(self) -> None:
        """Hang up, and wait until the other side has ended every process."""
        if self._closed:
            return
        self._closed = True
        with contextlib.suppress(OSError):
            self._wire.hang_up()
        # Whoever waits in another thread hears the end, too, and lets go of the lock.
        with self._lock, contextlib.suppress(OSError, EOFError):
            rest = memoryview(bytearray(1 << 16))
            while self._wire.recv_into(rest):
                pass
        self._wire.close()

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def sound(self) -> bool:
        """Whether the wire is whole and no request is under way or was broken off."""
        return not self._closed and not self._talks

    # -- the wire -------------------------------------------------------------------

    def completed(self, request: Header, parts: Sequence[bytes]) -> Completed:
        header, (stdout, stderr, *messages) = self.ask(request, parts)
        for name in ("parts", "failure"):
            del header[name]
        return Completed(stdout=stdout, stderr=stderr, messages=tuple(messages), **header)

    def ask(self, request: Header, parts: Sequence[bytes] = ()) -> tuple[Header, list[bytes]]:
        """One request and its answer. Raises SandboxError, or OSError for a file's trouble."""
        slot = self.slot() if request["do"] in RUNS else contextlib.nullcontext()
        with self._lock, self._talking():
            self._waits_since = time.monotonic()
            with slot:
                protocol.send(self._wire, request, parts)
                header, answer = protocol.receive(self._wire)
                self._waited_s, self._waits_since = self.waited_s, None
                if "started" in header:
                    header, answer = protocol.receive(self._wire)
        if "error" in header:
            _raise(header, request)
        return header, answer

    def _hand_over(self, snapshot: str, other: WiredSandbox, *, sealed: bool) -> None:
        with self._lock, self._talking():
            protocol.send(self._wire, {"do": "export", "snapshot": snapshot})
            header = protocol.receive_header(self._wire)
            if "error" in header:
                raise SandboxError(str(header["error"]))
            (size,) = header["parts"]
            protocol.send_header(other._wire, {"do": "import", "sealed": sealed}, [size])
            for chunk in protocol.chunks(self._wire, size):
                other._wire.sendall(chunk)
            answer = protocol.receive_header(other._wire)
        if "error" in answer:
            raise SandboxError(str(answer["error"]))

    @contextlib.contextmanager
    def _talking(self) -> Iterator[None]:
        """What breaks on the wire is the sandbox's end, said in words."""
        if self._closed:
            raise SandboxError(_CLOSED)
        self._talks = True
        try:
            yield
            self._talks = False
        except (OSError, EOFError) as error:
            raise SandboxError(_CLOSED if self._closed else self.gone()) from error
        except SandboxError:  # a proper answer, if not a pleasant one
            self._talks = False
            raise
        except BaseException:
            # Interrupted between question and answer (a limit, Ctrl-C): the next answer to be
            # read would belong to this question.
            self.close()
            raise


class WiredShell:
    """contracts.Shell: one shell of a sandbox, by its name."""

    def __init__(self, sandbox: WiredSandbox, name: str) -> None:
        self._sandbox, self._name = sandbox, name

    def run(self, command: str, *, timeout: float) -> Completed:
        request: Header = {"do": "shell", "shell": self._name, "timeout": timeout}
        return self._sandbox.completed(request, [command.encode("utf-8", "surrogateescape")])

    def close(self) -> None:
        """End the shell and what it left running. Safe to call twice, and after the sandbox's."""
        if not self._sandbox.closed:
            self._sandbox.ask({"do": "close shell", "shell": self._name})


def _raise(answer: Header, request: Header) -> None:
    """A file's own trouble is an OSError of its kind; all else is the sandbox's."""
    if request["do"] in ("read", "write") and answer.get("errno"):
        number = int(answer["errno"])
        raise OSError(number, os.strerror(number), request["path"])
    raise SandboxError(str(answer["error"]))
