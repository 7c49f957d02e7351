"""YAML, for the task folders that are written in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytest_smallbench.errors import UsageMistake

from .folders import read_text


def parsed(file: Path) -> Any:
    """Raises UsageMistake. Plain data only: no YAML tag makes anything else."""
    import yaml  # slow to import, and needed for few tasks

    try:
        return yaml.safe_load(read_text(file))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        what = getattr(error, "problem", None) or str(error)
        raise UsageMistake(f"{file}: is not valid YAML{where}: {what}") from None
