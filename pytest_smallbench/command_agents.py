"""What a run needs to know of an agent that is a command (``cmd:...``) before it is made."""

from __future__ import annotations

from pytest_smallbench.agents import COMMAND
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.reports.scrubbing import scrub
from pytest_smallbench.settings import Settings
from pytest_smallbench.trajectory import environment_secrets


def is_command(agent: str) -> bool:
    return agent.startswith(COMMAND)


def label(agent: str) -> str:
    """The agent as reports name it: a command is shown without what looks secret."""
    return scrub(agent, environment_secrets()) if is_command(agent) else agent


def check_options(settings: Settings) -> None:
    """Raises UsageMistake for what holds only while we stand between agent and model."""
    held = {
        "--smallbench-budget": settings.budget,
        "--smallbench-max-tokens": settings.max_tokens,
        "--smallbench-record": settings.record,
        "--smallbench-replay": settings.replay,
    }
    for option, value in held.items():
        if value is not None:
            raise UsageMistake(
                f"{option}: the program of {COMMAND} asks its model by itself, out of our sight; "
                "use a flag of the program's own instead"
            )
