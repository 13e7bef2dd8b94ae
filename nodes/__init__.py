"""The node library: each file is one subject. The first plugin: found by its entry point like any other."""
