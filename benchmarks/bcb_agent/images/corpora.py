"""NLTK's corpora, which some tasks read: fetched once, into the environment's own folder.

NLTK looks for them in ``nltk_data`` below the interpreter's prefix, so what lies there is
found without a setting, in the sandbox too. Where they cannot be had the environment works
without them; the reference check then skips the tasks that need them.
"""

from __future__ import annotations

import hashlib
import shlex
import subprocess
from pathlib import Path
from typing import Final

from pytest_smallbench.contracts import Say

# What the tasks' solutions and tests load, under the names of old and of new NLTK releases.
CORPORA: Final = {
    "stopwords": "corpora",
    "words": "corpora",
    "punkt": "tokenizers",
    "punkt_tab": "tokenizers",
    "averaged_perceptron_tagger": "taggers",
    "averaged_perceptron_tagger_eng": "taggers",
    "vader_lexicon": "sentiment",
}
MARK: Final = "+nltk"  # stands in the fingerprint of an environment that has corpora
FETCH_TIMEOUT_S: Final = 180  # of all together, some 15 MB
SILENCE_S: Final = 15  # of a server that stops answering

SCRIPT: Final = """
import socket, sys
socket.setdefaulttimeout(float(sys.argv[1]))
from nltk.downloader import Downloader
downloader = Downloader(sys.argv[3] or None, sys.argv[2])
try:
    downloader.index()
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
failed = [name for name in sys.argv[4:] if not downloader.download(name, quiet=True)]
sys.exit(f"not to be had: {', '.join(failed)}" if failed else 0)
"""


def folder_in(environment: Path) -> Path:
    return environment / "nltk_data"


def present(environment: Path) -> list[str]:
    """The corpora that lie in the environment, unpacked or as an archive."""
    data = folder_in(environment)
    return [
        name
        for name, kind in CORPORA.items()
        if (data / kind / name).is_dir() or (data / kind / f"{name}.zip").is_file()
    ]


def mark(environment: Path) -> str:
    """What the environment's corpora add to its fingerprint: tasks fare differently with
    them. Empty where there are none."""
    return mark_of(present(environment))


def mark_of(found: list[str]) -> str:
    """The same for corpora by their names, in the order of CORPORA."""
    return f"{MARK}-{hashlib.sha256(' '.join(found).encode()).hexdigest()[:6]}" if found else ""


def fetch(python: Path, environment: Path, say: Say, index_url: str = "") -> None:
    """Fetch them all with the environment's own NLTK, or say in one line that it went wrong.

    ``index_url``: where their index lies; NLTK's own place where it is empty.
    """
    say(f"fetching {len(CORPORA)} NLTK corpora")
    command = [str(python), "-c", SCRIPT, str(SILENCE_S), str(folder_in(environment))]
    try:
        done = subprocess.run(
            [*command, index_url, *CORPORA],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=FETCH_TIMEOUT_S,
            umask=0o022,  # as for uv: the sandbox's user must read them
            check=False,
        )
        said = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        cause = said if done.returncode else ""
    except subprocess.TimeoutExpired:
        cause = f"not finished within {FETCH_TIMEOUT_S} s"
    if cause:
        say(
            f"NLTK corpora cannot be fetched ({cause[:160]}): tasks that need them are skipped; "
            "--smallbench-doctor says how to add them"
        )


def how_to_add(python: str, environment: Path) -> str:
    """The command that adds what is missing."""
    missing = [name for name in CORPORA if name not in present(environment)]
    return shlex.join(
        [python, "-m", "nltk.downloader", "-d", str(folder_in(environment)), *missing]
    )
