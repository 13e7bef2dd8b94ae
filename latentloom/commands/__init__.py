"""What each command does. `latentloom.cli` declares them and loads these files only when one is called."""
