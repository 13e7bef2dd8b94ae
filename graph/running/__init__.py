"""Running jobs: the engine, and the calls of a plan unfolded, pulled, joined and called."""
