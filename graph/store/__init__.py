"""Where results are kept: on the device and the host under one budget, and on disk."""
