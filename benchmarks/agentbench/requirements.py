"""What a run needs that this machine may not have: said before any task starts."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_smallbench.contracts import TaskIndex
from pytest_smallbench.errors import UsageMistake

from . import parts
from .dataset import read_record
from .kinds import KINDS
from .plain import PlainRecord


def check(index: TaskIndex, values: Mapping[str, str], base_url: str | None) -> None:
    """Raises UsageMistake where a setting asks for an engine or a model that is not there."""
    kinds = {entry.category for entry in index.entries}
    problem = ""
    if "db" in kinds and values["db_engine"] == "mariadb":
        from .environments.database.mariadb_server import missing

        problem = missing()
    if "lateral" in kinds and values["judge"] == "llm":
        from pytest_smallbench.models.openai_chat import OpenAIChat

        problem = problem or OpenAIChat(values["judge_model"], base_url).unavailable()
    if problem:
        raise UsageMistake(f"--smallbench-set: {problem}")


def skips(index: TaskIndex, values: Mapping[str, str], sandbox: str) -> dict[str, str]:
    """By task id why this machine cannot grade it. Only records of kinds that ask for
    something are looked at."""
    found = {}
    for entry in index.entries:
        kind = KINDS.get(entry.category)
        unmet = parts.requirements(kind) if kind is not None else None
        if unmet is None:
            continue
        record = read_record(index, entry, values)
        if not isinstance(record, PlainRecord) and (reason := unmet(record, sandbox)):
            found[entry.id] = reason
    return found
