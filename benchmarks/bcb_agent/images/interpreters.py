"""Python interpreters: what one says of itself, what it can import, and where one is found."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ..program import RUN_ENVIRONMENT
from .probe import facts

PROBE = Path(__file__).with_name("probe.py")
ANSWER_TIMEOUT_S = 60
IMPORT_TIMEOUT_S = 600  # of all modules together, on a slow disk, read for the first time


class BadInterpreter(Exception):
    """A file that is no Python that starts. The message says why, in a few words."""


Prober: TypeAlias = Callable[[list[str]], tuple[str, str]]
"""Runs ``probe.py import MODULE...`` with some interpreter, wherever that is; returns what it
printed, and what to say of a module that has ended it."""


@dataclass(frozen=True)
class Interpreter:
    """``version`` has three parts (``3.10.13``); ``platform`` is as ``linux-x86_64``."""

    path: str
    version: str
    implementation: str
    platform: str

    @property
    def minor(self) -> str:
        return ".".join(self.version.split(".")[:2])


@dataclass(frozen=True)
class Import:
    """``cause`` is empty where it went well; ``threads`` are those alive after it."""

    module: str
    cause: str = ""
    threads: int = 1


def running() -> Interpreter:
    """The interpreter that runs this."""
    return Interpreter(sys.executable, **facts())


def inspect(path: str) -> Interpreter:
    """Ask the interpreter itself. Raises BadInterpreter."""
    return Interpreter(path, **_ask(path, "facts"))


def packages(path: str) -> list[str]:
    """What is installed there, as ``name==version`` in lower case, sorted."""
    return list(_ask(path, "packages"))


def candidates(minor: str) -> Iterator[str]:
    """Interpreters that may be a Python ``minor`` (``3.10``); nothing is downloaded."""
    if sys.version.startswith(f"{minor}."):
        yield sys.executable
    on_path = shutil.which(f"python{minor}")
    if on_path:
        yield on_path
    known = _known_to_uv(minor)
    if known:
        yield known
    # pyenv puts shims on PATH that refuse to start a version which is not the active one.
    pyenv = Path(os.environ.get("PYENV_ROOT") or "~/.pyenv").expanduser()
    for folder in sorted(pyenv.glob(f"versions/{minor}*"), reverse=True):
        yield str(folder / "bin" / "python")


def find(minors: Sequence[str]) -> Interpreter | None:
    """The first interpreter of one of these minor versions that starts."""
    for minor in minors:
        for path in candidates(minor):
            try:
                interpreter = inspect(path)
            except BadInterpreter:
                continue
            if interpreter.minor == minor:
                return interpreter
    return None


def try_imports(python: str | Prober, modules: Iterable[str]) -> list[Import]:
    """Import one after the other in one process; a module that kills it is named, and the
    rest are tried in another."""
    waiting = list(modules)
    done: list[Import] = []
    while waiting:
        reached = _import_until_death(python, waiting)
        done += reached
        waiting = waiting[len(reached) :]
    return done


def safe_to_hold(python: str | Prober, modules: Iterable[str]) -> tuple[str, ...]:
    """Those that import here and leave no thread behind: a fork would lose the thread."""
    wanted = list(modules)
    while True:
        results = [result for result in try_imports(python, wanted) if not result.cause]
        wanted = [result.module for result in results]
        at_fault = next((result.module for result in results if result.threads > 1), None)
        if at_fault is None:
            return tuple(wanted)
        wanted.remove(at_fault)


def _ask(path: str, question: str) -> Any:  # Any: whatever the JSON holds
    try:
        done = subprocess.run(
            [path, "-I", "-B", str(PROBE), question],
            capture_output=True,
            text=True,
            timeout=ANSWER_TIMEOUT_S,
            env=_environment(),
            check=False,
        )
        return json.loads(done.stdout)
    except OSError as error:
        raise BadInterpreter(error.strerror or str(error)) from None
    except subprocess.TimeoutExpired:
        raise BadInterpreter(f"no answer within {ANSWER_TIMEOUT_S} s") from None
    except ValueError:
        last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        raise BadInterpreter(f"it is no Python that starts: {last[:200]}") from None


def _import_until_death(python: str | Prober, modules: list[str]) -> list[Import]:
    probe = python if callable(python) else functools.partial(_probe_here, python)
    output, end = probe(modules)
    return _read_report(output, end, modules)


def _probe_here(python: str, modules: list[str]) -> tuple[str, str]:
    # -E and -s rather than -I: what is imported may start children that need this folder.
    with tempfile.TemporaryDirectory(prefix="smallbench-") as home:
        try:
            done = subprocess.run(
                [python, "-E", "-s", str(PROBE), "import", *modules],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
                text=True,
                timeout=IMPORT_TIMEOUT_S,
                cwd=home,
                env=_environment(HOME=home, MPLCONFIGDIR=home, **RUN_ENVIRONMENT),
                check=False,
            )
            output, end = done.stdout, f"ended the interpreter (exit status {done.returncode})"
        except subprocess.TimeoutExpired as expired:
            raw = expired.stdout or b""
            output = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
            end = f"did not finish within {IMPORT_TIMEOUT_S} s"
    return output, end


def _read_report(output: str, end: str, modules: list[str]) -> list[Import]:
    results: list[Import] = []
    current = modules[0]
    open_import = True
    for line in output.splitlines():
        mark, _, rest = line.partition(" ")
        if mark == ">":
            current, open_import = rest, True
        elif mark == "=":
            results.append(Import(current, threads=int(rest)))
            open_import = False
        elif mark == "!":
            results.append(Import(current, cause=rest))
            open_import = False
    if open_import:
        results.append(Import(current, cause=end))
    return results


def _known_to_uv(minor: str) -> str | None:
    import uv

    try:
        command = [uv.find_uv_bin(), "python", "find", "--no-python-downloads", minor]
    except FileNotFoundError:
        return None
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path.home())
    return done.stdout.strip() or None if done.returncode == 0 else None


def _environment(**more: str) -> dict[str, str]:
    """No more of ours than an interpreter needs to start: no secret meets library code."""
    needed = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
    return {name: os.environ[name] for name in needed if name in os.environ} | more
