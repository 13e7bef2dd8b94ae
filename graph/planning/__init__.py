"""Keys and plans: what a call depends on, and a checked workflow as flat data ready to run."""
