"""What the tests of containers share: the base image."""

from __future__ import annotations

import os

# The base of every image here; ../shared/tools/start-docker makes it where no registry is.
BASE = os.environ.get("SMALLBENCH_TEST_DOCKER_BASE", "python:3.11-slim-bookworm")
