"""``${NAME}`` and ``${NAME:-default}`` in a task's environment variables.

A task file is a stranger's: it gets no variable of the host's but those that the user names
with ``--smallbench-set=host_env=NAME,NAME``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping

_ASKED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")


def filled(env: Mapping[str, str], allowed: Collection[str]) -> dict[str, str]:
    """The variables with the host's values in them; ``missing`` has found none."""

    def value(asked: re.Match[str]) -> str:
        host = os.environ.get(asked[1], "") if asked[1] in allowed else ""
        return host or asked[2] or ""

    return {name: _ASKED.sub(value, text) for name, text in env.items()}


def missing(env: Mapping[str, str], allowed: Collection[str]) -> Iterator[str]:
    """Why a variable cannot be filled, one reason each."""
    for text in env.values():
        for asked in _ASKED.finditer(text):
            name, default = asked[1], asked[2]
            if default is not None:
                continue
            if name not in allowed:
                yield (
                    f"it asks for the host's variable {name}; "
                    f"--smallbench-set=host_env={name} hands it over"
                )
            elif name not in os.environ:
                yield f"it asks for the host's variable {name}, which is not set"
