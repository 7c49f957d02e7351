"""Task generators, a file an environment: any number of tasks from a seed."""
