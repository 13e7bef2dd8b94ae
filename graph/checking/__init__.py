"""The checker: every fault of a workflow at once, each with its place and how to mend it, before anything runs."""
