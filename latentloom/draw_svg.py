"""A workflow as an SVG picture: cards with sockets, loops as zones, edges in the colours of their types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from .draw import Box, Edge, Group, Picture
from .draw_layout import Area, Point, Size, layout

HEADER = 40.0
PLAIN_HEADER = 26.0
ROW = 19.0
FOOT = 8.0
LETTER = 6.4
"""Mean width of a letter at 12 px, generous, since fonts differ."""
NARROWEST = 84.0
GREY = "#8a919e"
STYLE = """
text { font: 12px ui-sans-serif, system-ui, "Segoe UI", "Noto Sans", sans-serif; fill: #2a2f3a }
.title { font-weight: 600 } .small, .value { font-size: 11px; fill: #6b7280 } .literal { fill: #2a2f3a }
.card { fill: #ffffff; stroke: #cfd5df } .input, .output { fill: #eef2fb; stroke: #b9c6e4 }
.entry, .exit { fill: #f3eefc; stroke: #c9b8ec } .subgraph { fill: #eef8f2; stroke: #a9d3bb }
.zone { fill: #8b6fd1; fill-opacity: 0.06; stroke: #8b6fd1; stroke-opacity: 0.55; stroke-dasharray: 6 4 }
.zone-title { font-weight: 600; fill: #6a4fb3 } .faded { opacity: 0.45 }
.edge { fill: none; stroke-width: 2; stroke-opacity: 0.85 } .back { stroke-dasharray: 5 4; stroke: #8b6fd1 }
""".strip()


@dataclass(frozen=True, slots=True)
class Card:
    """A box with what stands on it."""

    box: Box
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    size: Size


def svg(picture: Picture) -> str:
    """The picture as a standalone SVG document."""
    cards = _cards(picture)
    area = layout(picture, {id_: card.size for id_, card in cards.items()})
    colours = {(edge.source, edge.output): edge.colour for edge in picture.edges if edge.colour}
    colours |= {(edge.target, edge.input): edge.colour for edge in picture.edges if edge.colour}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {area.width:.0f} {area.height:.0f}" '
        f'width="{area.width:.0f}" height="{area.height:.0f}" role="img">',
        f"<title>{escape(picture.top.title)}</title><style>{STYLE}</style>",
        '<rect width="100%" height="100%" fill="#f7f8fa"/>',
        *(_zone(group, area) for group in picture.top.walk() if group.id in area.groups),
        *(_edge(number, edge, cards, area) for number, edge in enumerate(picture.edges)),
        *(_card(card, area.boxes[id_], colours) for id_, card in cards.items()),
        "</svg>\n",
    ]
    return "\n".join(parts)


def _cards(picture: Picture) -> dict[str, Card]:
    boxes = [box for group in picture.top.walk() for box in group.boxes]
    inputs: dict[str, dict[str, None]] = {box.id: {} for box in boxes}
    outputs: dict[str, dict[str, None]] = {box.id: {} for box in boxes}
    for edge in picture.edges:
        if not edge.back:
            outputs[edge.source][edge.output] = None
            inputs[edge.target][edge.input] = None
    return {box.id: _measured(box, tuple(inputs[box.id]), tuple(outputs[box.id])) for box in boxes}


def _measured(box: Box, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> Card:
    """Inputs and values stand one under the other on the left, outputs on the right."""
    head = _header(box)
    if box.kind in ("input", "output"):
        # A named input or output is one thing: its socket stands at its title.
        middle = head / 2
        lines = [box.title, *(value for _, value in box.values)]
        width = max(NARROWEST, max(map(len, lines)) * LETTER + 32)
        height = head + (ROW if box.values else 0)
        sockets = dict.fromkeys(inputs, middle), dict.fromkeys(outputs, middle)
        return Card(box, inputs, outputs, Size(width, height, *sockets))
    left = [*inputs, *(f"{name}  {value}" for name, value in box.values)]
    rows = max(len(left), len(outputs))
    longest_left, longest_right = (max(map(len, column), default=0) for column in (left, outputs))
    width = max(
        NARROWEST,
        max(len(box.title), len(box.subtitle)) * LETTER + 28,
        (longest_left + longest_right) * LETTER + (52 if left and outputs else 28),
    )
    height = head + rows * ROW + (FOOT if rows else 0)
    at_left, at_right = ({n: head + (i + 0.5) * ROW for i, n in enumerate(names)} for names in (inputs, outputs))
    return Card(box, inputs, outputs, Size(width, height, at_left, at_right))


def _header(box: Box) -> float:
    return HEADER if _subtitle(box) else PLAIN_HEADER


def _subtitle(box: Box) -> str:
    """The type's title, where it says more than the id; of a named input not even its type."""
    same = box.subtitle.lower().replace(" ", "_") == box.title.lower()
    return "" if same or box.kind == "input" else box.subtitle


def _zone(group: Group, area: Area) -> str:
    x, y, width, height = area.groups[group.id]
    return (
        f'<rect class="zone" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="12"/>'
        f'<text class="zone-title" x="{x + 14:.1f}" y="{y + 20:.1f}">{escape(group.title)}</text>'
    )


def _edge(number: int, edge: Edge, cards: Mapping[str, Card], area: Area) -> str:
    source, target = cards[edge.source].size, cards[edge.target].size
    (sx, sy), (tx, ty) = area.boxes[edge.source], area.boxes[edge.target]
    label = f"<title>{escape(edge.label)}</title>"
    if edge.back:
        return f'<path class="edge back" d="{_way_back(edge, cards, area)}">{label}</path>'
    start = (sx + source.width, sy + source.outputs[edge.output])
    end = (tx, ty + target.inputs[edge.input])
    path = _curve([start, *area.routes.get(number, ()), end])
    return f'<path class="edge" stroke="{escape(edge.colour or GREY)}" d="{path}">{label}</path>'


def _curve(points: Sequence[Point]) -> str:
    """Level in lanes, S-shaped between them."""
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(y1 - y0) < 0.05:
            parts.append(f"L{x1:.1f} {y1:.1f}")
        else:
            half = (x1 - x0) / 2
            parts.append(f"C{x0 + half:.1f} {y0:.1f} {x1 - half:.1f} {y1:.1f} {x1:.1f} {y1:.1f}")
    return " ".join(parts)


def _way_back(edge: Edge, cards: Mapping[str, Card], area: Area) -> str:
    """From the foot of a loop's exit along the zone's foot to the foot of its entry."""
    source, target = cards[edge.source].size, cards[edge.target].size
    (sx, sy), (tx, ty) = area.boxes[edge.source], area.boxes[edge.target]
    _, zone_y, _, zone_height = area.groups[edge.source.removesuffix("/out")]
    floor, right, left = zone_y + zone_height - 18, sx + source.width / 2, tx + target.width / 2
    return (
        f"M{right:.1f} {sy + source.height:.1f} V{floor - 10:.1f} "
        f"Q{right:.1f} {floor:.1f} {right - 10:.1f} {floor:.1f} "
        f"H{left + 10:.1f} Q{left:.1f} {floor:.1f} {left:.1f} {floor - 10:.1f} V{ty + target.height:.1f}"
    )


def _card(card: Card, at: Point, colours: Mapping[tuple[str, str], str]) -> str:
    (x, y), size, box = at, card.size, card.box
    head = _header(box)
    round_ends = box.kind in ("input", "output")
    radius = min(13.0, size.height / 2) if round_ends else 7.0
    kind = "card" if box.kind == "node" else box.kind
    parts = [
        f'<g class="{"faded" if box.faded else "box"}" transform="translate({x:.1f} {y:.1f})">',
        f'<rect class="{kind}" width="{size.width:.1f}" height="{size.height:.1f}" rx="{radius:.1f}"/>',
        f'<text class="title" x="14" y="17.5">{escape(box.title)}</text>',
    ]
    if subtitle := _subtitle(box):
        parts.append(f'<text class="small" x="14" y="32">{escape(subtitle)}</text>')
    parts += _rows(card, head, round_ends)
    parts += _sockets(box.id, ((name, 0.0, y) for name, y in size.inputs.items()), colours)
    parts += _sockets(box.id, ((name, size.width, y) for name, y in size.outputs.items()), colours)
    return "".join([*parts, "</g>"])


def _rows(card: Card, head: float, round_ends: bool) -> list[str]:
    size = card.size
    if round_ends:
        return [f'<text class="value" x="14" y="{head + 9:.1f}">{escape(value)}</text>' for _, value in card.box.values]
    parts = [f'<text x="12" y="{y + 4:.1f}">{escape(name)}</text>' for name, y in size.inputs.items()]
    for i, (name, value) in enumerate(card.box.values, start=len(card.inputs)):
        y = head + (i + 0.5) * ROW + 4
        shown = f'{escape(name)}  <tspan class="literal">{escape(value)}</tspan>'
        parts.append(f'<text class="value" x="12" y="{y:.1f}">{shown}</text>')
    parts += [
        f'<text x="{size.width - 12:.1f}" y="{y + 4:.1f}" text-anchor="end">{escape(name)}</text>'
        for name, y in size.outputs.items()
    ]
    return parts


def _sockets(
    id_: str, sockets: Iterable[tuple[str, float, float]], colours: Mapping[tuple[str, str], str]
) -> list[str]:
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{escape(colours.get((id_, name), GREY))}" stroke="#fff"/>'
        for name, x, y in sockets
    ]
