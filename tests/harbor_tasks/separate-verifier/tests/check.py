"""Succeeds where the table is right, and where this container is not the agent's."""

import csv
import sys
from pathlib import Path

if Path("/logs/agent/was-here").exists():
    sys.exit("this is the agent's container")
try:
    rows = list(csv.reader(Path(sys.argv[1]).read_text().splitlines()))
except FileNotFoundError as missing:
    sys.exit(f"there is no {missing.filename}")
wanted = [["number", "square"], *([str(n), str(n * n)] for n in range(1, 21))]
sys.exit(0 if rows == wanted else f"{rows[:3]} ... is not {wanted[:3]} ...")
