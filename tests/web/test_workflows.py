"""Workflows in tabs and on the server: named, described, copied, closed, deleted and had back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from ..server.serving import Server
from .access import Scheme, serious_faults
from .canvas import add, document, leave_field, new_workflow
from .conftest import NewPage
from .waiting import becomes, wait_for

NUMBER: dict[str, Any] = {
    "latentloom": 1,
    "title": "One",
    "nodes": {"number": {"type": "number", "values": {"value": 1.0}}},
    "outputs": {"result": ["number", "value"]},
}


@pytest.fixture
def saved(server: Server) -> str:
    """Name of a workflow with two revisions: the first is of 1, the second of 2."""
    name = f"numbers {uuid.uuid4().hex[:8]}"
    server.post("/workflows", {"name": name, "workflow": NUMBER})
    second = NUMBER | {"nodes": {"number": {"type": "number", "values": {"value": 2.0}}}}
    server.put(f"/workflows/{name}", {"workflow": second, "revision": 1})
    return name


def library(page: Page) -> Locator:
    panel = page.get_by_role("complementary", name="Workflows")
    if panel.count() == 0:
        page.get_by_role("button", name="Workflows", exact=True).click()
    return panel


def act(page: Page, name: str, action: str) -> None:
    library(page).get_by_role("button", name=f"What can be done with {name}", exact=True).click()
    page.get_by_role("menuitem", name=action, exact=True).click()


def entry(page: Page, name: str) -> Locator:
    return library(page).locator(".workflow-entry", has=page.get_by_text(name, exact=True))


def tab(page: Page, name: str) -> Locator:
    return page.locator(".tab-name", has=page.get_by_text(name, exact=True))


def names(server: Server) -> set[str]:
    return {found["name"] for found in server.get("/workflows").json()["workflows"]}


def test_a_saved_workflow_is_renamed_with_its_tab_and_copied(page: Page, server: Server, saved: str) -> None:
    entry(page, saved).click()
    tab(page, saved).wait_for()
    act(page, saved, "Rename")
    page.get_by_role("textbox", name=f"New name of {saved}").fill(f"{saved} better")
    page.keyboard.press("Enter")
    expect(tab(page, f"{saved} better")).to_have_count(1)
    tab(page, f"{saved} better").dblclick()
    page.get_by_role("textbox", name="Name of the workflow").fill(f"{saved} best")
    page.keyboard.press("Enter")
    expect(entry(page, f"{saved} best")).to_have_count(1)
    assert {f"{saved} best"} == {name for name in names(server) if name.startswith(saved)}
    act(page, f"{saved} best", "Duplicate")
    expect(entry(page, f"{saved} best copy")).to_have_count(1)
    assert server.get(f"/workflows/{saved} best copy").json()["workflow"]["title"] == "One"


def test_a_deleted_workflow_is_had_back_with_its_revisions(page: Page, server: Server, saved: str) -> None:
    entry(page, saved).click()
    tab(page, saved).wait_for()
    act(page, saved, "Delete")
    expect(entry(page, saved)).to_have_count(0)
    assert saved not in names(server)
    expect(tab(page, "One")).to_have_count(1)  # what was open stays open
    page.locator(".message").get_by_role("button", name="Undo").click()
    expect(entry(page, saved)).to_have_count(1)
    expect(tab(page, saved)).to_have_count(1)
    assert len(server.get(f"/workflows/{saved}/versions").json()["versions"]) >= 3


def test_an_earlier_revision_is_restored_and_that_is_undone(page: Page, server: Server, saved: str) -> None:
    act(page, saved, "Earlier revisions")
    library(page).get_by_role("button", name="Restore: Revision 1").click()
    expect(page.locator(".message")).to_contain_text("Revision 1 is back")
    expect(tab(page, saved)).to_have_attribute("aria-current", "true")
    assert document(page)["nodes"]["number"]["values"] == {"value": 1.0}
    expect(page.locator(".tab[data-active=true] .save-mark")).to_have_count(0)
    assert server.get(f"/workflows/{saved}").json()["revision"] == 3
    page.keyboard.press("Control+z")
    assert document(page)["nodes"]["number"]["values"] == {"value": 2.0}
    library(page).get_by_role("button", name="Restore: Revision 1").click()
    becomes({"value": 1.0}, lambda: document(page)["nodes"]["number"]["values"])
    tab(page, "Text to image").click()
    page.locator(".message").get_by_role("button", name="Undo").click()
    expect(tab(page, saved)).to_have_attribute("aria-current", "true")
    assert document(page)["nodes"]["number"]["values"] == {"value": 2.0}


def test_a_workflow_that_is_renamed_or_deleted_elsewhere_stays_open(page: Page, server: Server, saved: str) -> None:
    entry(page, saved).click()
    tab(page, saved).wait_for()
    server.post(f"/workflows/{saved}/rename", {"name": f"{saved} moved"})
    expect(tab(page, f"{saved} moved")).to_have_count(1)
    server.delete(f"/workflows/{saved} moved")
    expect(page.locator(".message")).to_contain_text("was deleted elsewhere")
    assert document(page)["nodes"]["number"]["values"] == {"value": 2.0}


def test_a_closed_workflow_is_had_back_with_its_history(page: Page) -> None:
    new_workflow(page)
    number = add(page, "integer", 600, 300)
    page.get_by_role("button", name="Close New workflow").click()
    expect(page.locator(f'.react-flow__node[data-id="{number}"]')).to_have_count(0)
    page.locator(".message").get_by_role("button", name="Undo").click()
    page.locator(f'.react-flow__node[data-id="{number}"]').wait_for()
    page.keyboard.press("Control+z")
    expect(page.locator(".node")).to_have_count(0)


def test_what_was_just_typed_is_saved_when_its_tab_is_closed(page: Page, server: Server, saved: str) -> None:
    entry(page, saved).click()
    tab(page, saved).wait_for()
    page.get_by_role("button", name="Inputs and outputs").click()
    page.get_by_role("textbox", name="Title of the workflow").fill("Typed last")
    page.get_by_role("button", name=f"Close {saved}").click()
    expect(tab(page, saved)).to_have_count(0)
    assert server.get(f"/workflows/{saved}").json()["workflow"]["title"] == "Typed last"


def test_a_workflow_and_its_inputs_are_named_where_they_stand(new_page: NewPage) -> None:
    page = new_page()
    page.locator(".node").first.wait_for()
    panel = page.get_by_role("complementary", name="Inputs and outputs")
    panel.get_by_role("textbox", name="Title of the workflow").fill("Foxes")
    expect(tab(page, "Foxes")).to_have_count(1)
    panel.get_by_role("textbox", name="Description").fill("Pictures of foxes.")
    panel.get_by_role("button", name="What can be done with guidance").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("textbox", name="New name of guidance").fill("how strongly")
    page.keyboard.press("Enter")
    expect(panel.get_by_role("spinbutton", name="how strongly")).to_have_count(1)
    leave_field(page)
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(tab(page, "Text to image")).to_have_count(1)
    expect(panel.get_by_role("spinbutton", name="guidance")).to_have_count(1)


def test_typing_while_it_is_saved_is_no_conflict_with_oneself(page: Page, server: Server, saved: str) -> None:
    entry(page, saved).click()
    tab(page, saved).wait_for()
    page.get_by_role("button", name="Inputs and outputs").click()
    title = page.get_by_role("textbox", name="Title of the workflow")
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.method == "PUT" and not held:
            held.append((route, route.fetch()))  # it is saved; the answer is still on its way
        else:
            route.continue_()

    page.route("**/api/v1/workflows/*", hold)
    title.fill("First")
    wait_for(page, held)
    title.fill("Second")
    page.keyboard.press("Control+s")
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(page.locator(".tab[data-active=true] .save-mark")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert server.get(f"/workflows/{saved}").json()["workflow"]["title"] == "Second"


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_panels_keep_nobody_out(page: Page, saved: str, scheme: Scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    assert serious_faults(page, ".side") == []
    act(page, saved, "Earlier revisions")
    library(page).get_by_role("button", name="Restore: Revision 1").wait_for()
    assert serious_faults(page, ".side") == []
    page.locator(".node-head, .far-title").first.click(button="right")
    page.get_by_role("menuitemradio", name="Teal").wait_for()
    assert serious_faults(page, ".menu") == []
