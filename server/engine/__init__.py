"""The engine process: what is said to it, and keeping it alive."""
