"""A call in a fresh interpreter: what must not depend on the process is held against it."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest_smallbench

Result = TypeVar("Result")

# The paths come first: what follows is unpickled by importing from them.
CODE = """\
import pickle, sys
sys.path[:] = pickle.load(sys.stdin.buffer)
from pytest_smallbench.testing.another_process import serve
serve()
"""


class ElsewhereFailed(Exception):
    """The call could not be made in another process; the message is one line."""


def elsewhere(function: Callable[..., Result], *arguments: Any) -> Result:
    """``function(*arguments)`` in an interpreter of its own, with other hashes of texts.

    All of it is pickled. Raises ElsewhereFailed.
    """
    try:
        job = pickle.dumps((function, arguments))
    except Exception as error:  # whatever an object's own pickling raises
        raise ElsewhereFailed(f"cannot be sent to another process: {error}") from error
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        input=pickle.dumps(_paths()) + job,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=False,
    )
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ElsewhereFailed(lines[-1] if lines else f"exit status {done.returncode}")
    return cast("Result", pickle.loads(done.stdout))


def _paths() -> list[str]:
    """Where to import from: this package first from where it is now. pytest puts folders of
    conftest files before it, and a checkout there is not what is installed."""
    return [str(Path(pytest_smallbench.__file__).parents[1]), *sys.path]


def serve() -> None:
    """The other process's side: one job from stdin, its result to stdout."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the job prints must not get among the answer
    function, arguments = pickle.load(sys.stdin.buffer)
    with answers:
        pickle.dump(function(*arguments), answers)
