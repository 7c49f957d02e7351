"""The environment variables of a sandbox, made from nothing: none of the host's get in."""

from __future__ import annotations

import os
from collections.abc import Sequence

_ONE_THREAD = (
    "BLIS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)

SYSTEM = {
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "LOGNAME": "root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "SHELL": "/bin/bash",
    "TERM": "dumb",
    "TZ": "UTC",
    "USER": "root",
}
"""What a run in a system root starts with, instead."""


def variables(python: str, python_path: Sequence[str]) -> dict[str, str]:
    """What the broker starts with, and so each run; ``python`` comes first in PATH."""
    values = {
        "HOME": "/home/sandbox",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "LOGNAME": "sandbox",
        "MPLBACKEND": "Agg",
        "PATH": f"{os.path.dirname(os.path.abspath(python))}:/usr/local/bin:/usr/bin:/bin",
        # A module rewritten within a second would otherwise be run from its old bytecode.
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "SHELL": "/bin/sh",
        "TERM": "dumb",
        "TMPDIR": "/tmp",
        "TZ": "UTC",
        "USER": "sandbox",
    }
    # A library that starts threads at import would make every later fork unsafe.
    values |= dict.fromkeys(_ONE_THREAD, "1")
    if python_path:
        values["PYTHONPATH"] = os.pathsep.join(python_path)
    return values
