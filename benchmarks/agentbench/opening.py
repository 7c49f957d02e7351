"""Makes a record into a task and its environment, on a worker."""

from __future__ import annotations

from pytest_smallbench.contracts import Bench, Model, Task, TaskEntry

from . import own_settings, parts
from .dataset import folder_of
from .environment import AgentBenchEnvironment
from .kinds import KINDS
from .plain import ANY_TEXT, PlainRecord, PlainWorld
from .worlds import Host, Record, World


def task_of(record: Record, entry: TaskEntry, benchmark: str) -> Task:
    """The agent's side of a record: nothing of the answer is in it."""
    kind = KINDS.get(record.environment)
    own = kind.text_answer if kind is not None else ""
    return Task(
        id=entry.id,
        name=entry.name,
        benchmark=benchmark,
        problem_statement=record.instruction,
        category=entry.category,
        tags=entry.tags,
        text_answer=ANY_TEXT if isinstance(record, PlainRecord) else own,
    )


def open_environment(bench: Bench, record: Record, task: Task) -> AgentBenchEnvironment:
    values = own_settings.checked(bench.settings.values)

    def judge_model() -> Model:
        from pytest_smallbench.models.openai_chat import OpenAIChat

        return OpenAIChat(values["judge_model"], bench.settings.base_url, temperature=0.0)

    host = Host(
        cache=bench.cache / "agentbench",
        open_sandbox=bench.open_sandbox,
        values=values,
        folder=folder_of(bench.index),
        judge_model=judge_model,
    )
    return AgentBenchEnvironment(task, record, open_world(record, host), bench.limits)


def open_world(record: Record, host: Host) -> World:
    """The world of a record; for a plain one an empty world, or none where its environment
    is not one of the seven."""
    kind = KINDS.get(record.environment)
    if not isinstance(record, PlainRecord):
        return parts.maker(KINDS[record.environment])(record, host)
    return PlainWorld(record, parts.maker(kind)(record, host) if kind is not None else None)
