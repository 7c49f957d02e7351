"""Text that agents, models and graded code wrote, made safe to print.

Such text may hold terminal commands (move the cursor, set the title, answer back), marks
that reverse the reading order, and markdown that forges a line of the report.
"""

from __future__ import annotations

import os
import re

# Whole commands go, so that "\x1b[31mred" becomes "red" and not "[31mred".
_COMMANDS = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    # OSC, DCS: titles and the like; a longer one is shown, or it could hide evidence.
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]{0,200}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
# Controls but \t and \n; bidirectional marks and overrides; invisible separators.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
# The runner looks behind white space at a line's start.
_RUNNER_COMMANDS = re.compile(r"^(\s*)(?=::|##\[)", re.MULTILINE)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
# A list item, a rule, the underline of a heading.
_LINE_STARTS = re.compile(r"^(\d*)([-+=.)])(?=\s|\2|$)")


def clean(text: str) -> str:
    """Without terminal commands and controls; lines and tabs stay, any line end is \\n.

    Inside GitHub Actions a line that its runner would take for a command is none any more.
    """
    lines = text.replace("\r\n", "\n")
    lines = _COMMANDS.sub("", lines).replace("\r", "\n")
    lines = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", lines))
    if os.environ.get("GITHUB_ACTIONS"):
        lines = _RUNNER_COMMANDS.sub("\\1\u200b", lines)
    return lines


def one_line(text: str) -> str:
    """Cleaned, and every run of white space one space."""
    return " ".join(clean(text).split())


def code(text: str) -> str:
    """One line as a markdown code span, where nothing is markup, mention or link; empty of
    nothing. Not for table cells: no escape of ``|`` in a code span holds everywhere."""
    line = one_line(text)
    if not line:
        return ""
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    # Markdown takes one space off each side: needed where the text begins with a backtick.
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"


def markdown(text: str) -> str:
    """One line of prose or table cell that markdown shows as it is, mentioning nobody."""
    line = _MARKDOWN.sub(r"\\\1", one_line(text)).replace("@", "@\u200b")
    # No escape keeps GitHub from linking a bare address; an invisible space does.
    line = line.replace("://", ":\u200b//").replace("www.", "www\u200b.")
    return _LINE_STARTS.sub(r"\1\\\2", line)
