"""The document: one JSON file that the editor saves, the command line runs and a picture carries."""
