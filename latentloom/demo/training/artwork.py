"""Artwork: fetching the drawings from their npm packages and rasterising them.

Three sets of emoji drawings as SVG (two of them of one hand, flat and shaded), the names of the emoji and keywords. The
registry is the one that npm is configured for.
"""

import io
import json
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import PIL.Image

from .colours import Picture

STYLES = {
    "noto": "@iconify-json/noto@1.2.9",
    "flat": "@iconify-json/fluent-emoji-flat@1.2.6",
    "glossy": "@iconify-json/fluent-emoji@1.2.7",
}
"""The style words of captions, and the package of each one's drawings."""

NAMES, KEYWORDS = "unicode-emoji-json@0.9.0", "emojilib@4.0.3"

DRAWN_PX = 256
"""The side of a drawing's canvas before it is scaled down to a picture."""
SHARE = 7 / 8
"""How much of the canvas's side a drawing takes."""


@dataclass(frozen=True)
class Emoji:
    """One emoji that all styles have drawn: its standard name, keywords and the icon's name in each style."""

    name: str
    keywords: tuple[str, ...]
    icons: dict[str, str]


@dataclass(frozen=True)
class Artwork:
    """All emoji by name, and each style's SVG bodies with their box."""

    emoji: dict[str, Emoji]
    styles: dict[str, dict[str, Any]]

    def draw(self, name: str, style: str) -> Picture:
        """A drawing `[256, 256, 4]` of 0 to 1 with straight alpha."""
        icons = self.styles[style]
        body = icons["icons"][self.emoji[name].icons[style]]["body"]
        return rasterise(body, icons.get("width", 16), icons.get("height", 16))


def rasterise(body: str, width: int, height: int) -> Picture:
    """An SVG's body, drawn in the middle of the canvas."""
    import resvg_py  # an extra of the training alone

    side = int(DRAWN_PX * SHARE)
    box = f'xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {width} {height}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{body}</svg>'
    png = resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side)
    canvas = PIL.Image.new("RGBA", (DRAWN_PX, DRAWN_PX))
    canvas.paste(PIL.Image.open(io.BytesIO(bytes(png))).convert("RGBA"), ((DRAWN_PX - side) // 2,) * 2)
    return numpy.asarray(canvas).astype(numpy.float32) / numpy.float32(255)


def scale(drawing: Picture, size: int) -> Picture:
    """A drawing scaled down to a square of `size`; colours are weighted by their alpha, so that no edge darkens."""
    image = PIL.Image.fromarray((drawing * 255 + 0.5).astype(numpy.uint8), "RGBA")
    small = image.convert("RGBa").resize((size, size), PIL.Image.Resampling.LANCZOS, reducing_gap=3).convert("RGBA")
    return numpy.asarray(small).astype(numpy.float32) / numpy.float32(255)


def fetch(package: str, folder: Path) -> Path:
    """The folder of an npm package at an exact version, downloaded unless it is there."""
    target = folder_of(package, folder)
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", str(folder), package],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        archive = folder / packed.stdout.split()[-1]
        with tarfile.open(archive) as tar:
            tar.extractall(target.with_suffix(".partial"), filter="data")
        (target.with_suffix(".partial") / "package").rename(target)
        target.with_suffix(".partial").rmdir()
        archive.unlink()
    return target


def folder_of(package: str, folder: Path) -> Path:
    """Where a package is kept."""
    name, _, version = package.rpartition("@")
    return folder / f"{name.replace('@', '').replace('/', '-')}-{version}"


def load_artwork(folder: Path) -> Artwork:
    """The artwork from its packages, with every emoji of one code point that all styles have drawn."""
    packages = {style: fetch(package, folder) for style, package in STYLES.items()}
    styles = {style: read(package / "icons.json") for style, package in packages.items()}
    icons_of = {style: read(packages[style] / "chars.json") for style in ("noto", "flat")}
    icons_of["glossy"] = icons_of["flat"]  # the same set of names; its own table is empty
    names = read(fetch(NAMES, folder) / "data-by-emoji.json")
    keywords = read(fetch(KEYWORDS, folder) / "dist" / "emoji-en-US.json")
    emoji = {}
    for character, entry in names.items():
        code = "-".join(f"{ord(letter):x}" for letter in character if letter != "\ufe0f")
        icons = {style: icons_of[style].get(code, "") for style in STYLES}
        drawn = all(icons[style] in styles[style]["icons"] for style in STYLES)
        if drawn and "-" not in code and entry["group"] != "Flags":
            words = (word.replace("_", " ") for word in keywords.get(character, ()))
            emoji[entry["name"]] = Emoji(entry["name"], tuple(w for w in words if w.isascii()), icons)
    return Artwork(emoji, styles)


def read(path: Path) -> Any:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
