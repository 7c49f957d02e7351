"""Reads a folder in terminal-bench's form: task.yaml, run-tests.sh, tests/, solution.sh.

The verdict there is the exit status of run-tests.sh, in Harbor's own conversion as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .compose import Compose, read_compose
from .fields import Fields
from .folders import without_canary
from .task import FolderTask, Place, Verifier
from .yaml_file import parsed

PARSER = "pytest"  # whose exit status tells whether all tests passed


def read(file: Path) -> FolderTask:
    folder, top = file.parent, Fields(file, parsed(file))
    compose = _compose(folder)
    solution = folder / "solution.sh"
    return FolderTask(
        folder=folder,
        form="terminal-bench",
        instruction=without_canary(top.needed("instruction")),
        place=_place(top, compose),
        verifier=Verifier(
            script="/tests/run-tests.sh",
            timeout_s=top.seconds("max_test_timeout_sec", 60.0),
            env={"TEST_DIR": "/tests"},
            by_exit=True,
        ),
        tests=((folder / "tests", "/tests"), (folder / "run-tests.sh", "/tests/run-tests.sh")),
        solution=((solution, "/solution/solve.sh"),),
        solve="/solution/solve.sh" if solution.is_file() else "",
        agent_timeout_s=top.seconds("max_agent_timeout_sec", 360.0),
        category=top.text("category"),
        tags=top.texts("tags"),
        unmet=tuple(_unmet(top, compose)),
    )


def _compose(folder: Path) -> Compose:
    file = folder / "docker-compose.yaml"
    return read_compose(file) if file.is_file() else Compose(folder, folder / "Dockerfile")


def _place(top: Fields, compose: Compose) -> Place:
    if not compose.dockerfile.is_file():
        raise top.wrong("", f"there is no {compose.dockerfile} to build its container from")
    env = {**compose.env, "TEST_DIR": "/tests"}
    return Place(
        compose.context,
        compose.dockerfile,
        network="no-network" if compose.offline else "public",
        env=env,
        workdir=compose.workdir,
    )


def _unmet(top: Fields, compose: Compose) -> Iterator[str]:
    yield from compose.unmet
    if top.flag("run_tests_in_same_shell"):
        yield "its tests run in the agent's own shell (run_tests_in_same_shell)"
    parser = top.text("parser_name", PARSER)
    if parser != PARSER:
        yield f"its tests are read by the parser {parser} (parser_name)"
