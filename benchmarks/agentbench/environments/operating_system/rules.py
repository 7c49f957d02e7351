"""The published ways to grade an answer: a fixed text, or a pipeline of checks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from . import comparators
from .inspection import Inspection
from .task import Script
from .truth import Truth

_SHOWN = 120  # characters of an answer in an explanation


def matches(answer: str, rule: Mapping[str, Any]) -> str:
    """Empty, or why the answer is not what a ``match`` rule wants. Case counts."""
    if rule.get("strip", True):
        answer = answer.strip()
    if "answer" in rule:
        expected = str(rule["answer"])
        return "" if answer == expected else f"expected {expected!r}, not {shown(answer)}"
    pattern = str(rule["regex"])
    return "" if re.search(pattern, answer) else f"nothing like {pattern!r} in {shown(answer)}"


def passes(
    steps: Sequence[Mapping[str, Any]], answer: str, truth: Truth, inspection: Inspection
) -> str:
    """Empty, or why the steps of a ``check`` rule are not passed: each gets the answer and what
    the steps before it have printed, and the first that says no ends it."""
    parameters = [answer]
    for number, step in enumerate(steps, start=1):
        if problem := _step(step, parameters, truth, inspection):
            return f"check {number}: {problem}"
    return ""


def _step(
    step: Mapping[str, Any], parameters: list[str], truth: Truth, inspection: Inspection
) -> str:
    if step["use"] == "example":
        parameters.append(truth.output())
        return ""
    comparator = comparators.find(str(step.get("file") or ""))
    if comparator:
        return _compare(comparator, parameters)
    done = inspection.check(Script(step["code"], step.get("lang", "bash")), parameters)
    parameters.append(done.text)
    if done.killed:
        return f"it reached its limit ({done.killed})"
    return f"exit code {done.exit_code}" if done.exit_code else ""


def _compare(comparator: comparators.Comparator, parameters: Sequence[str]) -> str:
    if comparators.agree(comparator, parameters):
        return ""
    expected = parameters[1] if len(parameters) > 1 else ""
    return f"expected {shown(expected)}, not {shown(parameters[0])}"


def shown(text: str) -> str:
    """A text of the agent's or of a program's, short and on one line."""
    text = text.strip()
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")
