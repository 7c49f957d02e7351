"""A task's container: what runs in it is bounded, ended, and never taken for ours."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from container_samples import BASE
from pytest_smallbench.benchmarks.harbor.container import Box, Container, StepFailed

from pytest_smallbench.errors import SandboxError, Unresolved

if TYPE_CHECKING:
    from docker import APIClient


@pytest.fixture
def container(client: APIClient) -> Iterator[Container]:
    made = Container(client, Box(BASE, workdir="/srv"))
    yield made
    made.close()


def bash(container: Container, command: str, timeout: float = 60.0):
    return container.run(["bash", "-c", command], timeout=timeout)


def test_output_exit_status_and_folder(container):
    done = bash(container, "pwd; echo wrong >&2; exit 3")
    assert (done.text, done.exit_code) == ("/srv\nwrong\n", 3)


def test_a_missing_program_is_127(container):
    assert container.run(["no-such-program"], timeout=60).exit_code == 127


def test_nothing_runs_as_an_unknown_user(container):
    assert container.run(["true"], timeout=60, user="nobody-here").exit_code == 126


def test_variables_reach_the_program(container):
    env = {"WORD": "two words"}
    assert container.run(["sh", "-c", "echo $WORD"], timeout=60, env=env).text == "two words\n"


def test_what_runs_too_long_is_ended_with_its_children(container):
    done = bash(container, "echo begun; sleep 600 & sleep 600", timeout=1)
    assert done.timed_out
    assert done.text == "begun\n"
    assert "sleep 600" not in bash(container, "ps -eo args").text


def test_a_background_program_is_not_waited_for_and_goes_on(container):
    done = bash(container, "sleep 600 & echo left it")
    assert done.text == "left it\n"
    assert "sleep 600" in bash(container, "ps -eo args").text
    assert container.processes() == 1


def test_output_is_capped(container):
    done = container.run(["sh", "-c", "yes | head -c 300000"], timeout=60, kept=1000)
    assert len(done.stdout) == 1000
    assert done.truncated


def test_ending_processes_keeps_files(container):
    bash(container, "echo kept > /srv/file; setsid sleep 600 & disown")
    container.end_processes()
    assert bash(container, "cat /srv/file").text == "kept\n"
    assert container.processes() == 0


def test_nothing_in_it_can_end_its_first_process(container):
    bash(container, "kill -9 -1; kill -9 1")
    assert bash(container, "echo still here").text == "still here\n"


def test_a_container_that_cannot_start_again_is_the_agents_doing(container):
    bash(container, "rm -f /bin/sh /usr/bin/sh")
    with pytest.raises(Unresolved, match="does not start after the agent"):
        container.end_processes()


def test_a_step_of_ours_that_fails_is_told(container):
    with pytest.raises(StepFailed, match="could not do 'exit 4'"):
        container.as_root("exit 4")


def test_files_go_in_readable_for_all_and_come_out(container, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "note").write_text("text")
    (tmp_path / "sub" / "note").chmod(0o600)
    container.put_tree(tmp_path, "/taken")
    done = container.run(["cat", "/taken/sub/note"], timeout=60, user="nobody")
    assert done.text == "text"
    assert container.get_file("/taken/sub/note", 100) == b"text"
    assert container.get_file("/taken/sub/note", 2) == b"te"


@pytest.mark.parametrize("made", ["mkdir /srv/x", "ln -s /etc/passwd /srv/x", "true"])
def test_only_a_regular_file_is_read(container, made):
    bash(container, made)
    assert container.get_file("/srv/x", 100) is None


def test_a_large_file_is_read_no_further_than_asked(container):
    bash(container, "head -c 3000000 /dev/zero > /srv/x")
    assert container.get_file("/srv/x", 10) == b"\0" * 10


def test_a_folder_comes_out_as_an_archive(container):
    bash(container, "mkdir /srv/d; echo 1 > /srv/d/one")
    with container.get("/srv/d") as chunks:
        packed = io.BytesIO(b"".join(chunks))
    with tarfile.open(fileobj=packed) as archive:
        assert archive.getnames() == ["d", "d/one"]


def test_a_snapshot_is_gone_back_to(container, client):
    bash(container, "echo 1 > /srv/x")
    snapshot = container.snapshot()
    bash(container, "echo 2 > /srv/x")
    container.restore(snapshot)
    assert bash(container, "cat /srv/x").text == "1\n"
    container.close()
    assert snapshot not in [image["Id"] for image in client.images(all=True)]


def test_a_snapshot_of_somebody_else_is_refused(container):
    with pytest.raises(KeyError):
        container.restore("sha256:0")


def test_an_image_that_is_not_there_is_an_error(client):
    with pytest.raises(SandboxError, match="no-such-image"):
        Container(client, Box("no-such-image:1"))


def test_closing_twice_is_safe(container):
    container.close()
    container.close()


def test_limits_and_network_are_the_engines(container, client):
    made = Container(client, Box(BASE, cpus=1, memory_mb=128))
    try:
        assert bash(made, "ls /sys/class/net").text == "lo\n"
        done = made.run(["python3", "-c", "x = b'1' * (1 << 29)"], timeout=60)
        assert done.exit_code != 0
    finally:
        made.close()
