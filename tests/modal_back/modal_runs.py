"""pytest in a project of its own, with its sandboxes at the stand-in for Modal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


class Project:
    """An empty folder, with a cache that knows no image yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
        options = ["--smallbench=bcb-agent", "--smallbench-dataset=mini"]
        options += ["--smallbench-agent=oracle", "--smallbench-sandbox=modal", *args]
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
            env={**os.environ, "SMALLBENCH_CACHE": str(self.folder / "cache"), **environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
        )

    def report(self, output: str) -> Any:
        return json.loads((self.folder / output / "report.json").read_text())
