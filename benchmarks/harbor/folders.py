"""Reading a task folder, whichever its form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pytest_smallbench.errors import UsageMistake

from .recognising import HARBOR
from .task import FolderTask


def read_task(file: Path) -> FolderTask:
    """The task that ``file`` describes. Raises UsageMistake, naming file and key."""
    if file.name == HARBOR:
        from .harbor_form import read
    else:
        from .older_form import read
    return read(file)


def read_text(file: Path) -> str:
    """A text of the task's. Raises UsageMistake."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageMistake(f"{file}: is not UTF-8 text ({error.reason})") from None
    except OSError as error:
        raise UsageMistake(f"{file}: cannot be read: {error.strerror}") from None


def without_canary(text: str) -> str:
    """The instruction without the leading comments that mark it as a benchmark's: they are
    meant for those who collect training data, not for the agent."""
    lines = text.splitlines(keepends=True)
    while lines and _marks(lines[0].strip().lower()):
        del lines[0]
    return "".join(lines).lstrip("\n")


def _marks(line: str) -> bool:
    return "canary" in line and line.startswith(("#", "<!--"))


def files_below(folder: Path) -> Iterator[Path]:
    """Every file, in an order that is the same everywhere; links are not followed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
