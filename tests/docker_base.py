"""Makes a base image with another Python, out of one that is installed on this host.

For machines that no registry is reachable from: the reference environment needs Python 3.10,
and pyenv's will do where ``python:3.10-slim`` cannot be pulled.

    python tests/docker_base.py ~/.pyenv/versions/3.10.13 smallbench-test-base:3.10
    pytest --smallbench=bcb-agent --smallbench-sandbox=docker \
        --smallbench-base-image=smallbench-test-base:3.10

The interpreter's own libraries must be in the image below it (``--on``), as they are where host
and image are of one release of Debian.
"""

from __future__ import annotations

import argparse
import re
import sys
import tarfile
import tempfile
from pathlib import Path

import docker
from docker import APIClient

PREFIX = "usr/local"
PYTHON = re.compile(r"python[\d.]*")
CHECK = "import bz2, ctypes, lzma, sqlite3, ssl, sys, venv; print(sys.version.split()[0])"
LEFT_OUT = {"test", "tests", "__pycache__", "site-packages"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("prefix", type=Path, help="where the host's Python is installed")
    parser.add_argument("tag", help="the name of the image to be made")
    parser.add_argument("--on", default="python:3.11-slim-bookworm", help="the image below it")
    asked = parser.parse_args()
    client = docker.from_env(version="auto").api
    print(f"{asked.tag}: Python {make(client, asked.prefix, asked.tag, asked.on)}")


def make(client: APIClient, prefix: Path, tag: str, below: str) -> str:
    """The version that the image's ``python3`` says it has. Raises SystemExit, naming why it
    does not run there."""
    container = client.create_container(
        below,
        ["sh", "-c", f"ldconfig && exec python3 -c '{CHECK}'"],
        host_config=client.create_host_config(network_mode="none"),
    )
    try:
        with tempfile.TemporaryFile() as spool:
            pack(prefix, spool)
            spool.seek(0)
            client.put_archive(container, "/", spool)
        client.start(container)
        status = client.wait(container)["StatusCode"]
        said = client.logs(container).decode().strip()
        if status:
            sys.exit(f"{prefix}: its Python does not run in {below}: {said}")
        name, _, mark = tag.rpartition(":")
        client.commit(container, name, mark, changes='CMD ["python3"]')
    finally:
        client.remove_container(container, force=True)
    return str(said)


def pack(prefix: Path, spool: object) -> None:
    """The interpreter where ``python:*`` images have theirs: a virtual environment of 3.11 and
    later finds its library only beside the program, not behind a link."""
    with tarfile.open(fileobj=spool, mode="w") as archive:  # type: ignore[call-overload]
        archive.add(prefix, PREFIX, filter=_needed)


def _needed(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """No tests, and no packages: what is installed for the host's Python is not wanted."""
    entry.uid = entry.gid = 0
    parts = Path(entry.name).relative_to(PREFIX).parts
    script = parts[:1] == ("bin",) and len(parts) > 1 and not PYTHON.fullmatch(parts[1])
    return None if script or LEFT_OUT & set(parts) else entry


if __name__ == "__main__":
    main()
