"""New packages from templates: what ``smallbench new`` writes.

A template is a tree of ``.j2`` files below ``templates/``, one folder a kind. In paths
``PACKAGE`` stands for the package's name and ``DOT.`` for a leading dot; in texts ``<< name >>``
is filled in.
"""
