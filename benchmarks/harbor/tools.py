"""What an agent can do in a task's container, and how its output is told."""

from __future__ import annotations

from pytest_smallbench.contracts import Completed, Tool

BASH = Tool(
    "bash",
    "Runs a command in a new shell in the working folder and answers with its output. "
    "Directory and variables do not carry over to the next call; files do, and so does what "
    "runs in the background.",
    {
        "type": "object",
        "properties": {
            "command": {"type": "string", "description": "What the shell is to run."},
            "timeout_s": {
                "type": "number",
                "description": "Seconds after which the command is ended; 120 if not given.",
                "exclusiveMinimum": 0,
            },
        },
        "required": ["command"],
        "additionalProperties": False,
    },
)
READ_FILE = Tool(
    "read_file",
    "Answers with a file's text.",
    {
        "type": "object",
        "properties": {"path": {"type": "string"}},
        "required": ["path"],
        "additionalProperties": False,
    },
)
WRITE_FILE = Tool(
    "write_file",
    "Writes a text to a file; folders on the way are made, what was there is replaced.",
    {
        "type": "object",
        "properties": {"path": {"type": "string"}, "content": {"type": "string"}},
        "required": ["path", "content"],
        "additionalProperties": False,
    },
)
SUBMIT = Tool(
    "submit",
    "Ends the work. What is in the container now is graded.",
    {"type": "object", "properties": {}, "additionalProperties": False},
)
TOOLS = (BASH, READ_FILE, WRITE_FILE, SUBMIT)

COMMAND_S = 120.0
SHOWN = 20_000  # characters of an output; of a longer one its beginning and end


def told(done: Completed, timeout: float) -> str:
    """A command's output and, where it is not 0, its exit status."""
    text = clipped(done.text.rstrip("\n"))
    if done.truncated:
        text += "\n(more output was dropped)"
    if done.timed_out:
        text += f"\n(ended: it ran longer than {timeout:g} s)"
    elif done.exit_code:
        text += f"\n(exit status {done.exit_code})"
    return text.lstrip("\n") or "(no output)"


def clipped(text: str) -> str:
    if len(text) <= SHOWN:
        return text
    half = SHOWN // 2
    return f"{text[:half]}\n... {len(text) - SHOWN} characters left out ...\n{text[-half:]}"
