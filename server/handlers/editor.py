"""The built editor, from `server/static`; a page that says how to build it where it is not there."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from ..http.pages import NOT_BUILT
from ..problems import not_found

STATIC = Path(__file__).resolve().parent.parent / "static"
INDEX = STATIC / "index.html"
HASHED = "assets"
"""The build names the files in here by their content."""


async def read_editor(request: web.Request) -> web.StreamResponse:
    """Any address that is no other route: a file of the build, or the page that is the editor."""
    path = request.match_info["path"]
    file = _file(path)
    if file is not None:
        caching = "public, max-age=31536000, immutable" if path.startswith(f"{HASHED}/") else "no-cache"
        return web.FileResponse(file, headers={"Cache-Control": caching})
    if path.startswith(f"{HASHED}/") or "." in path.rpartition("/")[2]:
        raise not_found(f"There is no file /{path[:200]} here.")
    if INDEX.is_file():
        return web.FileResponse(INDEX, headers={"Cache-Control": "no-cache"})
    return web.Response(text=NOT_BUILT, content_type="text/html")


def _file(path: str) -> Path | None:
    """A file inside the build's folder; None for all else, also for what a link leads out of it."""
    if "\0" in path or not path:
        return None
    file = (STATIC / path).resolve()
    return file if file.is_relative_to(STATIC) and file.is_file() else None
