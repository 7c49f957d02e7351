"""AgentBench's own settings (--smallbench-set=KEY=VALUE): what they may be, and their defaults."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_smallbench.errors import UsageMistake

from .worlds import DIFFICULTIES

MIXED = "mixed"
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "difficulty": (MIXED, *DIFFICULTIES),
    "db_engine": ("sqlite", "mariadb"),
    "card_mode": ("fixed", "faithful"),
    "judge": ("keys", "llm"),
    "language": ("en", "zh", "both"),
    "web_pages": ("off", "on"),
}
"""Each setting's values, the default first."""
FREE: Mapping[str, str] = {"judge_model": "gpt-4o-mini"}
"""Settings that may be any text, and their defaults."""


def checked(values: Mapping[str, str]) -> dict[str, str]:
    """Every setting, the default where none is given. Raises UsageMistake.

    Keys that are not AgentBench's are left to whoever else runs.
    """
    for key, allowed in ALLOWED.items():
        if key in values and values[key] not in allowed:
            raise UsageMistake(
                f"--smallbench-set={key}: {values[key]!r} is not one of {', '.join(allowed)}"
            )
    defaults = {**{key: allowed[0] for key, allowed in ALLOWED.items()}, **FREE}
    return {key: values.get(key, default) for key, default in defaults.items()}


JUDGING = ("card_mode", "db_engine", "difficulty", "judge", "language")


def fingerprint(values: Mapping[str, str]) -> str:
    """The settings under which the same id may be another task, or the same play another
    verdict: reports of runs that differ in one are not compared."""
    keys = [*JUDGING, "judge_model"] if values["judge"] == "llm" else JUDGING
    return ", ".join(f"{key}={values[key]}" for key in keys)


def difficulty_of(number: int, setting: str) -> str:
    """The difficulty of a generated task: as set, or mixed by turns."""
    return DIFFICULTIES[number % len(DIFFICULTIES)] if setting == MIXED else setting
