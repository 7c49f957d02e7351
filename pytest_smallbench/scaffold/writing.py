"""Fills a template in and writes it into a new folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.scaffold.names import Names

TEMPLATES = Path(__file__).parent / "templates"
SUFFIX = ".j2"


def kinds() -> list[str]:
    """What there are templates of."""
    return sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir())


def write(kind: str, names: Names, folder: Path) -> list[str]:
    """Write the template into ``folder``, which is made; its files' paths, sorted.

    Nothing is left where it cannot be written whole. Raises UsageMistake.
    """
    _refuse_existing(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=".smallbench-new-", dir=folder.parent))
        try:
            written = [_put(unfinished / path, text) for path, text in rendered(kind, names)]
            unfinished.chmod(0o755)  # mkdtemp's own is for its owner alone
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise UsageMistake(
            f"cannot write {folder}: {error.strerror}; name another folder with --output"
        ) from None
    return sorted(str(path.relative_to(unfinished)) for path in written)


def rendered(kind: str, names: Names) -> Iterator[tuple[str, str]]:
    """(path, text) of each file."""
    import jinja2  # only here: the command line does without it otherwise

    # Plain angle brackets: ``{{`` is what GitHub's workflows have themselves.
    fill = jinja2.Environment(
        variable_start_string="<<",
        variable_end_string=">>",
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    values = {
        "name": names.name,
        "package": names.package,
        "title": names.title,
        "version": version("pytest-smallbench"),
    }
    root = TEMPLATES / kind
    for template in sorted(root.rglob(f"*{SUFFIX}")):
        path = str(template.relative_to(root)).removesuffix(SUFFIX)
        path = path.replace("PACKAGE", names.package).replace("DOT.", ".")
        yield path, fill.from_string(template.read_text(encoding="utf-8")).render(values)


def _put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _refuse_existing(folder: Path) -> None:
    if folder.exists() or folder.is_symlink():
        raise UsageMistake(f"{folder} exists already; name another folder with --output")
