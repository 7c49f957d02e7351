"""Where no engine can be used, one line says which was asked for and what to do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_smallbench.sandboxes.docker import engine


@pytest.fixture(autouse=True)
def _no_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    for name in ("DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"):
        monkeypatch.delenv(name, raising=False)


def reason(monkeypatch: pytest.MonkeyPatch, address: str) -> str:
    monkeypatch.setenv("DOCKER_HOST", address)
    text = engine.unavailable()
    assert "\n" not in text
    return text


def test_no_socket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    address = f"unix://{tmp_path}/docker.sock"
    assert reason(monkeypatch, address).startswith(f"no Docker engine at {address}: start one")


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
    assert reason(monkeypatch, address).startswith(f"no Docker engine listens at {address}")


@pytest.mark.parametrize("address", ["nonsense", "tcp://no-such-host.invalid:2375", "ftp://x"])
def test_a_wrong_address(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert reason(monkeypatch, address).startswith(f"DOCKER_HOST={address}: no Docker engine")


def test_a_context_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv("DOCKER_CONTEXT", "elsewhere")
    assert "docker context ls" in engine.unavailable()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_no_right_to_the_socket(tmp_path: Path) -> None:
    """Asked by another user, in a process of its own."""
    path = f"/tmp/smallbench-test-{os.getpid()}.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        os.chmod(path, 0o600)
        code = "from pytest_smallbench.sandboxes.docker import engine; import docker, os\n"
        code += "os.setuid(65534); print(engine.unavailable())"
        variables = {**os.environ, "DOCKER_HOST": f"unix://{path}"}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=variables, cwd="/"
        )
        os.unlink(path)
    assert done.stdout.startswith(f"no right to use the Docker engine at unix://{path}: join")


def test_an_old_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Played by a server that answers the first question as such an engine would."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Old(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = b'{"ApiVersion": "1.24", "Version": "1.12"}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Old) as server:
        threading.Thread(target=server.serve_forever).start()
        text = reason(monkeypatch, f"tcp://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert "speaks API 1.24, and 1.40 is needed" in text
