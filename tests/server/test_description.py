"""The OpenAPI document against the real server: requests made from it, and answers held to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

from latentloom.server.api import EventBody, PreviewHeader, Watch
from latentloom.server.http.openapi import openapi_document
from latentloom.server.http.routes import ROUTES

from .serving import Server, serving

EXAMPLES = int(os.environ.get("LATENTLOOM_TEST_REQUESTS", "25"))
"""Requests for each operation, always the same ones; a number given finds others, and more."""
schema = schemathesis.openapi.from_dict(openapi_document()).exclude(path="/api/v1/events")


@pytest.fixture(scope="module")
def shaken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own: what comes may pause its queue, or delete anything."""
    with serving(tmp_path_factory.mktemp("shaken") / "data") as running:
        running.get("/nodes")
        yield running


@pytest.mark.filterwarnings("ignore:Skipped test cases")
@schema.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="LATENTLOOM_TEST_REQUESTS" not in os.environ,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_the_server_answers_as_it_says(case: schemathesis.Case, shaken: Server) -> None:
    """No 5xx, no answer outside of its schema, no wrong request taken.

    What fits the description may still be refused: not every document is a workflow that runs.
    """
    case.call_and_validate(base_url=shaken.origin, timeout=120, excluded_checks=[positive_data_acceptance])


def test_it_is_served_and_printed_the_same(server: Server) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "latentloom.server.http.openapi"], capture_output=True, text=True, check=True
    )
    assert json.loads(printed.stdout) == server.get("/openapi.json").json() == openapi_document()


def test_every_route_and_message_is_described() -> None:
    document = openapi_document()
    assert document["openapi"].startswith("3.1")
    assert sum(len(each) for each in document["paths"].values()) == len(ROUTES)
    schemas = document["components"]["schemas"]
    assert {EventBody.__name__, PreviewHeader.__name__, Watch.__name__, "ApiProblem", "Workflow"} <= schemas.keys()
    assert "discriminator" in schemas["EventBody"]
    assert schemas["JobRequest"]["properties"]["front"]["description"]


def test_every_reference_leads_somewhere() -> None:
    document = openapi_document()
    text = json.dumps(document)
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= document["components"]["schemas"].keys()


def test_every_refusal_is_a_problem(server: Server) -> None:
    for path in ("/jobs/x/y", "/files/zz", "/workflows/..%2f", "/jobs?limit=x"):
        answer = requests.get(f"{server.origin}/api/v1{path}", timeout=120)
        assert answer.status_code >= 400
        assert {"error", "code", "faults"} == answer.json().keys()
