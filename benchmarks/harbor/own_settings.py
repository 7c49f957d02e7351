"""Harbor's own settings (--smallbench-set=KEY=VALUE)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_smallbench.errors import UsageMistake

ALLOWED: Mapping[str, tuple[str, ...]] = {"network": ("task", "none"), "processes": ("end", "keep")}
"""Each setting's values, the default first."""
HOST_ENV = "host_env"
NAMES = (*ALLOWED, HOST_ENV)


@dataclass(frozen=True)
class OwnSettings:
    """``offline``: no task gets a network. ``keep_processes``: what the agent left running
    still runs while the verifier does. ``host_env`` are the host's variables that tasks get."""

    offline: bool
    keep_processes: bool
    host_env: tuple[str, ...]


def checked(values: Mapping[str, str]) -> OwnSettings:
    """Raises UsageMistake. Keys that are not Harbor's are left to whoever else runs."""
    for key, allowed in ALLOWED.items():
        if key in values and values[key] not in allowed:
            raise UsageMistake(
                f"--smallbench-set={key}: {values[key]!r} is not one of {', '.join(allowed)}"
            )
    names = (name.strip() for name in values.get(HOST_ENV, "").split(","))
    return OwnSettings(
        offline=values.get("network") == "none",
        keep_processes=values.get("processes") == "keep",
        host_env=tuple(name for name in names if name),
    )


def fingerprint(own: OwnSettings) -> str:
    """The settings under which the same work may get another verdict."""
    network, processes = "none" if own.offline else "task", "keep" if own.keep_processes else "end"
    return f"docker, network={network}, processes={processes}"
