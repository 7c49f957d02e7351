"""Keeps one MariaDB server for as long as its owner lives. Run as a program of its own.

``python mariadb_keeper.py FOLDER INSTALLER SERVER``: makes a data folder in FOLDER, starts
the server on ``FOLDER/socket``, writes ``ready`` (or ``failed: why``) and waits for the end
of its input. That comes when the owner closes it or dies, however it dies; then the server is
ended and FOLDER removed. Knows nothing of the package: the standard library only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1

SQL_MODE = (
    "ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
    "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
)
"""MySQL 8's default without STRICT_TRANS_TABLES: there MariaDB refuses an UPDATE that compares
text with a number, which the recorded hashes show to have run."""


def main(folder: Path, installer: str, server: str) -> None:
    try:
        _install(folder, installer)
        child = _start(folder, server)
        try:
            print("ready" if _listens(folder, child) else _failure(folder), flush=True)
            sys.stdin.buffer.read()
        finally:
            _end(child)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _common(folder: Path) -> list[str]:
    user = ["--user=root"] if os.getuid() == 0 else []
    return [f"--datadir={folder / 'data'}", *user]


def _install(folder: Path, installer: str) -> None:
    (folder / "tmp").mkdir()
    command = [installer, "--no-defaults", *_common(folder), "--skip-test-db"]
    options = ["--auth-root-authentication-method=normal"]
    with (folder / "log").open("wb") as log:
        subprocess.run(
            command + options, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
        )


def _start(folder: Path, server: str) -> subprocess.Popen[bytes]:
    options = [
        f"--socket={folder / 'socket'}",
        f"--pid-file={folder / 'pid'}",
        f"--tmpdir={folder / 'tmp'}",
        f"--secure-file-priv={folder / 'tmp'}",
        "--skip-networking",
        "--local-infile=OFF",
        "--group-concat-max-len=1024",
        "--max-allowed-packet=1M",
        "--max-statement-time=60",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_general_ci",
        f"--sql-mode={SQL_MODE}",
        "--innodb-buffer-pool-size=16M",
        "--innodb-flush-log-at-trx-commit=0",
        "--performance-schema=OFF",
    ]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [server, "--no-defaults", *_common(folder), *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # This program has one thread only, so nothing can hold a lock across the fork.
            preexec_fn=_die_with_parent,
        )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _listens(folder: Path, child: subprocess.Popen[bytes]) -> bool:
    """Wait until the server takes connections; False where it ends instead."""
    while child.poll() is None:
        with socket.socket(socket.AF_UNIX) as probe, contextlib.suppress(OSError):
            probe.connect(str(folder / "socket"))
            return True
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(0.05)
    return False


def _failure(folder: Path) -> str:
    lines = (folder / "log").read_text(errors="replace").splitlines()
    wrong = [line for line in lines if "ERROR" in line or "FATAL" in line] or lines
    return "failed: " + (wrong[-1][:300] if wrong else "it ended without a word")


def _end(child: subprocess.Popen[bytes]) -> None:
    # Its data go with it: there is nothing that it would have to write in order.
    child.kill()
    child.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
