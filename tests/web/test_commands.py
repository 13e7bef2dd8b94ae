"""Commands by name and by key: the palette, the sheet of shortcuts, shortcuts of one's own."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from .canvas import ids, new_workflow
from .commands import palette, run_command
from .conftest import NewPage


def open_shortcuts(page: Page) -> Locator:
    run_command(page, "change shortcuts")
    return page.get_by_role("dialog", name="Settings")


def test_a_command_is_found_by_name_and_run(page: Page) -> None:
    run_command(page, "select all")
    expect(page.locator(".react-flow__node.selected").first).to_be_visible()
    page.keyboard.press("Control+k")
    expect(palette(page).get_by_role("option").first).to_contain_text("Select all")
    expect(palette(page).get_by_role("option").first).to_contain_text("Used last")
    page.get_by_role("combobox", name="What do you want to do?").fill("selct al")
    expect(palette(page).get_by_role("option").first).to_contain_text("Select all")
    page.get_by_role("combobox", name="What do you want to do?").fill("zzzz")
    expect(palette(page)).to_contain_text("No command is called that.")
    page.keyboard.press("Escape")
    expect(palette(page)).to_have_count(0)


def test_what_is_not_possible_now_stands_last_and_does_nothing(page: Page) -> None:
    new_workflow(page)
    page.keyboard.press("Control+k")
    expect(palette(page).get_by_role("option", name="Add node")).not_to_have_attribute("aria-disabled", "true")
    expect(palette(page).get_by_role("option", name="Wrap in a loop")).to_have_attribute("aria-disabled", "true")
    page.keyboard.type("wrap in")
    page.keyboard.press("Enter")
    expect(palette(page)).to_be_visible()


def test_letters_that_are_typed_are_no_shortcuts(page: Page) -> None:
    before = ids(page)
    prompt = page.locator(".inputs-panel").get_by_role("textbox", name="prompt")
    prompt.fill("")
    prompt.press_sequentially("mute me? FN")
    expect(prompt).to_have_value("mute me? FN")
    assert ids(page) == before
    expect(page.get_by_role("dialog")).to_have_count(0)
    prompt.press("Control+k")
    expect(palette(page)).to_be_visible()


def test_a_shortcut_is_changed_acts_and_stays(page: Page) -> None:
    settings = open_shortcuts(page)
    settings.get_by_role("button", name="Change the shortcut of Dark or light").click()
    page.keyboard.press("Control+Alt+t")
    row = settings.get_by_role("listitem").filter(has_text="Dark or light")
    expect(row.locator("kbd")).to_have_text(["Ctrl", "Alt", "T"])
    page.keyboard.press("Escape")
    expect(settings).to_have_count(0)

    root = page.locator("html")
    theme = root.get_attribute("data-theme")
    page.locator(".react-flow__pane").focus()
    page.keyboard.press("Control+Alt+t")
    expect(root).not_to_have_attribute("data-theme", theme or "")

    page.reload()
    page.locator(".node").first.wait_for()
    page.keyboard.press("?")
    row = page.get_by_role("dialog", name="Shortcuts").locator("dl > div").filter(has_text="Dark or light")
    expect(row.locator("kbd")).to_have_text(["Ctrl", "Alt", "T"])


def test_a_shortcut_that_is_taken_is_told_and_can_be_taken_over(page: Page) -> None:
    settings = open_shortcuts(page)
    settings.get_by_role("searchbox", name="Find a command").fill("add no")
    change = settings.get_by_role("button", name="Change the shortcut of Add note")
    change.click()
    page.keyboard.press("Tab")  # leaves the field, as everywhere
    change.click()
    page.keyboard.press("f")
    expect(settings.get_by_role("alert")).to_contain_text("F is the shortcut of “Show everything”.")
    settings.get_by_role("button", name="Keep it there").click()
    expect(settings.get_by_role("alert")).to_have_count(0)

    change.click()
    page.keyboard.press("f")
    settings.get_by_role("button", name="Use it here instead").click()
    settings.get_by_role("searchbox", name="Find a command").fill("show every")
    expect(settings.get_by_role("listitem").filter(has_text="Show everything")).to_contain_text("none")
    settings.get_by_role("button", name="Close", exact=True).click()
    new_workflow(page)
    page.locator(".react-flow__pane").focus()
    page.keyboard.press("f")
    expect(page.locator('.react-flow__node[data-id^="note:"]')).to_have_count(1)


def test_what_the_browser_keeps_for_itself_is_told(page: Page) -> None:
    settings = open_shortcuts(page)
    change = settings.get_by_role("button", name="Change the shortcut of Add note")
    change.click()
    change.dispatch_event("keydown", {"key": "w", "code": "KeyW", "ctrlKey": True})
    expect(settings.get_by_role("alert")).to_contain_text("The browser keeps Ctrl+W for itself.")


def test_shortcuts_of_an_older_version_that_clash_are_shown(new_page: NewPage) -> None:
    page = new_page()
    page.evaluate(
        """localStorage.setItem("latentloom.preferences",
            JSON.stringify({ isTourDone: true, shortcuts: { theme: "F" }, gone: 1, motion: 7 }))"""
    )
    page.reload()
    page.locator(".node").first.wait_for()
    settings = open_shortcuts(page)
    row = settings.get_by_role("listitem").filter(has=page.get_by_text("Dark or light", exact=True))
    expect(row.get_by_role("alert")).to_have_text("Also the shortcut of Show everything: only the first one acts.")
    settings.get_by_role("button", name="Back to the usual shortcuts").click()
    expect(settings.get_by_role("alert")).to_have_count(0)
