"""Leading wires through points: by mouse and by keyboard. They are picture only."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from .canvas import add, document, drag, ids, leave_field, middle, new_workflow, node, socket, wire
from .keyboard import go_to, to_socket

WIRE = "wire:{}.image"


def wired(page: Page) -> tuple[str, str]:
    """Two nodes with a wire between them."""
    new_workflow(page)
    colour = add(page, "solid colour", 400, 200)
    encode = add(page, "encode image", 950, 200)
    wire(page, socket(page, colour, "out:image"), socket(page, encode, "in:image"))
    return colour, encode


def along(page: Page, node_: str, share: float) -> tuple[float, float]:
    """A point on the screen that lies on the wire to a node's image."""
    drawn = page.locator(f'.react-flow__edge[data-id="{WIRE.format(node_)}"] .react-flow__edge-interaction')
    x, y = drawn.evaluate(
        """(path, share) => {
            const { x, y } = path.getPointAtLength(path.getTotalLength() * share);
            const { a, d, e, f } = path.getScreenCTM();
            return [x * a + e, y * d + f];
        }""",
        share,
    )
    return x, y


def points(page: Page) -> dict[str, list[list[float]]]:
    found: dict[str, list[list[float]]] = document(page)["layout"].get("wires", {})
    return found


def test_a_wire_is_led_through_points_that_are_dragged_and_removed(page: Page) -> None:
    _, encode = wired(page)
    before = document(page)
    page.mouse.dblclick(*along(page, encode, 0.5))
    point = page.locator(".react-flow__node-point")
    expect(point).to_have_count(1)
    x, y = middle(point)
    drag(page, (x, y), (x, y + 160))
    page.mouse.dblclick(*along(page, encode, 0.9))
    expect(point).to_have_count(2)
    (first, second) = points(page)[f"{encode}.image"]
    assert first[1] > second[1]
    assert first[0] < second[0]
    assert document(page)["nodes"] == before["nodes"]
    point.first.click()
    page.keyboard.press("Delete")
    assert points(page) == {f"{encode}.image": [second]}
    node(page, encode).locator(".node-head").click()
    page.keyboard.press("Delete")
    assert "wires" not in document(page).get("layout", {})
    for _ in range(5):
        page.keyboard.press("Control+z")
    assert document(page) == before


def test_points_go_with_both_ends_of_their_wire(page: Page) -> None:
    colour, encode = wired(page)
    page.mouse.dblclick(*along(page, encode, 0.5))
    ((x, y),) = points(page)[f"{encode}.image"]
    before = document(page)["layout"]["nodes"][colour]
    page.keyboard.press("Control+a")
    start = middle(node(page, colour).locator(".node-head"))
    drag(page, start, (start[0] + 40, start[1] + 80))
    moved = document(page)["layout"]
    by = [moved["nodes"][colour][axis] - before[axis] for axis in "xy"]
    assert min(by) > 0
    assert moved["wires"][f"{encode}.image"] == [[x + by[0], y + by[1]]]


def test_a_wire_is_led_by_keyboard_and_straightened(page: Page) -> None:
    colour, encode = wired(page)
    leave_field(page)
    page.keyboard.press("Escape")
    go_to(page, "Encode image")
    to_socket(page, "image", "input")
    page.keyboard.press("o")
    page.keyboard.press("o")
    expect(page.locator(".react-flow__node-point")).to_have_count(2)
    page.keyboard.press("Shift+O")
    expect(page.locator(".react-flow__node-point")).to_have_count(0)
    page.keyboard.press("Delete")
    assert "links" not in document(page)["nodes"][encode]
    leave_field(page)
    assert set(ids(page)) == {colour, encode}
