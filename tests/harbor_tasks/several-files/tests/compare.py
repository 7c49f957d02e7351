"""Prints rewards: whether all is right, and the share of lines that are."""

import json
import sys
from pathlib import Path


def lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


found, wanted = lines(sys.argv[1]), lines(sys.argv[2])
right = sum(line in found for line in wanted)
print(json.dumps({"reward": int(found == wanted), "lines": right / len(wanted)}))
print(f"{right} of {len(wanted)} lines are right", file=sys.stderr)
