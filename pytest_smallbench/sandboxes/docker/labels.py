"""Whose a container is: labels that tell, on any later day, whether its run still lives.

A process is known by its pid together with its start, the boot and PID namespace in which
that pid means something, and the machine: engines may be shared by several of these.
"""

from __future__ import annotations

import functools
import os
import subprocess
import uuid
from collections.abc import Mapping
from typing import Literal, TypeAlias

RUN = "org.pytest-smallbench.run"
OWNER = "org.pytest-smallbench.owner"

State: TypeAlias = Literal["alive", "dead", "unknown"]


def labels(run: str) -> dict[str, str]:
    """What everything carries that this process makes for ``run``."""
    return {RUN: run, OWNER: owner()}


def owner() -> str:
    """This process, in one word."""
    return f"{_machine()}/{_boot()}/{_namespace()}/{os.getpid()}/{_started(os.getpid())}"


def state_of(found: Mapping[str, str]) -> State:
    """Whether the run behind these labels lives; ``unknown`` where only another machine, or
    another container of this one, could tell."""
    parts = found.get(OWNER, "").split("/")
    if len(parts) != 5 or parts[0] != _machine():
        return "unknown"
    _, boot, namespace, pid, started = parts
    if boot != _boot():
        return "dead"
    if namespace != _namespace():
        return "unknown"
    return "alive" if _started(int(pid)) == started else "dead"


@functools.cache
def _machine() -> str:
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        if text := _read(path):
            # The id itself is not for others to see; this stands for it.
            return uuid.uuid5(uuid.NAMESPACE_OID, text).hex[:12]
    return f"{uuid.getnode():012x}"


@functools.cache
def _boot() -> str:
    return _read("/proc/sys/kernel/random/boot_id")[:13] or "boot"


@functools.cache
def _namespace() -> str:
    try:
        return os.readlink("/proc/self/ns/pid").strip("pid:[]")
    except OSError:
        return "0"


def _started(pid: int) -> str:
    """When that process was started, in the system's own measure; empty: there is none."""
    if os.path.isdir("/proc/self"):
        fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
        return fields[19] if len(fields) > 19 and fields[0] != "Z" else ""
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return "-".join(found.stdout.split())


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""
