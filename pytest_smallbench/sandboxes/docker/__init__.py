"""The docker back: a container a sandbox, on a local engine or one that DOCKER_HOST names."""

from .back import DockerSandboxes

__all__ = ["DockerSandboxes"]
