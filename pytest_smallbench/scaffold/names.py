"""The names of a new package: what the user calls it, made valid. Wrong ones are one line."""

from __future__ import annotations

import keyword
import re
import sys
from dataclasses import dataclass

from pytest_smallbench.errors import UsageMistake

LONGEST = 60
TAKEN = {"pytest", "xdist", "pytest_smallbench", "smallbench", "tests", "benchmarks", "src"}


@dataclass(frozen=True)
class Names:
    """``name`` is the distribution's and the one given on the command line (``my-bench``);
    ``package`` the one imported (``my_bench``); ``title`` is for readers (``My bench``)."""

    name: str

    @property
    def package(self) -> str:
        return self.name.replace("-", "_")

    @property
    def title(self) -> str:
        return self.name.replace("-", " ").capitalize()


def named(given: str, taken: frozenset[str] = frozenset()) -> Names:
    """The names made from what was given: ``My Bench``, ``my_bench`` and ``my-bench`` are one.

    ``taken`` are names of that kind that are installed. Raises UsageMistake.
    """
    name = re.sub(r"[\s_.-]+", "-", given.strip()).strip("-").lower()
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name) or len(name) > LONGEST:
        raise UsageMistake(
            f"{given!r:.80} cannot name a package: use letters, digits and -, a letter first, "
            f"{LONGEST} characters at most, such as my-bench"
        )
    names = Names(name)
    if keyword.iskeyword(names.package) or names.package in sys.stdlib_module_names | TAKEN:
        raise UsageMistake(f"{name!r} is taken: Python or pytest has a module of that name")
    if name in taken:
        raise UsageMistake(f"{name!r} is taken: a package that is installed here brings it")
    return names
