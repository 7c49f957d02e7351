"""The Docker back: a container a sandbox, on a local engine or one that DOCKER_HOST names."""
