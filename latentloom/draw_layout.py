"""Where boxes, groups and edges of a picture stand: a layered layout from left to right, groups nested.

Each group is laid out on its own, innermost first, and then stands as one unit in the group around it (Sugiyama,
Tagawa and Toda 1981): units in layers by longest path; long edges get a lane in every layer that they cross; layers
are ordered by barycentres; heights come from least squares along the edges, keeping the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .draw import Edge, Group, Picture

COLUMN_GAP = 56.0
ROW_GAP = 18.0
LANE_GAP = 9.0
PADDING = 18.0
TITLE_HEIGHT = 26.0
RETURN_HEIGHT = 22.0
"""Room at a loop's foot for the way back."""
SWEEPS = 8

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Lane:
    """Room for the edges of one output to pass through a layer."""

    source: str
    output: str
    layer: int


Key = str | Lane
"""What stands in a layer: a box or group by its id, or a lane."""
Stop = tuple[Key, float]
"""Something in a layer, and the height within it where an edge meets it."""


@dataclass(frozen=True, slots=True)
class Size:
    """A box: its measures, and at which height each input and output stands."""

    width: float
    height: float
    inputs: Mapping[str, float]
    outputs: Mapping[str, float]


@dataclass
class Area:
    """A group laid out, from its own corner; `routes` and `entries` by the edge's number."""

    width: float = 0
    height: float = 0
    boxes: dict[str, Point] = field(default_factory=dict)
    groups: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    """x, y, width, height."""
    routes: dict[int, list[Point]] = field(default_factory=dict)
    """The points that an edge goes through, its two ends not counted."""
    entries: dict[int, float] = field(default_factory=dict)
    """At which height an edge from outside comes in."""

    def add(self, id_: str, area: Area, x: float, y: float) -> None:
        """Take in a group, with all that is inside, at x, y."""
        self.groups[id_] = (x, y, area.width, area.height)
        self.boxes |= {id_: (x + px, y + py) for id_, (px, py) in area.boxes.items()}
        self.groups |= {id_: (x + px, y + py, w, h) for id_, (px, py, w, h) in area.groups.items()}
        for number, points in area.routes.items():
            self.routes.setdefault(number, []).extend((x + px, y + py) for px, py in points)


def layout(picture: Picture, sizes: Mapping[str, Size]) -> Area:
    """The whole picture; subgraphs, which no edge reaches from outside, stand below the workflow."""
    inside = {box.id for part in picture.top.walk() for box in part.boxes}
    numbered = [(i, e) for i, e in enumerate(picture.edges) if not e.back and e.source in inside]
    loose = [group for group in picture.top.groups if not _is_reached(group, picture.edges)]
    kept = tuple(group for group in picture.top.groups if group not in loose)
    whole = _arrange(Group(picture.top.id, picture.top.title, picture.top.boxes, kept), sizes, numbered)
    for group in loose:
        area = _arrange(group, sizes, numbered)
        whole.add(group.id, area, PADDING, whole.height)
        whole.width = max(whole.width, area.width + 2 * PADDING)
        whole.height += area.height + PADDING
    return whole


def _is_reached(group: Group, edges: Iterable[Edge]) -> bool:
    """Whether any edge crosses the group's border."""
    inside = {box.id for part in group.walk() for box in part.boxes}
    return any((edge.source in inside) != (edge.target in inside) for edge in edges)


@dataclass(frozen=True)
class _Unit:
    """What stands in a layer: a box, or a group already laid out."""

    width: float
    height: float
    area: Area | None = None


def _arrange(group: Group, sizes: Mapping[str, Size], edges: Sequence[tuple[int, Edge]]) -> Area:
    areas = {inner.id: _arrange(inner, sizes, edges) for inner in group.groups}
    units = {box.id: _Unit(sizes[box.id].width, sizes[box.id].height) for box in group.boxes}
    units |= {id_: _Unit(area.width, area.height, area) for id_, area in areas.items()}
    owner = {box.id: box.id for box in group.boxes}
    owner |= {id_: inner for inner, area in areas.items() for id_ in area.boxes}
    crossing = [
        (number, edge, owner.get(edge.source), owner[edge.target])
        for number, edge in edges
        if edge.target in owner and owner.get(edge.source) != owner[edge.target]
    ]
    layer_of = _layers(group, list(units), [(s, t) for _, _, s, t in crossing if s is not None])
    chains = {
        number: _chain(edge, source, target, layer_of, units, sizes, number)
        for number, edge, source, target in crossing
    }
    columns = _columns(layer_of, chains.values())
    links = dict.fromkeys(pair for chain in chains.values() for pair in pairwise(chain))
    _order(columns, links)
    tops = _tops(columns, links, {id_: unit.height for id_, unit in units.items()})
    return _placed(columns, tops, units, chains, layer_of)


def _layers(group: Group, units: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Each unit behind all that it reads; inputs next to their first reader, a loop's exit last."""
    import networkx

    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(units)
    graph.add_edges_from(pairs)
    while not networkx.is_directed_acyclic_graph(graph):
        # Only a faulty document has a cycle; it is drawn all the same.
        graph.remove_edge(*networkx.find_cycle(graph)[0][:2])
    layers = {unit: i for i, generation in enumerate(networkx.topological_generations(graph)) for unit in generation}
    for unit in units:
        readers = [layers[reader] for reader in graph.successors(unit)]
        if graph.in_degree(unit) == 0 and readers:
            layers[unit] = min(readers) - 1
    last = max(layers.values(), default=0)
    kinds = {box.id: box.kind for box in group.boxes}
    for unit in units:
        if kinds.get(unit) == "entry":
            layers[unit] = 0
        if kinds.get(unit) in ("exit", "output"):
            layers[unit] = last
    return layers


def _chain(
    edge: Edge, source: str | None, target: str, layer_of: Mapping[str, int], units: Mapping[str, _Unit],
    sizes: Mapping[str, Size], number: int,
) -> tuple[Stop, ...]:  # fmt: skip
    """The way of an edge through the layers: where it starts, a lane in each layer between, where it ends."""
    stops: list[Stop] = []
    first = 0
    if source is not None:
        area = units[source].area
        top = area.boxes[edge.source][1] if area else 0.0
        stops.append((source, top + sizes[edge.source].outputs[edge.output]))
        first = layer_of[source] + 1
    stops += [(Lane(edge.source, edge.output, layer), 0.0) for layer in range(first, layer_of[target])]
    area = units[target].area
    stops.append((target, area.entries[number] if area else sizes[edge.target].inputs[edge.input]))
    return tuple(stops)


def _columns(layer_of: Mapping[str, int], chains: Iterable[Sequence[Stop]]) -> list[list[Key]]:
    columns: list[list[Key]] = [[] for _ in range(max(layer_of.values(), default=-1) + 1)]
    for unit, layer in layer_of.items():
        columns[layer].append(unit)
    for lane in dict.fromkeys(key for chain in chains for key, _ in chain if isinstance(key, Lane)):
        columns[lane.layer].append(lane)
    return columns


def _order(columns: list[list[Key]], links: Iterable[tuple[Stop, Stop]]) -> None:
    """Sort each layer by the mean place of its neighbours, to and fro."""
    before: dict[Key, list[Key]] = {}
    after: dict[Key, list[Key]] = {}
    for (left, _), (right, _) in links:
        before.setdefault(right, []).append(left)
        after.setdefault(left, []).append(right)
    for sweep in range(SWEEPS):
        neighbours, order = (before, columns) if sweep % 2 == 0 else (after, columns[::-1])
        place = {key: i / max(len(column) - 1, 1) for column in columns for i, key in enumerate(column)}
        for column in order:
            wanted = {
                key: sum(place[n] for n in near) / len(near) if (near := neighbours.get(key)) else place[key]
                for key in column
            }
            column.sort(key=wanted.__getitem__)
            place |= {key: i / max(len(column) - 1, 1) for i, key in enumerate(column)}


def _tops(
    columns: Sequence[Sequence[Key]], links: Iterable[tuple[Stop, Stop]], heights: Mapping[str, float]
) -> dict[Key, float]:
    """The upper end of everything, such that edges are as level as the order allows."""
    near: dict[Key, list[tuple[Key, float]]] = {}
    for (left, left_y), (right, right_y) in links:
        near.setdefault(right, []).append((left, left_y - right_y))
        near.setdefault(left, []).append((right, right_y - left_y))
    tops: dict[Key, float] = {}
    for column in columns:
        tops |= _spread(column, [0.0] * len(column), heights)
    for sweep in range(2 * SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = [
                sum(tops[n] + dy for n, dy in around) / len(around) if (around := near.get(key)) else tops[key]
                for key in column
            ]
            tops |= _spread(column, wanted, heights)
    return tops


def _spread(column: Sequence[Key], wanted: Sequence[float], heights: Mapping[str, float]) -> dict[Key, float]:
    """Tops nearest to the wanted ones (least squares) that keep order and gaps: pool adjacent violators."""
    offsets, offset = [0.0], 0.0
    for above, below in pairwise(column):
        lanes = isinstance(above, Lane) and isinstance(below, Lane)
        offset += (0.0 if isinstance(above, Lane) else heights[above]) + (LANE_GAP if lanes else ROW_GAP)
        offsets.append(offset)
    blocks: list[tuple[float, int]] = []
    for want, off in zip(wanted, offsets, strict=False):
        mean, count = want - off, 1
        while blocks and blocks[-1][0] > mean:
            other, others = blocks.pop()
            mean, count = (mean * count + other * others) / (count + others), count + others
        blocks.append((mean, count))
    levels = [mean for mean, count in blocks for _ in range(count)]
    return {key: level + off for key, level, off in zip(column, levels, offsets, strict=False)}


def _placed(
    columns: Sequence[Sequence[Key]], tops: Mapping[Key, float], units: Mapping[str, _Unit],
    chains: Mapping[int, Sequence[Stop]], layer_of: Mapping[str, int],
) -> Area:  # fmt: skip
    """Everything at its place, and each edge's points: out here first, then inside the group that it ends in."""
    shift = PADDING + TITLE_HEIGHT - min(tops.values(), default=0.0)
    lefts, rights, x = [], [], PADDING
    for column in columns:
        lefts.append(x)
        rights.append(x + max((units[key].width for key in column if isinstance(key, str)), default=0.0))
        x = rights[-1] + COLUMN_GAP
    area = Area(width=max(rights, default=0.0) + PADDING)
    for number, chain in chains.items():
        area.routes[number] = [
            (x, tops[key] + dy + shift) for i, (key, dy) in enumerate(chain)
            for x in _crossings(key, layer_of, lefts, rights, starts=i == 0 and len(chain) > 1)
        ]  # fmt: skip
        area.entries[number] = area.routes[number][0][1]
        area.height = max(area.height, *(y for _, y in area.routes[number]))
    for id_, unit in units.items():
        x, y = lefts[layer_of[id_]], tops[id_] + shift
        area.height = max(area.height, y + unit.height)
        if unit.area:
            area.add(id_, unit.area, x, y)
        else:
            area.boxes[id_] = (x, y)
    area.height += PADDING + RETURN_HEIGHT
    return area


def _crossings(
    key: Key, layer_of: Mapping[str, int], lefts: Sequence[float], rights: Sequence[float], *, starts: bool
) -> tuple[float, ...]:
    """Where an edge crosses the borders of a layer: both in a lane, one where it starts or ends."""
    if isinstance(key, Lane):
        return lefts[key.layer], rights[key.layer]
    return (rights[layer_of[key]] if starts else lefts[layer_of[key]],)
