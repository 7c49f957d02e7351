"""docs/first-task.md, as a reader would go through it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"(?:<!-- (?:file|example): (\S+) -->\n)?```\w*\n(.*?)```", re.DOTALL)
NOT_HERE = ("python -m venv", "pip install")  # what is tested is installed already


def blocks(page):
    """(file name or nothing, text) of each block of code, in the page's order."""
    return BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))


def commands(text):
    """(command, the lines that the page shows of its output)."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *shown = part.splitlines()
        yield command, shown


def shape(line):
    """A line without what differs from run to run: numbers, and a path of the reader's."""
    line = re.sub(r"/\S+/conftest.py", "conftest.py", line.strip("= "))
    return re.sub(r"\d+(\.\d+)?", "N", line).rstrip()


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Runs a line of the page in an empty folder, with the plugin installed as it is here."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "CI", "GITHUB_ACTIONS", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    def run(command):
        done = subprocess.run(
            command,
            shell=True,
            cwd=tmp_path,
            env={**os.environ, "PATH": path, "COLUMNS": "80"},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_the_transcript_is_what_a_reader_sees(shell, tmp_path):
    number, statuses = 0, []
    for file, text in blocks("first-task.md"):
        if file:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(text)
            continue
        for command, shown in commands(text):
            number += 1
            if command.startswith(NOT_HERE):
                continue
            status, output = shell(command)
            statuses.append(status)
            left = iter([shape(line) for line in output.splitlines()])
            for line in shown:
                assert line == "..." or shape(line) in left, f"{command}: {line}\n{output}"
    assert number < 10
    assert statuses == [1, 0, 0]


def test_the_workflow_runs_the_command_of_the_page():
    texts = dict(blocks("first-task.md"))
    gate = next(c for _, text in blocks("first-task.md") for c, _ in commands(text) if "min-" in c)
    assert f"- run: {gate}\n" in texts[".github/workflows/agent.yml"]


def test_the_examples_of_the_reference_hold_with_the_oracle(shell, tmp_path):
    for file, text in blocks("custom-tasks.md"):
        (tmp_path / file).write_text(text)
    status, output = shell("pytest --smallbench-agent=oracle -p no:cacheprovider")
    assert "custom: resolved 4/4 attempts" in output
    assert status == 0
