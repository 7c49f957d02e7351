"""Measures a command with every process that it leaves behind, however they are reaped.

``python measuring.py COMMAND...`` runs it and prints the figures to stderr; ``measure`` does
it from Python. A process that nobody waits for, as the sandbox's are, is missing from
getrusage; so the command gets a control group of its own, which counts them all.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
REPORT = "MEASURED"
CGROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Spent:
    """Seconds of wall and CPU (user and system) of a tree of processes."""

    wall_s: float
    cpu_s: float
    exit_code: int
    stdout: str = ""
    stderr: str = ""


def measure(
    command: Sequence[str], env: Mapping[str, str] | None = None, ok: Sequence[int] = (0,)
) -> Spent:
    """Run a command to the end of all its processes. Raises RuntimeError where it fails."""
    done = subprocess.run(
        [sys.executable, __file__, *command], capture_output=True, text=True, env=env, check=False
    )
    head, mark, figures = done.stderr.rpartition(REPORT)
    if not mark or json.loads(figures)["exit_code"] not in ok:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{head[-4000:]}")
    return Spent(**json.loads(figures) | {"stdout": done.stdout, "stderr": head})


def usual_environment() -> dict[str, str]:
    """This one, but Python keeps what it compiles: a user pays for that once, not at each start."""
    return {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}


def why_not() -> str:
    """Why nothing can be measured here; empty when it can."""
    return "" if _group_here() else "needs root and a control group that counts CPU time"


def _run(command: list[str]) -> Spent:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with _counted() as group:
        started = time.monotonic()
        code = subprocess.Popen(command, preexec_fn=lambda: _enter(group)).wait()
        while True:  # orphans
            try:
                os.wait()
            except ChildProcessError:
                break
        return Spent(time.monotonic() - started, _cpu_s(group), code)


@contextlib.contextmanager
def _counted() -> Iterator[Path]:
    """A control group for the command; it must be empty when it is removed."""
    parent = _group_here()
    if parent is None:
        raise RuntimeError(why_not())
    group = parent / f"smallbench-{os.getpid()}"
    group.mkdir()
    try:
        yield group
    finally:
        deadline = time.monotonic() + 30
        while (group / "cgroup.procs").read_text().strip() and time.monotonic() < deadline:
            time.sleep(0.05)
        group.rmdir()


def _group_here() -> Path | None:
    """The control group of this process that counts CPU time, where a child can be made."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if "cpuacct" in controllers.split(","):
            folder = CGROUPS / "cpuacct" / path.lstrip("/")
        elif not controllers:
            folder = CGROUPS / path.lstrip("/")
        else:
            continue
        counts = (folder / "cpuacct.usage").exists() or (folder / "cpu.stat").exists()
        if counts and os.access(folder, os.W_OK) and os.getuid() == 0:
            return folder
    return None


def _enter(group: Path) -> None:
    (group / "cgroup.procs").write_text("0")


def _cpu_s(group: Path) -> float:
    old = group / "cpuacct.usage"
    if old.exists():
        return int(old.read_text()) / 1e9
    figures = dict(line.split() for line in (group / "cpu.stat").read_text().splitlines())
    return int(figures["usage_usec"]) / 1e6


if __name__ == "__main__":
    print(REPORT + json.dumps(asdict(_run(sys.argv[1:]))), file=sys.stderr)
