"""Which judge a game has: the setting ``judge``, keys or llm."""

from __future__ import annotations

from pytest_smallbench.contracts import Model
from pytest_smallbench.errors import UsageMistake

from ...worlds import Host
from .judges import Judge
from .key_judge import KeyJudge
from .puzzle import Puzzle

JUDGES = ("keys", "llm")
JUDGE_MODEL = "gpt-4o-mini"


def open_judge(puzzle: Puzzle, host: Host) -> Judge:
    """The judge that the run asked for. Raises UsageMistake for an unknown one."""
    wanted = host.values.get("judge", "keys")
    if wanted not in JUDGES:
        raise UsageMistake(
            f"--smallbench-set=judge={wanted}: there is no such judge; give one of "
            + ", ".join(JUDGES)
        )
    if wanted == "keys" or not puzzle.keys:
        return KeyJudge(puzzle)
    from .llm_judge import LLMJudge

    return LLMJudge(puzzle, host.judge_model or _own_model, host.cache / "lateral-judge")


def _own_model() -> Model:
    from pytest_smallbench.models.openai_chat import OpenAIChat

    return OpenAIChat(JUDGE_MODEL, temperature=0.0)
