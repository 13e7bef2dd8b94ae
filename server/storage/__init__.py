"""The data folder: the database, files by their digests, and keeping both small."""
