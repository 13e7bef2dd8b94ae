"""What node types there are: found in plugins, registered where they run, and as plain data for those who only read."""
