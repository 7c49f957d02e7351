"""An attempt's private folder: what the program is told, and where it may work."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from pytest_smallbench.agents.command import proxy
from pytest_smallbench.undisturbed import undisturbed

SERVER = "smallbench"
SOCKET_LENGTH = 100  # bytes that a Unix socket's path may have, and some to spare


class Workplace:
    """A folder that nobody else may look into, from ``with`` to its end."""

    def __init__(self) -> None:
        self.folder = _new_folder()
        self.socket = self.folder / "mcp.sock"
        self.prompt = self.folder / "prompt.txt"
        self.config = self.folder / "mcp.json"
        self.workdir = self.folder / "work"

    def __enter__(self) -> Workplace:
        self.workdir.mkdir()
        return self

    def __exit__(self, *_: object) -> None:
        with undisturbed():
            shutil.rmtree(self.folder, ignore_errors=True)

    def furnish(self, prompt: str) -> None:
        """Write what the program may be pointed to."""
        self.prompt.write_text(prompt, encoding="utf-8")
        proxied = {
            "command": sys.executable,
            "args": ["-I", proxy.__file__, str(self.socket)],
        }
        self.config.write_text(json.dumps({"mcpServers": {SERVER: proxied}}), encoding="utf-8")


def _new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="smallbench-"))
    if len(str(folder)) < SOCKET_LENGTH - len("/mcp.sock"):
        return folder
    folder.rmdir()
    return Path(tempfile.mkdtemp(prefix="smallbench-", dir="/tmp"))
