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
import io
import sys
import tarfile
import tempfile
from pathlib import Path

import docker
from docker import APIClient

PREFIX = "opt/python"
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
    """The interpreter below /opt/python, and links to it where PATH and the loader look."""
    with tarfile.open(fileobj=spool, mode="w") as archive:  # type: ignore[call-overload]
        archive.add(prefix, PREFIX, filter=_needed)
        program = next((prefix / "bin").glob("python3.*[0-9]")).name
        links = {f"bin/{name}": f"bin/{program}" for name in ("python3", "python", program)}
        links |= {f"lib/{library.name}": f"lib/{library.name}" for library in _shared(prefix)}
        for name, target in links.items():
            link = tarfile.TarInfo(f"usr/local/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, f"/{PREFIX}/{target}"
            archive.addfile(link, io.BytesIO())


def _shared(prefix: Path) -> list[Path]:
    return sorted((prefix / "lib").glob("libpython*.so*"))


def _needed(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """No tests, and no packages: what is installed for the host's Python is not wanted."""
    entry.uid = entry.gid = 0
    return None if LEFT_OUT & set(Path(entry.name).parts) else entry


if __name__ == "__main__":
    main()
