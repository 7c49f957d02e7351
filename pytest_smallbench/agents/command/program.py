"""The agent's program while it runs: a keeper above it, its output read and kept."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pytest_smallbench.agents.command import keeper
from pytest_smallbench.agents.command.workplace import Workplace
from pytest_smallbench.errors import InfrastructureError
from pytest_smallbench.undisturbed import undisturbed

OUTPUT_LIMIT = 10 << 20  # bytes of each stream that are kept: the last ones
CHUNK = 1 << 16
LAST_LINE = 300  # characters of the program's last line that a reason shows
PATIENCE_S = 10.0  # to read what is left in the pipes of a program that has ended


@dataclass(frozen=True)
class Ended:
    """How it went. ``status`` is negative for a signal; ``cut``: of an output longer than
    OUTPUT_LIMIT the start is missing; ``by_us``: it was made to end."""

    status: int
    stdout: str
    stderr: str
    cut: bool = False
    by_us: bool = False

    @property
    def how(self) -> str:
        if self.by_us:
            return "ended by us"
        if self.status >= 0:
            return f"exit status {self.status}"
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-self.status).name}"
        return f"signal {-self.status}"

    @property
    def why(self) -> str:
        """The same with the program's last line, which most often says why."""
        said = self.stderr.strip() or self.stdout.strip()
        last = " ".join(said.rpartition("\n")[2].split())[:LAST_LINE]
        return f"{self.how}: {last}" if last else self.how


class Program:
    """Runs from ``start`` until ``end``, which is to follow whatever became of ``start``."""

    def __init__(self, command: Sequence[str], place: Workplace, stdin: Path | None) -> None:
        self._command, self._place, self._stdin = command, place, stdin
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = False

    def start(self, on_end: Callable[[], None]) -> None:
        """``on_end`` is called in another thread once the program has ended, by itself or not."""
        with undisturbed():  # a process that was started must be known
            self._process = process = _started(self._command, self._place, self._stdin)
            assert process.stdout is not None
            assert process.stderr is not None
            self._stdout, self._stderr = _Tail(process.stdout), _Tail(process.stderr)
            self._watcher = threading.Thread(target=self._watch, args=(on_end,), daemon=True)
            self._watcher.start()

    def _watch(self, on_end: Callable[[], None]) -> None:
        assert self._process is not None
        self._process.wait()
        self._stdout.join()  # the keeper leaves nobody who could hold them open
        self._stderr.join()
        on_end()

    def end(self) -> Ended | None:
        """End it, if it still runs, with all that it started. None: it never ran."""
        process = self._process
        if process is None:
            return None
        if process.poll() is None:
            self._ending = True
            process.terminate()
        process.wait()
        self._watcher.join(PATIENCE_S)  # for ever only if somebody killed the keeper
        out, err = self._stdout, self._stderr
        return Ended(process.returncode, out.text, err.text, out.cut, self._ending)


def _started(
    command: Sequence[str], place: Workplace, stdin: Path | None
) -> subprocess.Popen[bytes]:
    kept = [sys.executable, "-I", keeper.__file__, str(os.getpid()), str(place.folder), *command]
    with open(stdin or os.devnull, "rb") as source:
        try:
            return subprocess.Popen(
                kept,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=place.workdir,
                env=environment_of(os.environ),
                start_new_session=True,  # Ctrl-C is for pytest, which then ends the keeper
            )
        except (OSError, ValueError) as error:  # a prompt longer than an argument may be
            why = getattr(error, "strerror", None) or str(error)
            raise InfrastructureError(
                f"cannot start {command[0]}: {why}; a long prompt goes by {{prompt_file}} or stdin"
            ) from None


def environment_of(variables: Mapping[str, str]) -> dict[str, str]:
    """The user's own, since the program needs its key; nothing of the pytest around it, so
    that an agent that runs pytest itself is not taken for a part of ours."""
    return {name: value for name, value in variables.items() if not name.startswith("PYTEST_")}


class _Tail(threading.Thread):
    """Reads a stream to its end and keeps the last of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self.cut = False
        self.start()

    def run(self) -> None:
        with self._stream:
            while chunk := os.read(self._stream.fileno(), CHUNK):
                self._chunks.append(chunk)
                self._size += len(chunk)
                while self._size - len(self._chunks[0]) >= OUTPUT_LIMIT:
                    self._size -= len(self._chunks.popleft())
                    self.cut = True

    @property
    def text(self) -> str:
        """Once it was joined."""
        kept = b"".join(self._chunks)
        return kept[-OUTPUT_LIMIT:].decode("utf-8", "replace")
