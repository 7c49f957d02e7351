"""Ruff's error rules (E9 and F) on the program that would run, in the solution's lines.

Milliseconds, nothing read from the host's configuration, nothing written to a cache.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pytest_smallbench.errors import InfrastructureError

from .observations import plural
from .program import parsed

MAX_FINDINGS = 15
TIMEOUT_S = 20.0  # far beyond need: only a linter that hangs meets it


@dataclass(frozen=True)
class Finding:
    """``line`` counts from 1 in the text that was asked about; ``code`` is ruff's, or
    ``syntax error``."""

    line: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.code}: {self.message}"


def lint(text: str, *, head: str = "", python: str = "py310") -> list[Finding] | None:
    """What is wrong with ``text`` as it stands after ``head``, in the lines of ``text``.

    ``python`` is ruff's name for the Python version that will run it. None where the linter
    could make nothing of the text (nesting so deep that it overflows its stack).
    Raises InfrastructureError where ruff is not installed.
    """
    raw = _ruff(head + text, python)
    if raw is None:
        return None
    view = _View(head, last=text.rstrip("\n").count("\n") + 1)
    found = [finding for item in raw if (finding := view.finding(item)) is not None]
    return list(dict.fromkeys(found))


def summary(findings: list[Finding] | None) -> str:
    """The findings as the agent reads them."""
    if findings is None:
        return "Linter: this code is nested too deeply to be checked."
    if not findings:
        return "Linter: no errors."
    lines = [f"Linter: {plural(len(findings), 'finding')}:"]
    lines += [f"  {finding}" for finding in findings[:MAX_FINDINGS]]
    if len(findings) > MAX_FINDINGS:
        lines.append(f"  [... {len(findings) - MAX_FINDINGS} more findings left out ...]")
    return "\n".join(lines)


class _View:
    """Turns ruff's findings about a program into findings about the part after ``head``."""

    def __init__(self, head: str, last: int) -> None:
        self._lines = head.count("\n")
        self._last = last
        self._given = _imports(head)

    def finding(self, item: Mapping[str, Any]) -> Finding | None:
        line = item["location"]["row"] - self._lines
        code = item["code"] if re.fullmatch(r"[A-Z]+\d+", item["code"] or "") else "syntax error"
        message = str(item["message"])
        if line < 1 or self._given_away(code, message):
            return None
        if code == "F404":
            message += "; the given start comes before the solution, so leave this import out"
        return Finding(min(line, self._last), code, self._renumbered(message))

    def _given_away(self, code: str, message: str) -> bool:
        """Whether the finding only tells that the solution repeats the start it was given:
        its imports, used or not, and the stub of the function."""
        if code == "F401":
            name = re.match(r"`([^`]+)`", message)
            return name is not None and name[1].split(" as ")[0] in self._given
        earlier = re.search(r"from line (\d+)", message)
        return code == "F811" and earlier is not None and int(earlier[1]) <= self._lines

    def _renumbered(self, message: str) -> str:
        def shifted(match: re.Match[str]) -> str:
            line = int(match[1]) - self._lines
            return f"from line {line}" if line > 0 else "from the given start"

        return re.sub(r"from line (\d+)", shifted, message)


def _imports(head: str) -> set[str]:
    """Full names of all that ``head`` imports."""
    names: set[str] = set()
    tree = parsed(head)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def _ruff(program: str, python: str) -> list[dict[str, Any]] | None:
    command = [_binary(), "check", "--isolated", "--no-cache", "--quiet", "--select", "E9,F"]
    command += ["--output-format", "json", "--target-version", python]
    command += ["--stdin-filename", "solution.py", "-"]
    try:
        done = subprocess.run(
            command, input=program.encode(), capture_output=True, timeout=TIMEOUT_S, env={}, cwd="/"
        )
    except subprocess.TimeoutExpired:
        return None
    except OSError as error:
        raise InfrastructureError(f"ruff cannot be run: {error}") from error
    if done.returncode not in (0, 1):  # 2 is its own error, a signal its stack overflow
        return None
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@cache
def _binary() -> str:
    """The ruff that pip installed beside this package, else the one on PATH."""
    try:
        from ruff import find_ruff_bin
    except ImportError:  # before ruff 0.12 the function lay in its __main__
        try:
            from ruff.__main__ import find_ruff_bin
        except ImportError:
            find_ruff_bin = None
    try:
        found = find_ruff_bin() if find_ruff_bin is not None else shutil.which("ruff")
    except FileNotFoundError:
        found = shutil.which("ruff")
    if found is None:
        raise InfrastructureError("ruff is not installed; mend it with: pip install ruff")
    return str(found)
