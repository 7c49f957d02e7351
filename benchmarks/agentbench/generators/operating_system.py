"""Generated operating-system tasks: five families, each answer computed here in Python.

The reference is shell, so a task is right only where two ways of finding its answer agree:
this model's, which grades, and the solution's, which the oracle plays through the tools.
"""

from __future__ import annotations

from random import Random
from typing import Any

from ..worlds import Record
from . import os_commands, os_logs, os_states, os_texts, os_trees
from .os_draft import DIFFICULTIES, Draft

FAMILIES = (os_logs, os_trees, os_texts, os_states, os_commands)
COMPLETED = "task completed"


def generate(seed: int, number: int, difficulty: str) -> Record:
    """Task ``os/g<seed>-<number>``; the families take turns by number."""
    rng = Random(f"os {seed} {number} {difficulty}")  # text is hashed the same everywhere
    draft = FAMILIES[number % len(FAMILIES)].draft(rng, DIFFICULTIES[difficulty])
    return Record(
        id=f"os/g{seed}-{number:05d}",
        environment="os",
        instruction=draft.question,
        expected_output=COMPLETED if draft.answer is None else draft.answer,
        data=_data(draft),
        split="",
        difficulty=difficulty,
    )


def _data(draft: Draft) -> dict[str, Any]:
    """``wrong`` is for those who test graders: what a plausible mistake would hand in."""
    return {
        "template": draft.template,
        "init": [{"lang": "bash", "code": draft.init}] if draft.init else [],
        "example": {"lang": "bash", "code": draft.solution},
        "evaluation": draft.rule or _rule(draft),
        "wrong": draft.wrong,
    }


def _rule(draft: Draft) -> dict[str, Any]:
    comparator = "integer-match" if draft.is_number else "string-match"
    check = {"use": "script", "lang": "python", "code": "", "file": f"check/{comparator}.py"}
    return {"kind": "check", "expected": draft.answer, "steps": [{"use": "example"}, check]}
