"""Runs a command where it cannot do harm: the official evaluator shares its file system and
its processes with the solutions that it runs, and mutants of code that deletes files are
not to be trusted with either.

``confined(command)`` is the same command in namespaces of its own: every file read-only but
for an empty /tmp, no network but loopback, and an end to all its processes with it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence

NEEDED = ("unshare", "mount", "ip")
_READY = (
    "mount -o remount,bind,ro / && mount -t tmpfs tmpfs /tmp && mkdir /tmp/home && "
    "ip link set lo up"
)


def why_not() -> str:
    """Why nothing can be confined here; empty when it can."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        return f"needs {', '.join(missing)}"
    done = subprocess.run(confined(["true"]), capture_output=True, text=True, check=False)
    return f"no namespaces here: {done.stderr.strip()[:200]}" if done.returncode else ""


def confined(command: Sequence[str], first: Sequence[str] = ("true",)) -> list[str]:
    """``first`` runs before it in the same place."""
    ordinary = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    kinds = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--net", "--ipc"]
    script = f"{_READY} && {shlex.join(first)} && cd /tmp && exec {shlex.join(command)}"
    return ["unshare", *ordinary, *kinds, "sh", "-c", script]
