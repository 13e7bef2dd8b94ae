"""`python -m latentloom.graph.catalogue.cataloguer OUT.json [FOLDER ...]`: imports all plugins, writes a catalogue."""

from __future__ import annotations

import sys
from pathlib import Path

from .cache import write_catalogue
from .plugins import load_registry

if __name__ == "__main__":
    out, *folders = sys.argv[1:]
    write_catalogue(load_registry([Path(folder) for folder in folders]).catalogue, Path(out))
