"""Runs a program in a container, within a time and with no more output than is asked for.

Nothing is needed in the container but a ``sh``: any image may be a task's.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from pytest_smallbench.contracts import Completed
from pytest_smallbench.sandboxes.docker.engine import failing_as

if TYPE_CHECKING:
    from docker import APIClient

OUTPUT_KEPT = 1 << 20
_LOOK_S = 0.5  # between two looks whether a program that says nothing still runs
_LAST_WORDS_S = 0.3  # for output still on its way when the program has ended
_STDOUT = 1
_NONE = -1
# A shell says its own number before it becomes the program: so what it started can be ended.
# Both outputs go one way: the engine carries two side by side, and their order would be chance.
_ANNOUNCED = 'echo $$; exec "$@" 2>&1'
_BASH_OR_SH = 'command -v bash >/dev/null && exec bash -c "$1"; exec sh -c "$1"'


def by_shell(command: str) -> list[str]:
    """Runs a task's command by bash, which tasks are written for, or by sh where there is none."""
    return ["sh", "-c", _BASH_OR_SH, "sh", command]


class Programs:
    """Runs what it is given in one container, as any of its users."""

    def __init__(self, client: APIClient, container: str, cwd: str = "") -> None:
        self._client = client
        self._container = container
        self._cwd = cwd

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float | None,
        user: str = "",
        env: Mapping[str, str] | None = None,
        kept: int = OUTPUT_KEPT,
    ) -> Completed:
        """``timeout`` None is no limit. What the program left running in the background goes
        on. A missing program is exit 127, as in a shell. Raises SandboxError."""
        began = time.monotonic()
        with failing_as("running a program in the task's container"):
            execution = self._created(argv, user, env)
            with self._started(execution, kept) as output:
                ended = self._wait(execution, output, timeout)
                if not ended:
                    self._kill(output.pid)
            code = self._client.exec_inspect(execution)["ExitCode"]
        return Completed(
            exit_code=code if ended and code is not None else -9,
            stdout=bytes(output.text),
            stderr=b"",
            timed_out=not ended,
            truncated=output.dropped,
            wall_s=time.monotonic() - began,
        )

    def _created(self, argv: Sequence[str], user: str, env: Mapping[str, str] | None) -> str:
        made: dict[str, Any] = self._client.exec_create(
            self._container,
            ["sh", "-c", _ANNOUNCED, "sh", *argv],
            user=user,
            environment=dict(env or {}),
            workdir=self._cwd or None,
        )
        return str(made["Id"])

    @contextmanager
    def _started(self, execution: str, kept: int) -> Iterator[_Output]:
        """Whatever interrupts the wait, a limit of the attempt or Ctrl-C, ends the program."""
        stream = self._client.exec_start(execution, socket=True)
        output = _Output(stream, kept)
        try:
            yield output
        except BaseException:
            with suppress(Exception):
                self._kill(output.pid)
            raise
        finally:
            output.close()

    def _wait(self, execution: str, output: _Output, timeout: float | None) -> bool:
        """Whether it ended by itself. A program that it left behind may hold its output open:
        so the end of the output is not waited for."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = _LOOK_S if deadline is None else deadline - time.monotonic()
            if output.ended(min(_LOOK_S, max(left, 0.0))):
                return True
            if not self._client.exec_inspect(execution)["Running"]:
                output.ended(_LAST_WORDS_S)
                return True
            if left <= 0:
                return False

    def _kill(self, pid: int) -> None:
        """End the program and its children, which are a process group of their own."""
        if pid > 1:
            killer = self._client.exec_create(
                self._container, ["sh", "-c", f"kill -9 -{pid}"], user="0"
            )
            self._client.exec_start(killer["Id"])


class _Output:
    """Reads a program's output in a thread of its own, as the engine's stream comes."""

    def __init__(self, stream: Any, kept: int) -> None:
        self.text = bytearray()
        self.dropped = False
        self.pid = 0
        self._stream = stream
        self._kept = kept
        self._head = b""
        self._raw = getattr(stream, "_sock", stream)
        self._raw.settimeout(None)  # a program may be silent for long
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def ended(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def close(self) -> None:
        with suppress(OSError):
            self._raw.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._stream.close()
        self._raw.close()

    def _read(self) -> None:
        from docker.utils.socket import frames_iter

        with suppress(OSError, ValueError):
            frames: Iterator[tuple[int, bytes]]
            frames = frames_iter(self._stream, tty=False)  # type: ignore[no-untyped-call]  # docker's
            for kind, data in frames:
                self._take(data if self.pid or kind != _STDOUT else self._announced(data))
        if not self.pid:
            self._take(self._head)

    def _announced(self, data: bytes) -> bytes:
        """The first line is the shell's, told before the program began; where there is no
        shell it is the engine's reason."""
        self._head += data
        line, newline, rest = self._head.partition(b"\n")
        if not newline:
            return b""
        self.pid = int(line) if line.isdigit() else _NONE
        return rest if line.isdigit() else self._head

    def _take(self, data: bytes) -> None:
        room = self._kept - len(self.text)
        self.text += data[:room]
        self.dropped = self.dropped or len(data) > room
