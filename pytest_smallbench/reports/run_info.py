"""What there is to know about a run besides its results: command, versions, git, host."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pytest_smallbench.reports.scrubbing import command_line, scrub
from pytest_smallbench.reports.shape import Git, Host, Resumed, Run

GIT_TIMEOUT_S = 5.0
_PACKAGES = ("pytest", "pytest-xdist", "pytest-smallbench")


@dataclass(frozen=True)
class RunFacts:
    """What only the caller knows. ``command`` is the argv; ``started`` and ``finished``
    are seconds since 1970; ``workers`` 0 is a run in one process."""

    id: str
    command: Sequence[str]
    rootdir: Path
    started: float
    finished: float
    seed: int = 0
    workers: int = 0
    stopped: str = ""
    resumed: Resumed | None = None


def describe_run(facts: RunFacts, secrets: Iterable[str] = ()) -> Run:
    """The report's ``run``. ``secrets`` are values that must not appear in it."""
    secrets = tuple(secrets)
    return {
        "id": facts.id,
        "started": moment(facts.started),
        "finished": moment(facts.finished),
        "command": command_line(facts.command, secrets),
        "seed": facts.seed,
        "versions": versions(),
        "git": git_state(facts.rootdir),
        "host": host(),
        "workers": facts.workers,
        "stopped": scrub(facts.stopped, secrets),
        "resumed": facts.resumed,
    }


def moment(seconds: float) -> str:
    """ISO 8601 in UTC, to the second: ``2026-01-31T12:00:00Z``."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def versions() -> dict[str, str]:
    """Of Python, pytest, xdist and this package; what is not installed is left out."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def host() -> Host:
    """The cores that this process may use, and the machine's memory in bytes."""
    usable = getattr(os, "sched_getaffinity", None)
    cpus = len(usable(0)) if usable else os.cpu_count() or 1
    try:
        memory: int | None = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        memory = None
    return {"cpus": cpus, "memory": memory}


def git_state(folder: Path) -> Git | None:
    """The commit checked out there; None without git, a repository, a commit, or in time."""
    # One call for all three facts. It takes no lock, asks nothing, runs no monitor program.
    command = ["git", "-c", "core.fsmonitor=false", "status", "--porcelain=v2", "--branch"]
    try:
        status = subprocess.run(
            [*command, "--untracked-files=no"],
            cwd=folder,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return _parsed_status(status.stdout.decode("utf-8", "replace"))


def _parsed_status(text: str) -> Git | None:
    lines = text.splitlines()
    heads = dict(line[9:].split(" ", 1) for line in lines if line.startswith("# branch."))
    commit = heads.get("oid", "(initial)")
    if commit == "(initial)":
        return None
    branch = heads.get("head", "(detached)")
    return {
        "commit": commit,
        "branch": None if branch == "(detached)" else branch,
        "dirty": any(not line.startswith("#") for line in lines),
    }
