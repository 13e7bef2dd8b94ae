"""`latentloom graph`: a workflow as Mermaid text or as an SVG picture."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from latentloom.draw import mermaid, picture_of
from latentloom.draw_svg import svg
from latentloom.graph import read_catalogue
from latentloom.outputs import check_file, write_whole
from latentloom.sources import read_source

from .failures import DONE


def draw_file(path: Path, form: str, out: Path | None, plugins: Sequence[Path]) -> int:
    """Draw a workflow, or the one that a picture carries, to standard output or a file."""
    if out:
        check_file(out, "--out")
    picture = picture_of(read_source(path).workflow, read_catalogue(plugins))
    text = svg(picture) if form == "svg" else mermaid(picture)
    if out:
        write_whole(out, text)
    else:
        sys.stdout.write(text)
    return DONE
