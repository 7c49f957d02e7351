"""Runs a command where it cannot do harm: the official evaluator shares its file system and
its processes with the solutions that it runs, and mutants of code that deletes files, or
starts processes, are not to be trusted with either.

``confined(command)`` is the same command in namespaces of its own: every file read-only but
for an empty /tmp, no network but loopback, so many processes and no more, and an end to all
of them with it, or with whoever started it.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NEEDED = ("unshare", "setpriv", "prlimit", "mount", "ip")
PROCESSES = 300
# Where a control group that limits processes may be made: version 1, version 2.
GROUPS = (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup"))
TMP = Path("/tmp")
# What a command needs of ours, also where it lies below the /tmp that is covered.
OURS = (Path(__file__).parents[2], Path(sys.prefix))


def why_not() -> str:
    """Why nothing can be confined here; empty when it can."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        return f"needs {', '.join(missing)}"
    if os.geteuid() == 0 and _group() is None:
        return "no control group can be made that limits processes"
    done = subprocess.run(confined(["true"]), capture_output=True, text=True, check=False)
    return f"no namespaces here: {done.stderr.strip()[:200]}" if done.returncode else ""


def confined(command: Sequence[str], first: Sequence[str] = ("true",)) -> list[str]:
    """``first`` runs before it in the same place."""
    kinds = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--net", "--ipc"]
    script = f"{_ready()} && {shlex.join(first)} && cd /tmp && exec {shlex.join(command)}"
    bound = ["setpriv", "--pdeathsig", "KILL"]  # unshare itself does not heed SIGTERM
    if os.geteuid() != 0:
        # The limit counts all that the user runs. Root has none of the kind.
        limits = ["prlimit", f"--nproc={PROCESSES + 1000}"]
        return [*bound, *limits, "unshare", "--user", "--map-root-user", *kinds, "sh", "-c", script]
    group = f"echo 0 > {_group()}/cgroup.procs"
    return [*bound, "unshare", *kinds, "sh", "-c", f"{group} && {script}"]


def _ready() -> str:
    """Everything read-only, an empty /tmp that shows only ours, and loopback."""
    steps = ["mount -o remount,bind,ro /", "mount -t tmpfs tmpfs /mnt", "mkdir /mnt/home"]
    for path in OURS:
        if path.is_relative_to(TMP):
            place = shlex.quote(str("/mnt" / path.relative_to(TMP)))
            steps.append(f"mkdir -p {place} && mount --bind {shlex.quote(str(path))} {place}")
    return " && ".join([*steps, "mount --rbind /mnt /tmp", "ip link set lo up"])


@functools.cache
def _group() -> Path | None:
    """A control group for this process's commands; it goes when this process ends."""
    for parent in GROUPS:
        group = parent / f"smallbench-fidelity-{os.getpid()}"
        try:
            group.mkdir()
            (group / "pids.max").write_text(str(PROCESSES))
        except OSError:
            with contextlib.suppress(OSError):
                group.rmdir()
            continue
        atexit.register(_remove, group)
        return group
    return None


def _remove(group: Path) -> None:
    with contextlib.suppress(OSError):  # a process that is just ending may still be in it
        group.rmdir()
