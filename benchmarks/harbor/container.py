"""A task's container: made, filled, asked, and removed; whatever its image is."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pytest_smallbench.contracts import Completed
from pytest_smallbench.errors import SandboxError, Unresolved
from pytest_smallbench.sandboxes.docker.engine import failing_as
from pytest_smallbench.sandboxes.docker.labels import labels

from .programs import OUTPUT_KEPT, Programs

if TYPE_CHECKING:
    from docker import APIClient

ROOT = "0"
_NOT_FOUND = 404
PROCESSES = 4096
RUN = "harbor"
# A first process that no signal from inside ends, and that takes in the orphans of others.
_STAYS = "while :; do sleep 3600 & wait; done"


class Stopped(SandboxError):
    """Nothing can be run: the container's first process has ended."""


class StepFailed(SandboxError):
    """A step of ours did not succeed with the programs that are in the container."""


@dataclass(frozen=True)
class Box:
    """What a container is made with. ``network`` is the engine's word: none or bridge."""

    image: str
    network: str = "none"
    cpus: float | None = None
    memory_mb: int | None = None
    env: tuple[tuple[str, str], ...] = ()
    workdir: str = ""


class Container:
    """Every method raises SandboxError when the engine fails."""

    def __init__(self, client: APIClient, box: Box) -> None:
        self._client = client
        self._box = box
        self._snapshots: list[str] = []
        self._id = self._made(box.image)

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float | None,
        user: str = "",
        env: Mapping[str, str] | None = None,
        kept: int = OUTPUT_KEPT,
    ) -> Completed:
        programs = Programs(self._client, self._id, self._box.workdir)
        try:
            return programs.run(argv, timeout=timeout, user=user, env=env, kept=kept)
        except SandboxError:
            if self.running():
                raise
            raise Stopped("the task's container has stopped") from None

    def as_root(self, script: str, *arguments: str) -> None:
        """A step of ours, which must succeed."""
        done = self.run(["sh", "-c", script, "sh", *arguments], timeout=60.0, user=ROOT)
        if done.exit_code:
            said = " ".join(done.text.split())[-300:]
            raise StepFailed(f"the task's container could not do {script!r}: {said}")

    def put(self, archive: IO[bytes], folder: str = "/") -> None:
        """Unpack a tar archive there."""
        with failing_as(f"copying files to {folder} of the task's container"):
            self._client.put_archive(self._id, folder, archive)

    def put_tree(self, source: Path, target: str) -> None:
        """A file or folder of the host's, readable for every user there."""
        with tempfile.TemporaryFile() as spool:
            with tarfile.open(fileobj=spool, mode="w") as archive:
                archive.add(source, target.lstrip("/"), filter=_readable)
            spool.seek(0)
            self.put(spool)

    def put_file(self, path: str, data: bytes) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size, entry.mode = len(data), 0o644
            archive.addfile(entry, io.BytesIO(data))
        packed.seek(0)
        self.put(packed)

    @contextmanager
    def get(self, path: str) -> Iterator[Iterator[bytes] | None]:
        """A file or folder as a tar archive, in pieces; None where there is none. What is not
        read of it is not sent."""
        client = self._client
        with failing_as(f"reading {path} of the task's container"):
            address = f"{client.base_url}/v{client.api_version}/containers/{self._id}/archive"
            asked = {"path": path}
            with client.get(address, params=asked, stream=True, timeout=client.timeout) as answer:
                if answer.status_code == _NOT_FOUND:
                    yield None
                else:
                    answer.raise_for_status()
                    yield answer.iter_content(1 << 20)

    def get_file(self, path: str, limit: int) -> bytes | None:
        """A regular file's first ``limit`` bytes; None where that is not what lies there."""
        packed = b""
        with self.get(path) as chunks:
            for chunk in chunks or ():
                packed += chunk
                if len(packed) >= limit + tarfile.BLOCKSIZE:
                    break
        if not packed:
            return None
        entry = tarfile.TarInfo.frombuf(packed[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
        if not entry.isreg():
            return None
        return packed[tarfile.BLOCKSIZE :][: min(entry.size, limit)]

    def end_processes(self) -> None:
        """End everything that runs in it; its files stay. The engine does it: what is in the
        container has no say. Raises Unresolved where the agent left none that could start."""
        from docker.errors import APIError

        with failing_as("ending the agent's processes"):
            with suppress(APIError):  # it has stopped by itself
                self._client.kill(self._id)
            self._client.wait(self._id)
            try:
                self._client.start(self._id)
            except APIError as refused:
                reason = " ".join(str(refused.explanation).split())[:200]
                raise Unresolved(
                    f"the container does not start after the agent: {reason}"
                ) from None

    def running(self, container: str = "") -> bool:
        with failing_as("looking after the task's container"):
            state = self._client.inspect_container(container or self._id)["State"]
        return bool(state["Running"])

    def processes(self) -> int:
        """How many run in it, our own waiting not counted."""
        if not self.running():
            return 0
        with failing_as("listing the agent's processes"):
            rows = self._client.top(self._id)["Processes"] or []
        return sum(not row[-1].endswith((_STAYS, "sleep 3600")) for row in rows)

    def snapshot(self) -> str:
        """Remember all files."""
        with failing_as("keeping the container's files"):
            kept: dict[str, Any] = self._client.commit(self._id, conf={"Labels": labels(RUN)})
        self._snapshots.append(str(kept["Id"]))
        return self._snapshots[-1]

    def restore(self, snapshot: str) -> None:
        """Go on from those files; every process has ended. Raises KeyError."""
        if snapshot not in self._snapshots:
            raise KeyError(snapshot)
        before, self._id = self._id, self._made(snapshot)
        self._remove(before)

    def close(self) -> None:
        """Remove it and its snapshots. Safe to call twice."""
        self._remove(self._id)
        while self._snapshots:
            with suppress(Exception):  # what cannot be removed now is swept at a later start
                self._client.remove_image(self._snapshots.pop(), force=True)

    def _made(self, image: str) -> str:
        from docker.errors import APIError

        box = self._box
        with failing_as(f"starting a container of {box.image}"):
            created: dict[str, Any] = self._client.create_container(
                image,
                command=["sh", "-c", _STAYS],
                environment=dict(box.env),
                working_dir=box.workdir or None,
                labels=labels(RUN),
                host_config=self._host_config(),
            )
            container = str(created["Id"])
            try:
                self._client.start(container)
                running = self.running(container)
            except BaseException as error:
                self._remove(container)
                if isinstance(error, APIError):
                    reason = f"no container of {box.image}: {error.explanation}"
                    raise SandboxError(reason) from None
                raise
        if not running:
            self._remove(container)
            raise SandboxError(f"a container of {box.image} ends at once: see its ENTRYPOINT")
        return container

    def _host_config(self) -> Any:
        from docker.types import LogConfig

        limits: dict[str, Any] = {}
        if self._box.cpus:
            limits["nano_cpus"] = int(self._box.cpus * 1e9)
        if self._box.memory_mb:
            limits["mem_limit"] = limits["memswap_limit"] = f"{self._box.memory_mb}m"
        return self._client.create_host_config(
            network_mode=self._box.network,
            pids_limit=PROCESSES,
            log_config=LogConfig(type="none"),
            **limits,
        )

    def _remove(self, container: str) -> None:
        from docker.errors import APIError

        with failing_as("removing the task's container"), suppress(APIError):
            self._client.remove_container(container, force=True, v=True)


def _readable(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """The host's users mean nothing in a container."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    entry.mode |= 0o555 if entry.isdir() else 0o444
    return entry
