"""What runs inside a container and serves one sandbox over its standard input and output.

``sending.py`` is the host's side; the rest is sent into the container together with the
process back's keeper, and needs nothing there but a Python 3.10 or newer.
"""
