"""Named colours: which colour a picture has, how a drawing is given another one, and plain backgrounds.

A drawing's dominant hue is turned to the named one, so that a model that saw a red apple, a blue apple and a blue car
learns what "blue" means apart from what it is said of. Pictures are arrays `[H, W, 3 or 4]` of 0 to 1.
"""

from typing import NamedTuple

import numpy
from numpy.typing import NDArray

Picture = NDArray[numpy.float32]


class Paint(NamedTuple):
    """A colour as hue in degrees, saturation and value, as the mean over the surface that has it."""

    hue: float
    saturation: float
    value: float


PAINTS = {
    "red": Paint(0, 0.85, 0.88),
    "orange": Paint(28, 0.88, 0.97),
    "yellow": Paint(52, 0.80, 0.97),
    "green": Paint(125, 0.70, 0.72),
    "blue": Paint(218, 0.78, 0.90),
    "purple": Paint(278, 0.65, 0.80),
    "pink": Paint(328, 0.48, 0.97),
}
"""The colours that things may have."""

BACKGROUNDS = {
    "white": (1.00, 1.00, 1.00),
    "red": (0.90, 0.28, 0.26),
    "orange": (1.00, 0.66, 0.30),
    "yellow": (1.00, 0.90, 0.40),
    "green": (0.45, 0.80, 0.48),
    "blue": (0.42, 0.64, 0.98),
    "purple": (0.70, 0.52, 0.92),
    "pink": (1.00, 0.68, 0.84),
    "grey": (0.62, 0.62, 0.62),
    "black": (0.05, 0.05, 0.05),
}
"""The colours that plain backgrounds may have."""

# Where one named hue ends and the next begins, in degrees.
HUE_ENDS = (("red", 14), ("orange", 41), ("yellow", 68), ("green", 168), ("blue", 248), ("purple", 303), ("pink", 346))

HUE_WINDOW = 55.0
"""How far, in degrees, a pixel's hue may be from the dominant one to be turned with it."""


def to_hsv(rgb: Picture) -> tuple[Picture, Picture, Picture]:
    """Hue in degrees, saturation and value of colours of 0 to 1."""
    value, low = rgb.max(axis=-1), rgb.min(axis=-1)
    spread = value - low
    safe = numpy.where(spread == 0, 1, spread)
    red, green, blue = numpy.moveaxis(rgb, -1, 0)
    sector = numpy.where(
        value == red,
        (green - blue) / safe % 6,
        numpy.where(value == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    return sector * 60, spread / numpy.where(value == 0, 1, value), value


def from_hsv(hue: Picture, saturation: Picture, value: Picture) -> Picture:
    """Colours of 0 to 1 from hue in degrees, saturation and value."""
    channels = []
    for offset in (5, 3, 1):
        sector = (hue / 60 + offset) % 6
        channels.append(value * (1 - saturation * numpy.clip(numpy.minimum(sector, 4 - sector), 0, 1)))
    return numpy.stack(channels, axis=-1)


def hue_name(hue: float) -> str:
    """The named colour that a hue in degrees belongs to."""
    return next((name for name, end in HUE_ENDS if hue % 360 < end), "red")


def colour_masses(picture: Picture) -> dict[str, float]:
    """How much of each named colour a picture has: the saturation of its pixels, summed per hue and divided by all."""
    hue, saturation, value = to_hsv(picture[..., :3])
    weight = saturation * (saturation > 0.25) * (value > 0.2)
    if picture.shape[-1] == 4:
        weight = weight * picture[..., 3]
    masses = dict.fromkeys(PAINTS, 0.0)
    for name, (start, end) in hue_spans().items():
        inside = (hue - start) % 360 < end - start
        masses[name] = float(weight[inside].sum())
    total = sum(masses.values())
    return {name: mass / total if total else 0.0 for name, mass in masses.items()}


def hue_spans() -> dict[str, tuple[float, float]]:
    """Where each named hue begins and ends, in degrees; red begins below zero."""
    starts = [HUE_ENDS[-1][1] - 360, *(end for _, end in HUE_ENDS[:-1])]
    return {name: (start, end) for (name, end), start in zip(HUE_ENDS, starts, strict=True)}


def dominant_colour(picture: Picture) -> str | None:
    """The named colour that most of what is coloured has; None where next to nothing is coloured."""
    _, saturation, _ = to_hsv(picture[..., :3])
    if picture.shape[-1] == 4:
        saturation = saturation * picture[..., 3]
    if (saturation > 0.25).mean() < 0.02:
        return None
    masses = colour_masses(picture)
    return max(masses, key=lambda name: masses[name])


def background_colour(picture: Picture) -> str:
    """The named background nearest to the median of a picture's border of two pixels."""
    edge = numpy.concatenate([picture[:2].reshape(-1, 3), picture[-2:].reshape(-1, 3)])
    sides = numpy.concatenate([picture[:, :2].reshape(-1, 3), picture[:, -2:].reshape(-1, 3)])
    middle = numpy.median(numpy.concatenate([edge, sides]), axis=0)
    distances = {name: float(numpy.abs(middle - colour).sum()) for name, colour in BACKGROUNDS.items()}
    return min(distances, key=lambda name: distances[name])


def dominant_hue(drawing: Picture) -> float | None:
    """The dominant hue in degrees of a drawing with alpha; None where too little of it has one to be recoloured."""
    hue, saturation, value = to_hsv(drawing[..., :3])
    opaque = drawing[..., 3]
    weight = saturation * (saturation > 0.25) * (value > 0.2) * opaque
    histogram, _ = numpy.histogram(hue, bins=36, range=(0, 360), weights=weight)
    smooth = histogram + numpy.roll(histogram, 1) + numpy.roll(histogram, -1)
    peak = float(smooth.argmax()) * 10 + 5
    turned = (numpy.abs((hue - peak + 180) % 360 - 180) < HUE_WINDOW) * (weight > 0)
    return peak if (turned * opaque).sum() > 0.45 * opaque.sum() else None


def recolour(drawing: Picture, colour: str) -> Picture:
    """A drawing with its dominant hue turned to a named colour, with the shading kept."""
    peak = dominant_hue(drawing)
    if peak is None:
        raise ValueError("This drawing has no dominant hue: ask dominant_hue() first.")
    paint = PAINTS[colour]
    hue, saturation, value = to_hsv(drawing[..., :3])
    distance = numpy.abs((hue - peak + 180) % 360 - 180)
    # Nearly grey pixels keep their colour; those near the window's edge are turned in part.
    share = numpy.clip((HUE_WINDOW + 20 - distance) / 20, 0, 1) * numpy.clip((saturation - 0.08) / 0.12, 0, 1)
    weight = share * drawing[..., 3] + 1e-6
    mean = [float((channel * weight).sum() / weight.sum()) for channel in (saturation, value)]
    turned = from_hsv(
        paint.hue + 0.3 * ((hue - peak + 180) % 360 - 180),
        numpy.clip(saturation * paint.saturation / mean[0], 0, 1),
        numpy.clip(value * min(paint.value / mean[1], 1.9), 0, 1),
    )
    colours = drawing[..., :3] * (1 - share[..., None]) + turned * share[..., None]
    return numpy.concatenate([colours, drawing[..., 3:]], axis=-1).astype(numpy.float32)


def on_background(drawing: Picture, background: str) -> Picture:
    """A drawing with alpha, laid on a plain background."""
    alpha = drawing[..., 3:]
    plain = numpy.asarray(BACKGROUNDS[background], dtype=numpy.float32)
    return (drawing[..., :3] * alpha + plain * (1 - alpha)).astype(numpy.float32)
