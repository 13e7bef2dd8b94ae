"""From errors to answers: each has a status, a sentence, a word for programs and, where it helps, a list of faults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from latentloom.graph import EnvironmentFault, Fault, LatentloomError, WorkflowError
from latentloom.graph.wording import told

from .api import ApiProblem, FaultBody
from .api.parameters import FORMS
from .jobs.places import NoSuchResult
from .jobs.store import UnknownJob, WrongState
from .storage.database import StorageFull


class Refusal(Exception):
    """A request that is answered with a problem. Raised by handlers and by what they call."""

    def __init__(self, status: int, code: str, error: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(error)
        self.status = status
        self.problem = ApiProblem(error=error, code=code, faults=[fault_body(fault) for fault in faults])


def fault_body(fault: Fault) -> FaultBody:
    return FaultBody.model_validate(fault.as_dict())


def not_found(what: str) -> Refusal:
    return Refusal(404, "not-found", what)


def conflict(what: str) -> Refusal:
    return Refusal(409, "conflict", what)


def refusal_of(error: LatentloomError) -> Refusal:
    """The answer to an error that the engine's side raised for the user."""
    match error:
        case WorkflowError():
            count = len(error.faults)
            told = f"The workflow or its inputs have {count} fault{'s' if count != 1 else ''}."
            return Refusal(422, "faults", told, error.faults)
        case UnknownJob() | NoSuchResult():
            return not_found(sentence(str(error)))
        case WrongState():
            return conflict(sentence(str(error)))
        case StorageFull():
            return Refusal(507, "storage-full", sentence(str(error)))
        case EnvironmentFault():
            return Refusal(503, "environment", sentence(str(error)))
    return Refusal(400, "refused", sentence(str(error)))


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def misfit(error: ValidationError, place: str) -> Refusal:
    """A body or the parameters of an address do not fit their model."""
    faults = [_as_fault(each) for each in error.errors(include_url=False)]
    return Refusal(400, "bad-request", f"The {place} does not fit: {faults[0].where}: {faults[0].what}", faults)


def answer(refusal: Refusal) -> web.Response:
    return web.json_response(text=refusal.problem.model_dump_json(), status=refusal.status)


def _as_fault(error: Any) -> Fault:
    where = ".".join(str(part) for part in error["loc"]) or "body"
    mend = "Remove it, or correct its name." if error["type"] == "extra_forbidden" else ""
    if error["type"] == "string_pattern_mismatch":
        mend = FORMS.get(error["ctx"]["pattern"], "The description at /api/v1/openapi.json has its form.")
    return Fault(where, told(error), mend, code=error["type"].replace("_", "-"))
