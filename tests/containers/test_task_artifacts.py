"""What a separate verifier gets of the agent's files, and what stays behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from container_samples import BASE
from pytest_smallbench.benchmarks.harbor import artifacts
from pytest_smallbench.benchmarks.harbor.container import Box, Container
from pytest_smallbench.benchmarks.harbor.task import Artifact

from pytest_smallbench.errors import Unresolved

if TYPE_CHECKING:
    from docker import APIClient


@pytest.fixture
def pair(client: APIClient) -> Iterator[tuple[Container, Container]]:
    with (
        closing(Container(client, Box(BASE))) as ours,
        closing(Container(client, Box(BASE))) as own,
    ):
        yield ours, own


def carried(pair: tuple[Container, Container], made: str, *artifact: Artifact) -> str:
    """What lies below /srv and /logs in the verifier's container afterwards."""
    source, target = pair
    done = source.run(["bash", "-ec", made], timeout=60)
    assert done.exit_code == 0, done.text
    artifacts.carry(artifact, source, target)
    listed = "find /srv /logs -mindepth 1 -printf '%p %M %u\\n' 2>/dev/null | sort"
    return target.run(["sh", "-c", listed], timeout=60).text


def test_a_file_a_folder_and_the_usual_place(pair):
    made = "mkdir -p /srv/out/deep /logs/artifacts; echo 1 > /srv/a; echo 2 > /srv/out/deep/b;"
    made += "echo 3 > /logs/artifacts/c; chmod 600 /srv/a; chown 1000 /srv/out/deep/b"
    found = carried(pair, made, Artifact("/srv/a"), Artifact("/srv/out"))
    assert found.splitlines() == [
        "/logs/artifacts drwxr-xr-x root",
        "/logs/artifacts/c -rw-r--r-- root",
        "/srv/a -rw-r--r-- root",
        "/srv/out drwxr-xr-x root",
        "/srv/out/deep drwxr-xr-x root",
        "/srv/out/deep/b -rw-r--r-- root",
    ]


def test_what_is_excluded_and_what_is_not_there(pair):
    made = "mkdir -p /srv/out/cache/x; cd /srv/out; touch a.txt b.tmp cache/x/y"
    rules = Artifact("/srv/out", ("*.tmp", "cache"))
    found = carried(pair, made, rules, Artifact("/srv/nothing"))
    assert [line.split()[0] for line in found.splitlines()] == ["/srv/out", "/srv/out/a.txt"]


def test_links_out_devices_and_special_bits_stay_behind(pair):
    made = (
        "mkdir -p /srv/out/in; cd /srv/out; echo 1 > in/file; chmod 4755 in/file;"
        "ln -s in/file good; ln in/file hard; ln -s /etc/passwd bad; ln -s ../../etc up;"
        "mkfifo pipe; mknod device c 1 3"
    )
    lines = carried(pair, made, Artifact("/srv/out")).splitlines()
    found = {line.split()[0]: line.split()[1] for line in lines}
    assert set(found) == {
        *("/srv/out", "/srv/out/in", "/srv/out/in/file", "/srv/out/good", "/srv/out/hard")
    }
    assert found["/srv/out/in/file"] == "-rwxr-xr-x"


def test_a_link_in_the_place_of_an_artifact_is_no_artifact(pair):
    assert carried(pair, "ln -s /etc /srv/out", Artifact("/srv/out")) == ""


def test_what_is_too_large_ends_the_attempt(pair, monkeypatch):
    monkeypatch.setattr(artifacts, "LARGEST", 1 << 20)
    with pytest.raises(Unresolved, match="/srv/a is larger than 1 MiB"):
        carried(pair, "head -c 3000000 /dev/zero > /srv/a", Artifact("/srv/a"))
