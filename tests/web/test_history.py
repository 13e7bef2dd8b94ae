"""The jobs: queue, retry, order, priority, and why something failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ..server.serving import Server
from .access import Scheme, serious_faults
from .conftest import RUN_MS, NewPage
from .dock import make_picture, open_dock

FAILING: dict[str, Any] = {
    "latentloom": 1,
    "title": "Letters",
    "nodes": {"letters": {"type": "text_to_number", "values": {"text": "abc"}}},
    "outputs": {"number": ["letters", "value"]},
}


@pytest.fixture
def paused(server: Server) -> Iterator[Server]:
    server.put("/queue", {"paused": True})
    yield server
    server.put("/queue", {"paused": False})


def wait_in_line(server: Server, *titles: str) -> list[str]:
    workflow = server.get("/examples/text-to-image").json()["workflow"]
    return [
        server.submit(workflow, title=title, inputs={"steps": 1, "seed": number})[0]["id"]
        for number, title in enumerate(titles)
    ]


def row(jobs: Locator, title: str) -> Locator:
    return jobs.get_by_role("listitem").filter(has_text=title).first


def titles(jobs: Locator) -> Locator:
    return jobs.get_by_role("list", name="Queue").locator(".job-title")


def test_a_cancelled_job_is_retried(page: Page, paused: Server) -> None:
    (job,) = wait_in_line(paused, "Try me again")
    jobs = open_dock(page, "Jobs")
    row(jobs, "Try me again").get_by_role("button", name="Cancel").click()
    expect(row(jobs, "Try me again")).to_contain_text("Cancelled")
    row(jobs, "Try me again").get_by_role("button", name="Retry").click()
    expect(row(jobs, "Try me again")).to_contain_text("Waiting")
    jobs.get_by_role("button", name="Go on").click()
    expect(row(jobs, "Try me again")).to_contain_text("Done", timeout=RUN_MS)
    expect(row(jobs, "Try me again").locator("img")).to_have_count(1)
    assert paused.get(f"/jobs/{job}").json()["state"] == "done"


def test_the_queue_is_put_in_order_and_runs_so(page: Page, paused: Server) -> None:
    ids = wait_in_line(paused, "Line one", "Line two", "Line three")
    jobs = open_dock(page, "Jobs")
    expect(jobs).to_contain_text("The queue is paused")
    expect(titles(jobs)).to_have_text(["Line one", "Line two", "Line three"])
    row(jobs, "Line two").get_by_role("button", name="Earlier").click()
    expect(titles(jobs)).to_have_text(["Line two", "Line one", "Line three"])
    row(jobs, "Line three").get_by_role("button", name="Run next").click()
    expect(titles(jobs)).to_have_text(["Line three", "Line two", "Line one"])
    row(jobs, "Line one").get_by_role("button", name="Higher priority").click()
    expect(titles(jobs)).to_have_text(["Line one", "Line three", "Line two"])
    jobs.get_by_role("button", name="Go on").click()
    expect(titles(jobs)).to_have_count(0, timeout=RUN_MS)
    ended = sorted((paused.get(f"/jobs/{job}").json() for job in ids), key=lambda job: job["started"])
    assert [job["title"] for job in ended] == ["Line one", "Line three", "Line two"]


def test_a_workflow_runs_before_what_waits(page: Page, paused: Server) -> None:
    wait_in_line(paused, "Patient")
    jobs = open_dock(page, "Jobs")
    page.get_by_role("button", name="Other ways to run").click()
    page.get_by_role("menuitem", name="Run before what waits").click()
    expect(titles(jobs)).to_have_text(["Text to image", "Patient"])
    for title in ("Text to image", "Patient"):
        row(jobs.get_by_role("list", name="Queue"), title).get_by_role("button", name="Cancel").click()
    expect(titles(jobs)).to_have_count(0)


def test_a_failure_names_its_node_and_leads_to_it(new_page: NewPage, server: Server) -> None:
    server.post("/workflows", {"name": "letters", "workflow": FAILING})
    page = new_page("/?workflow=letters")
    page.locator('.react-flow__node[data-id="letters"]').wait_for()
    page.get_by_role("button", name="Run", exact=True).click()
    results = open_dock(page, "Results")
    why = results.get_by_role("note", name="Why it failed")
    expect(why).to_contain_text("abc", timeout=RUN_MS)
    why.get_by_role("button", name="letters").click()
    expect(page.locator('[data-id="letters"] [data-selected="true"]')).to_have_count(1)
    jobs = open_dock(page, "Jobs")
    failed = row(jobs, "Letters")
    expect(failed).to_contain_text("Failed")
    failed.get_by_role("button", name="Retry").click()
    expect(row(jobs, "Letters")).to_contain_text("2 attempts")
    expect(row(jobs, "Letters")).to_contain_text("Failed", timeout=RUN_MS)


def test_an_ended_job_is_shown_again_and_deleted(page: Page, server: Server) -> None:
    job = make_picture(server, "an orange balloon")
    jobs = open_dock(page, "Jobs")
    jobs.get_by_role("searchbox").fill("orange balloon")
    found = jobs.get_by_role("list", name="Ended jobs").get_by_role("listitem")
    expect(found).to_have_count(1)
    found.get_by_role("button", name="Text to image", exact=True).click()
    results = page.get_by_role("region", name="Results")
    expect(results.locator("img")).to_have_attribute("src", re.compile(job["outputs"]["image"][0]["digest"]))
    jobs = open_dock(page, "Jobs")
    jobs.get_by_role("searchbox").fill("orange balloon")
    expect(found).to_have_count(1)
    found.get_by_role("button", name="Delete", exact=True).click()
    found.get_by_role("button", name="Delete?").click()
    expect(found).to_have_count(0)
    assert server.get(f"/jobs/{job['id']}").status_code == 404


def test_older_jobs_are_read_page_by_page(page: Page, paused: Server) -> None:
    workflow = paused.get("/examples/text-to-image").json()["workflow"]
    ids = [job["id"] for job in paused.submit(workflow, title="A long past", sweep={"seed": list(range(55))})]
    for id_ in ids:
        paused.post(f"/jobs/{id_}/cancel", {})
    jobs = open_dock(page, "Jobs")
    jobs.get_by_role("searchbox").fill("long past")
    shown = jobs.get_by_role("list", name="Ended jobs").get_by_role("listitem")
    expect(shown).to_have_count(50)
    older = jobs.get_by_role("button", name="Older jobs")
    expect(older).to_have_css("opacity", "1")
    older.click()
    expect(shown).to_have_count(len(ids))
    expect(older).to_have_count(0)
    for id_ in ids:
        paused.delete(f"/jobs/{id_}")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_jobs_keep_nobody_out(new_page: NewPage, paused: Server, scheme: Scheme) -> None:
    ids = wait_in_line(paused, "First in line", "Second in line")
    (failed,) = paused.submit(FAILING, title="Letters")
    page = new_page()
    page.emulate_media(color_scheme=scheme)
    jobs = open_dock(page, "Jobs")
    expect(titles(jobs)).to_have_count(3)
    assert serious_faults(page, ".dock") == []
    for job in (*ids, failed["id"]):
        paused.post(f"/jobs/{job}/cancel", {})
