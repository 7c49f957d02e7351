"""The Python environment that solutions are graded in: built once, then found again.

BigCodeBench's tests are sensitive to library versions, so an environment comes from a lock
(``images/``), is keyed by that lock and by the exact Python below it, and carries a
fingerprint into the report. It is a venv in the user's cache folder, made by uv.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pytest_smallbench.contracts import Say
from pytest_smallbench.errors import UsageMistake

from .images import PRELOAD, Lock, corpora, find_lock
from .images.installer import UvFailed, run_uv
from .images.interpreters import (
    BadInterpreter,
    Interpreter,
    find,
    inspect,
    packages,
    running,
    safe_to_hold,
    try_imports,
)

OLDEST = (3, 10)


@dataclass(frozen=True)
class GradingPython:
    """An interpreter to grade with. ``lock`` is the lock's name, ``custom`` where there is
    none; ``preload`` are modules that are worth holding imported and safe to fork with;
    ``broken`` says of modules that should import and do not why, as ``module: cause``."""

    python: str
    fingerprint: str
    lock: str
    python_version: str
    preload: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    image: str = ""  # that it is in, where it is in one


class GradingEnvironment:
    """One environment of a lock and a base Python, at its place in the cache."""

    def __init__(self, lock: Lock, base: Interpreter, cache: Path, say: Say) -> None:
        self.lock = lock
        self.base = base
        self.say = say
        self.name = f"{lock.name}-{digest_of(lock.requirements())}-{_python_of(base)}"
        self.home = cache / "environments"
        self.folder = self.home / self.name
        self.log = self.home / f"{self.name}.log"

    @classmethod
    def ensure(cls, name: str, *, base_python: str | None, cache: Path, say: Say) -> GradingPython:
        """The environment of that lock (``reference``, ``current``, ``mini`` or a file),
        built now if it is not there yet. Raises UsageMistake."""
        lock = find_lock(name)
        base = (base_python is None and _known(lock, cache)) or _base(lock, base_python)
        return cls(lock, base, cache, say).ready()

    @classmethod
    def existing(cls, path: str, *, cache: Path, say: Say) -> GradingPython:
        """An environment of the user's own, as it is (--smallbench-python). Raises UsageMistake."""
        python = _inspected("--smallbench-python", path)
        fingerprint = f"custom-{digest_of(packages(python.path))}-{_python_of(python)}"
        preload = _preload(python.path, cache / "environments" / fingerprint, say)
        return GradingPython(python.path, fingerprint, "custom", python.version, preload)

    def ready(self) -> GradingPython:
        """The finished environment. Of several runs that want it at once one builds it."""
        found = self._found()
        if found is None:
            self.home.mkdir(parents=True, exist_ok=True)
            with _alone(self.home / f"{self.name}.lock", self.say) as held:
                found = self._found() or self._build(held)
        for cause in found.broken:
            self.say(
                f"grading environment {self.lock.name}: cannot import {cause}; tasks that need "
                f"it are skipped: install what it lacks, delete {self.folder} and run again"
            )
        preload = _preload(found.python, self.folder, self.say)
        fingerprint = found.fingerprint + corpora.mark(self.folder)
        return replace(found, preload=preload, fingerprint=fingerprint)

    def _found(self) -> GradingPython | None:
        note = self.folder / "environment.json"
        if not note.is_file() or not os.access(_python_in(self.folder), os.X_OK):
            return None  # not built, or the Python below it is gone
        stored = json.loads(note.read_text())
        return GradingPython(**stored | {"broken": tuple(stored["broken"]), "preload": ()})

    def _build(self, held: int) -> GradingPython:
        """Build it beside its place and move it there when it is known to work. ``held`` is
        the lock's descriptor."""
        pins = len(self.lock.requirements())
        started = time.monotonic()
        self.say(
            f"building the grading environment {self.lock.name}: {pins} packages for Python "
            f"{self.base.version}, once, in {self.folder}"
        )
        unfinished = self.home / f".{self.name}.building"
        shutil.rmtree(unfinished, ignore_errors=True)  # of a run that was killed
        try:
            self._install(unfinished, held)
            works = self._checked(unfinished)
            if "nltk" in self.lock.modules():
                corpora.fetch(_python_in(unfinished), unfinished, self.say)
            write_note(unfinished / "environment.json", asdict(works))
            self._make_room()
            unfinished.rename(self.folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        self.say(f"grading environment ready after {time.monotonic() - started:.0f} s")
        return works

    def _make_room(self) -> None:
        """Take away an environment that does not work any more. Its note goes first: whatever
        ends this half-way, what is left is no environment."""
        (self.folder / "environment.json").unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _install(self, folder: Path, held: int) -> None:
        self.log.write_text("")
        python = str(_python_in(folder))
        # Bytecode now: the sandbox sees this folder read-only and would compile every time.
        install = ("pip", "install", "--python", python, "--no-deps", "--compile-bytecode")
        requirements = ("--requirement", str(self.lock.path))
        make = ("venv", "--relocatable", "--python", self.base.path, str(folder))
        try:
            for command in (make, (*install, *requirements)):
                run_uv(*command, log=self.log, say=self.say, held=held)
        except UvFailed as failed:
            raise UsageMistake(
                f"cannot build the grading environment {self.lock.name}: {failed}; "
                f"uv's whole output is in {self.log}"
            ) from None

    def _checked(self, folder: Path) -> GradingPython:
        """What it can import. One library that does not work costs its tasks, not the run."""
        modules = self.lock.modules()
        self.say(f"checking that {len(modules)} libraries can be imported")
        python = str(_python_in(folder))
        results = try_imports(python, modules)
        broken = [f"{result.module}: {result.cause}" for result in results if result.cause]
        with self.log.open("a") as log:
            log.writelines(f"cannot import {cause}\n" for cause in broken)
        if modules and len(broken) > len(modules) // 2:
            raise UsageMistake(
                f"the grading environment {self.lock.name} does not work: {len(broken)} of "
                f"{len(modules)} libraries cannot be imported, first {broken[0]}; see {self.log}"
            )
        return GradingPython(
            python=str(_python_in(self.folder)),
            fingerprint=self.name,
            lock=self.lock.name,
            python_version=self.base.version,
            broken=tuple(broken),
        )


def built(lock: Lock, cache: Path) -> Iterator[Path]:
    """The folders of the finished environments of this lock, whatever the Python below."""
    start = glob.escape(f"{lock.name}-{digest_of(lock.requirements())}-")
    for minor in lock.pythons:
        for folder in sorted((cache / "environments").glob(f"{start}*{minor}.*")):
            if (folder / "environment.json").is_file():
                yield folder


def _known(lock: Lock, cache: Path) -> Interpreter | None:
    """The Python below an environment of this lock that is there already: no search then."""
    for folder in built(lock, cache):
        try:
            return inspect(str(_python_in(folder)))
        except BadInterpreter:
            continue
    return None


def _base(lock: Lock, chosen: str | None) -> Interpreter:
    """The interpreter to build from: the user's, or one that is there and fits."""
    wanted = " or ".join(lock.pythons)
    if chosen is not None:
        base = _inspected("--smallbench-base-python", chosen)
        if lock.pythons and base.minor not in lock.pythons:
            raise UsageMistake(
                f"--smallbench-base-python={chosen} is Python {base.version}, but the grading "
                f"environment {lock.name} is for Python {wanted}: name such an interpreter"
            )
        return base
    if not lock.pythons:
        return running()
    found = find(lock.pythons)
    if found is None:
        others = "" if lock.name == "current" else ", --smallbench-environment=current (newer)"
        raise UsageMistake(
            f"no Python {wanted} found for the grading environment {lock.name}: name one with "
            f"--smallbench-base-python=PATH, or use{others} or --smallbench-python=PATH, an "
            "environment that is installed already"
        )
    return found


def _inspected(option: str, path: str) -> Interpreter:
    try:
        # Not resolved: a venv's interpreter is a link, and what it links to has no packages.
        python = inspect(str(Path(path).expanduser().absolute()))
    except BadInterpreter as bad:
        raise UsageMistake(f"{option}={path}: {bad}; name a Python 3.10 or newer") from None
    if tuple(map(int, python.minor.split("."))) < OLDEST:
        raise UsageMistake(
            f"{option}={path} is Python {python.version}; name a Python 3.10 or newer"
        )
    return python


def _preload(python: str, environment: Path, say: Say) -> tuple[str, ...]:
    """What of the list is safe to hold imported there; asked once for each environment."""
    note = environment.with_name(f"{environment.name}.preload.json")
    wanted = list(PRELOAD)
    known = json.loads(note.read_text()) if note.is_file() else {}
    if known.get("of") != wanted:
        say("looking at which modules can be held imported")
        known = {"of": wanted, "safe": safe_to_hold(python, wanted)}
        write_note(note, known)
    return tuple(known["safe"])


def digest_of(pins: list[str]) -> str:
    """Twelve hex digits over the pins, whatever their order."""
    return hashlib.sha256("\n".join(sorted(pins)).encode()).hexdigest()[:12]


def _python_in(folder: Path) -> Path:
    return folder / "bin" / "python"


def _python_of(interpreter: Interpreter) -> str:
    return f"{interpreter.implementation}{interpreter.version}-{interpreter.platform}"


def write_note(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    scratch.write_text(json.dumps(content, indent=1))
    scratch.replace(path)


@contextmanager
def _alone(path: Path, say: Say) -> Iterator[int]:
    """Hold the lock file, and give its descriptor; the kernel lets go of it when this process
    and those that were given the descriptor have ended, in whatever way."""
    import fcntl

    with path.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another run is building this grading environment: waiting for it")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield held.fileno()
