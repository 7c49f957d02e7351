"""What the agent is told about a command: its output as text, cleaned and cut as published."""

from __future__ import annotations

import codecs
import re

from pytest_smallbench.contracts import Completed

LONGEST = 800  # characters; above, the first KEPT are shown
KEPT = 780
CUT = "\n[truncated because the output is too long]"
EMPTY = "The output of the OS is empty."
UNREADABLE = "The output of the OS cannot be shown: it is not text in UTF-8."

# Control sequences (colours, cursor), strings for the terminal (titles), and single escapes.
_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[PX\]^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]|\x1b"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WHERE = re.compile(r"^(?:/bin/)?bash: (?:eval: )?line \d+: ", re.MULTILINE)
_ENDINGS = {
    "memory": "used more memory than there is",
    "processes": "started more processes than are allowed",
}


def describe(done: Completed, timeout: float, folder: str) -> str:
    """The observation for a command that was given ``timeout`` seconds. ``folder`` is where
    a new shell starts, where this one has ended."""
    text = _text(done)
    if not shell_ended(done):
        return text
    if done.timed_out:
        reason = f"The command did not end within {timeout:g} seconds and was stopped"
    elif done.killed:
        reason = f"The command {_ENDINGS.get(done.killed, 'reached a limit')} and was stopped"
    else:
        reason = "The shell has ended"
    return f"{text}\n{reason}. A new shell has been started in {folder}."


def shell_ended(done: Completed) -> bool:
    """Whether the shell has ended with this command. What is typed writes to stdout only: on
    stderr it is the sandbox that speaks."""
    return done.timed_out or bool(done.killed) or b"new" in done.stderr


def _text(done: Completed) -> str:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(done.stdout, not _cut(done))
    except UnicodeDecodeError:
        return UNREADABLE
    text = clean(text)
    if not text:
        return EMPTY
    return "The output of the OS:\n\n" + (text if len(text) <= LONGEST else text[:KEPT] + CUT)


def _cut(done: Completed) -> bool:
    return done.truncated or done.timed_out or bool(done.killed)


def clean(text: str) -> str:
    """Without what only a terminal understands, and without the shell's own line numbers,
    which count the lines of what the command was wrapped in."""
    text = _ESCAPES.sub("", text.replace("\r\n", "\n"))
    return _WHERE.sub("bash: ", _CONTROLS.sub("", text)).strip("\n").rstrip()
