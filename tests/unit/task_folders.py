"""Task folders as a test needs them: a plain one, with what the test wants otherwise."""

from __future__ import annotations

from pathlib import Path

from pytest_smallbench.benchmarks.harbor.folders import read_task
from pytest_smallbench.benchmarks.harbor.recognising import description
from pytest_smallbench.benchmarks.harbor.task import FolderTask

OWN = Path(__file__).parents[1] / "harbor_tasks"
PLAIN = {
    "task.toml": "",
    "instruction.md": "Do it.\n",
    "environment/Dockerfile": "FROM scratch\n",
    "tests/test.sh": "#!/bin/sh\n",
    "solution/solve.sh": "#!/bin/sh\n",
}
OLDER = {
    "task.yaml": "instruction: Do it.\ndifficulty: easy\n",
    "Dockerfile": "FROM scratch\n",
    "run-tests.sh": "#!/bin/sh\n",
    "solution.sh": "#!/bin/sh\n",
}


def lay(folder: Path, files: dict[str, str | None]) -> Path:
    """Writes the files; None leaves one out."""
    for name, text in files.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def task_in(folder: Path, toml: str = "", **others: str | None) -> FolderTask:
    """The task of a plain folder with that task.toml, and other files by their path."""
    lay(folder, {**PLAIN, "task.toml": toml, **others})
    return read(folder)


def older_in(folder: Path, yaml: str = "", **others: str | None) -> FolderTask:
    lay(folder, {**OLDER, "task.yaml": OLDER["task.yaml"] + yaml, **others})
    return read(folder)


def read(folder: Path) -> FolderTask:
    file = description(folder)
    assert file is not None
    return read_task(file)
