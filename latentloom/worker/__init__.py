"""The engine process of the server: `python -m latentloom.worker FD`, where FD is its end of a socket pair.

The server's web process never imports plugins; this one does nothing else. What it speaks:
`latentloom.server.engine.protocol`.
"""
