"""Reads a ``report.json`` back, and says in one line in which field it is not what it must be.

The shape is that of shape.py, read from its types: there is no second description of it.
"""

from __future__ import annotations

import json
import math
import types
from functools import cache
from pathlib import Path
from typing import Any, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.reports.shape import SCHEMA, Report
from pytest_smallbench.reports.untrusted import one_line

NAME_LENGTH = 40  # characters of a key of the file's own that are shown
WORDS: dict[object, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    dict: "an object",
    list: "a list",
    type(None): "null",
}


def read_report(path: Path) -> Report:
    """Raises UsageMistake where the file is no report, or one that is damaged."""
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageMistake(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise UsageMistake(f"{path} is not JSON; name the report.json of a run") from None
    if not isinstance(report, dict) or report.get("schema") != SCHEMA:
        raise UsageMistake(f"{path} has no schema {SCHEMA!r}; name the report.json of a run")
    problem = _problem(report, Report, "") or _other_benchmark(report)
    if problem:
        raise UsageMistake(f"{path} is damaged: {problem}")
    return cast(Report, report)


def _other_benchmark(report: dict[str, Any]) -> str:
    for number, result in enumerate(report["results"]):
        if result["benchmark"] not in report["benchmarks"]:
            return f"results[{number}].benchmark is none of the report's benchmarks"
    return ""


def _problem(value: Any, kind: Any, at: str) -> str:
    """What is wrong with ``value`` as a ``kind``, and where; empty when it fits."""
    if is_typeddict(kind):
        return _problem_in_fields(value, kind, at)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        choices = get_args(kind)
        fits = any(not _problem(value, each, at) for each in choices)
        # Of the choices the one that is not null says best what is wrong.
        return "" if fits else _problem(value, choices[0], at)
    if origin is dict and isinstance(value, dict):
        of = get_args(kind)[1]
        found = (_problem(each, of, f"{at}.{_shown(key)}") for key, each in value.items())
        return next(filter(None, found), "")
    if origin is list and isinstance(value, list):
        of = get_args(kind)[0]
        found = (_problem(each, of, f"{at}[{number}]") for number, each in enumerate(value))
        return next(filter(None, found), "")
    return "" if _is(value, origin or kind) else f"{at.lstrip('.')} is not {WORDS[origin or kind]}"


def _problem_in_fields(value: Any, kind: Any, at: str) -> str:
    if not isinstance(value, dict):
        return f"{at.lstrip('.')} is not an object"
    for name, of in _fields(kind).items():
        if name not in value and name in kind.__required_keys__:
            return f"{at.lstrip('.')}{'.' if at else ''}{name} is missing"
        if name in value and (problem := _problem(value[name], of, f"{at}.{name}")):
            return problem
    return ""


@cache
def _fields(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _is(value: Any, kind: Any) -> bool:
    if kind is float:
        whole = isinstance(value, int | float) and not isinstance(value, bool)
        return whole and _is_finite(value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and _is_finite(value)
    return isinstance(value, kind)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that is longer than any float
        return False


def _shown(key: str) -> str:
    return one_line(key)[:NAME_LENGTH]
