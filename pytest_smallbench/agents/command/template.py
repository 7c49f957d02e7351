"""The command of a ``cmd:`` agent: split as a shell would, and filled with what is a task's."""

from __future__ import annotations

import difflib
import os
import re
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from pytest_smallbench.agents import COMMAND
from pytest_smallbench.errors import UsageMistake

PLACES = ("prompt", "prompt_file", "mcp_config", "mcp_url", "workdir", "cwd")
_PLACE = re.compile(r"\{(" + "|".join(PLACES) + r")\}")
_WORD = re.compile(r"\{([a-z_]+)\}")
_NEAR = 0.85  # alike enough for a slip of the pen: promt is, awk's {print} is not


@dataclass(frozen=True)
class Template:
    """``words`` are the command's, unfilled; the first is the program."""

    words: tuple[str, ...]

    @property
    def takes_prompt(self) -> bool:
        """Whether the prompt has a place in the command; else it goes to stdin."""
        return any("{prompt}" in word or "{prompt_file}" in word for word in self.words)

    def fill(self, values: Mapping[str, str]) -> list[str]:
        """The command for one attempt. A value stays within its word, whatever is in it, and
        no value is looked into for places; other braces are the program's own."""
        return [_PLACE.sub(lambda found: values[found[1]], word) for word in self.words]


def parse(agent: str) -> Template:
    """``agent`` is the option's value, ``cmd:`` and all. Raises UsageMistake."""
    try:
        words = shlex.split(agent.removeprefix(COMMAND))
    except ValueError as error:
        raise _mistake(agent, f"{str(error).lower()}; quote it as for a shell") from None
    if not words:
        raise _mistake(agent, f"there is no command after {COMMAND}")
    for word in words:
        _check_places(agent, word)
    _check_program(agent, words[0])
    _check_script(agent, words[1:])
    if "/" in words[0]:  # from here on relative to the attempt's folder
        words[0] = os.path.abspath(words[0])
    return Template(tuple(words))


def _check_places(agent: str, word: str) -> None:
    for found in _WORD.findall(word):
        near = difflib.get_close_matches(found, PLACES, n=1, cutoff=_NEAR)
        if found not in PLACES and near:
            places = ", ".join(f"{{{place}}}" for place in PLACES)
            raise _mistake(agent, f"{{{found}}}: did you mean {{{near[0]}}}? There are {places}")


def _check_program(agent: str, program: str) -> None:
    if shutil.which(program) is not None:
        return
    if os.path.isdir(program):
        raise _mistake(agent, f"{program} is a folder; name a program")
    if os.path.exists(program):
        raise _mistake(agent, f"{program} is not executable; chmod +x it, or name its interpreter")
    where = "" if "/" in program else " on PATH"
    raise _mistake(agent, f"there is no program {program!r}{where}; install it or give its path")


def _check_script(agent: str, arguments: list[str]) -> None:
    """``python agent.py`` would be looked for in the attempt's folder, where it is not."""
    first = next((word for word in arguments if not word.startswith("-")), "")
    if os.path.isfile(first) and not os.path.isabs(first):
        raise _mistake(
            agent, f"the program runs in a folder of its own; write {{cwd}}/{first} for this file"
        )


def _mistake(agent: str, what: str) -> UsageMistake:
    return UsageMistake(f"--smallbench-agent={agent}: {what}")
