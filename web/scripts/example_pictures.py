"""Small pictures for the editor's gallery of examples: each example workflow is run with the embedded model.

    .venv/bin/python web/scripts/example_pictures.py

writes web/public/examples/NAME.webp. Run it again when an example or the embedded model changes.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

import latentloom

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "web" / "public" / "examples"
SIZE = (320, 200)


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "workflows").glob("*.json")):
        picture = picture_of(path)
        picture.save(TARGET / f"{path.stem}.webp", quality=80, method=6)
        print(path.stem, f"{(TARGET / f'{path.stem}.webp').stat().st_size} bytes")


def picture_of(path: Path) -> Image.Image:
    """What the workflow makes, in the middle of a field of the gallery's shape."""
    picture = Image.open(BytesIO(latentloom.run(path)["image"].files[0])).convert("RGB")
    field = Image.new("RGB", SIZE, picture.getpixel((0, 0)))
    picture.thumbnail(SIZE, Image.Resampling.LANCZOS)
    field.paste(picture, ((SIZE[0] - picture.width) // 2, (SIZE[1] - picture.height) // 2))
    return field


if __name__ == "__main__":
    main()
