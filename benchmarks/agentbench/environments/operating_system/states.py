"""The ways to grade a task of our own that asks for a change: what the system must be like.

A ``state`` rule lists facts about files, users and groups; a ``command`` rule lists calls of a
new command with what each must print. Both are looked at from outside, without a script that
runs among the agent's files.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .inspection import Inspection
from .rules import shown

_CLOSE = 1e-5  # the published tolerance for numbers
_FIELDS = ("kind", "mode", "owner", "group", "size")
_Compare = Callable[[str, str], bool]


def is_as_asked(rule: Mapping[str, Any], inspection: Inspection) -> str:
    """Empty, or what is not as the ``state`` rule wants it.

    ``trees``: folder -> path below it ("" for itself) -> [kind, mode, uid, gid, size]; nothing
    may be missing, and nothing else may be there. ``folders`` must exist. ``users``: name ->
    {home, shell}, both optional, or None for a user that must be gone. ``groups``: name ->
    {members}.
    """
    for folder, expected in rule.get("trees", {}).items():
        found = inspection.files(folder)
        if problem := _tree(folder, {path: tuple(row) for path, row in expected.items()}, found):
            return problem
    for folder in rule.get("folders", ()):
        if inspection.files(folder).get("", ("",))[0] != "d":
            return f"there is no directory {folder}"
    users = inspection.accounts("/etc/passwd") if rule.get("users") else {}
    for name, wanted in rule.get("users", {}).items():
        if problem := _user(name, wanted, users):
            return problem
    groups = inspection.accounts("/etc/group") if rule.get("groups") else {}
    for name, wanted in rule.get("groups", {}).items():
        if problem := _group(name, wanted, groups):
            return problem
    return ""


def _tree(
    folder: str, expected: Mapping[str, tuple[str, ...]], found: Mapping[str, tuple[str, ...]]
) -> str:
    for path in sorted({*expected, *found}):
        place = f"{folder}/{path}".rstrip("/")
        if path not in found:
            return f"{place} is missing"
        if path not in expected:
            return f"{shown(place)} should not be there"
        for what, wanted, seen in zip(_FIELDS, expected[path], found[path], strict=True):
            if wanted != seen:
                return f"{place} has {what} {seen}, not {wanted}"
    return ""


def _user(name: str, wanted: Mapping[str, str] | None, users: Mapping[str, list[str]]) -> str:
    fields = users.get(name)
    if wanted is None:
        return f"user {name} is still there" if fields else ""
    if fields is None or len(fields) != 6:
        return f"there is no user {name}"
    if [row[1] for row in users.values() if len(row) == 6].count(fields[1]) != 1:
        return f"user {name} shares the uid {shown(fields[1])} with another"
    found = {"uid": fields[1], "home": fields[4], "shell": fields[5]}
    for what, value in wanted.items():
        if found[what] != value:
            return f"user {name} has {what} {shown(found[what])}, not {value}"
    return ""


def _group(name: str, wanted: Mapping[str, Any], groups: Mapping[str, list[str]]) -> str:
    fields = groups.get(name)
    if fields is None or len(fields) != 3:
        return f"there is no group {name}"
    members = sorted(filter(None, fields[2].split(",")))
    if members != sorted(wanted["members"]):
        return f"group {name} has the members {shown(','.join(members))}"
    return ""


def does_as_asked(rule: Mapping[str, Any], inspection: Inspection) -> str:
    """Empty, or which call of the ``command`` rule's new command went wrong.

    ``cases`` are [arguments, standard input, expected output]; ``compare`` is ``text``
    (surrounding blanks do not count) or ``number``.
    """
    name, compare = rule["name"], _same_number if rule["compare"] == "number" else _same_text
    for arguments, text, expected in rule["cases"]:
        problem = _case(inspection, [name, *arguments], text, compare, expected)
        if problem:
            call = " ".join([name, *map(shown, arguments)])
            return f"{call}: {problem}"
    return ""


def _case(
    inspection: Inspection, argv: list[str], text: str, compare: _Compare, expected: str
) -> str:
    done = inspection.run(argv, stdin=text.encode())
    if done.killed:
        return f"it reached its limit ({done.killed})"
    if done.exit_code:
        return f"exit code {done.exit_code}"
    return "" if compare(done.text, expected) else f"expected {expected!r}, not {shown(done.text)}"


def _same_number(output: str, expected: str) -> bool:
    try:
        return math.isclose(float(output), float(expected), rel_tol=0, abs_tol=_CLOSE)
    except ValueError:
        return False


def _same_text(output: str, expected: str) -> bool:
    return _lines(output) == _lines(expected)


def _lines(text: str) -> Sequence[str]:
    return [line.rstrip() for line in text.strip().splitlines()]
