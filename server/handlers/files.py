"""Files and uploads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from ..api import Empty, FileEntry, FileList, Upload
from ..api.parameters import FilePlace, FileSearch, FileView, UploadPlace
from ..http.bodies import read_parts
from ..http.routing import Asked
from ..http.security import FILE_POLICY
from ..http.uploads import examine
from ..problems import conflict, not_found
from ..storage.blobs import VALUE_PREFIX
from ..storage.database import as_storage_full

INLINE = frozenset(
    {"image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "text/plain", "application/json"}
)
"""What a browser may show by itself; all else is only offered for saving."""
IMMUTABLE = "private, max-age=31536000, immutable"
ETAG = web.RequestKey("etag", str)


async def list_files(asked: Asked[FileSearch, None]) -> FileList:
    given = asked.parameters
    files, more = await asked.services.blobs.find(given.kind, given.q, given.digest, given.before, given.limit)
    return FileList(files=files, next=None if more is None else str(more))


async def read_file(asked: Asked[FileView, None]) -> web.StreamResponse:
    view, blobs = asked.parameters, asked.services.blobs
    entry, path = await blobs.entry(view.digest), blobs.path_of(view.digest)
    if entry is None or path is None:
        raise _no_such(view.digest)
    media_type, etag = entry.media_type, view.digest
    if view.thumbnail:
        path = await blobs.thumbnail(view.digest, int(view.thumbnail))
        media_type, etag = "image/webp", f"{view.digest}-{view.thumbnail}"
        if path is None:
            raise not_found("This file is no picture, so there is no small copy of it.")
    asked.http[ETAG] = f'"{etag}"'
    headers = {"ETag": f'"{etag}"', "Cache-Control": IMMUTABLE, "Content-Security-Policy": FILE_POLICY}
    if any(tag.value in (etag, "*") for tag in asked.http.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = media_type if media_type in INLINE else "application/octet-stream"
    headers["Content-Disposition"] = _disposition(entry, view.download, media_type)
    return web.FileResponse(path, headers=headers)


async def keep_etag(request: web.Request, response: web.StreamResponse) -> None:
    """`FileResponse` writes an ETag of its own, from the time of change: the digest is the better one."""
    if etag := request.get(ETAG):
        response.headers["ETag"] = etag


async def delete_file(asked: Asked[FilePlace, None]) -> Empty:
    digest, blobs = asked.parameters.digest, asked.services.blobs
    if await blobs.is_awaited(digest):
        raise conflict("A queued or running job reads this file: cancel it first.")
    if not await blobs.delete(digest):
        raise _no_such(digest)
    return Empty()


async def upload_file(asked: Asked[UploadPlace, None]) -> Upload:
    services, request = asked.services, asked.http
    await services.blobs.check_room(request.content_length or 0)
    temporary = services.blobs.new_temporary()
    try:
        parts = read_parts(request, services.settings.upload_limit, services.settings.body_timeout)
        await _receive(parts, temporary)
        known = await services.catalogues.current()
        found = await asyncio.to_thread(examine, temporary, asked.parameters.name, known.catalogue)
        entry = await services.blobs.put_file(
            temporary, name=asked.parameters.name, media_type=found.media_type, kind="upload"
        )
    finally:
        temporary.unlink(missing_ok=True)
    return Upload(
        digest=entry.digest,
        value=VALUE_PREFIX + entry.digest,
        name=entry.name,
        media_type=entry.media_type,
        bytes=entry.bytes,
        width=entry.width,
        height=entry.height,
        record=found.record,
    )


async def _receive(parts: AsyncIterator[bytes], temporary: Path) -> None:
    with as_storage_full(), temporary.open("wb") as file:
        async for part in parts:
            await asyncio.to_thread(file.write, part)


def _disposition(entry: FileEntry, download: str | None, media_type: str) -> str:
    if download is None and media_type in INLINE:
        return "inline"
    name = download or entry.name
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _no_such(digest: str) -> Exception:
    return not_found(f"There is no file {digest[:12]}... here (any more).")
