"""Runs uv: shows how far it is, keeps its output, and says in one line why it failed."""

from __future__ import annotations

import os
import queue
import re
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Final

from pytest_smallbench.contracts import Say
from pytest_smallbench.errors import UsageMistake

SHOWN = ("Resolved", "Downloading", "Prepared", "Installed", "Building", "Bytecode compiled")
STARTS_ERROR = ("error", "No solution", "Failed", "Caused by", "cause:")
SILENCE_S: Final = 15.0  # after this long without a line the user is told that it still runs

# What a user set for pip also holds for the packages that uv gets for us.
FROM_PIP = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_NO_INDEX": "UV_NO_INDEX",
    "PIP_TRUSTED_HOST": "UV_INSECURE_HOST",
    "PIP_CERT": "SSL_CERT_FILE",
}
# These would change what a lock installs, or where.
NOT_FOR_US = ("UV_CONSTRAINT", "UV_OVERRIDE", "UV_EXCLUDE_NEWER", "UV_TARGET", "UV_PREFIX")
SAME_AS = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_INDEX": "UV_EXTRA_INDEX_URL"}  # older names


class UvFailed(Exception):
    """uv ended with an error. The message is uv's own cause, in one line."""


def uv_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: the user's own, with pip's settings where uv has none."""
    result = {name: value for name, value in environ.items() if name not in NOT_FOR_US}
    for theirs, ours in FROM_PIP.items():
        set_already = ours in environ or SAME_AS.get(ours, ours) in environ
        if environ.get(theirs) and not set_already:
            result[ours] = environ[theirs]
    return result | {"NO_COLOR": "1"}


def run_uv(*arguments: str, log: Path, say: Say, held: int) -> None:
    """Run uv to its end; its lines go to the log, those that tell progress to ``say``.

    ``held`` is a locked file's descriptor: uv goes on for a while where this process is
    killed, and nobody else may build in the same place until it has ended.
    Raises UvFailed. It runs in the log's folder, so that no project's own uv settings
    (constraints, overrides) change what a lock installs; the user's own settings hold.
    """
    with (
        log.open("a", encoding="utf-8") as record,
        subprocess.Popen(
            [_uv(), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=log.parent,
            env=uv_environment(os.environ),
            pass_fds=(held,),
            umask=0o022,  # sandboxed code runs under a user of its own, and must read it
        ) as uv,
    ):
        assert uv.stdout is not None  # it is a pipe
        lines = []
        try:
            for line in _lines(uv.stdout, say):
                record.write(line + "\n")
                lines.append(line)
                if line.strip().startswith(SHOWN):
                    say(line.strip())
        except BaseException:
            uv.kill()
            raise
    if uv.returncode != 0:
        raise UvFailed(cause_of(lines))


def cause_of(lines: list[str]) -> str:
    """What uv says went wrong, in one line without its drawing; at most 400 characters."""
    plain = [re.sub(r"[^\x00-\x7f]+", " ", line).strip() for line in lines]
    first = next((i for i, line in enumerate(plain) if line.startswith(STARTS_ERROR)), 0)
    said = " ".join(plain[first:])
    text = " ".join(said.split()).removeprefix("error: ")
    return text if len(text) <= 400 else text[:397] + "..."


def _uv() -> str:
    import uv

    try:
        return str(uv.find_uv_bin())
    except FileNotFoundError:
        raise UsageMistake(
            "the package uv is here without its program: run `pip install --force-reinstall uv`"
        ) from None


def _lines(stream: IO[str], say: Say) -> Iterator[str]:
    """The stream's lines as they come. A thread reads, so that silence can be noticed."""
    arrived: queue.Queue[str | None] = queue.Queue()

    def pump() -> None:
        for line in stream:
            arrived.put(line.rstrip("\n"))
        arrived.put(None)

    threading.Thread(target=pump, daemon=True).start()
    started = time.monotonic()
    while True:
        try:
            line = arrived.get(timeout=SILENCE_S)
        except queue.Empty:
            say(f"still at work after {time.monotonic() - started:.0f} s")
            continue
        if line is None:
            return
        yield line
