"""The one table of routes: aiohttp's router and the OpenAPI document are both made from it."""

from __future__ import annotations

from functools import partial

from latentloom.graph import Catalogue

from ..api import (
    Accepted,
    CallList,
    CheckAnswer,
    CheckRequest,
    Empty,
    FileList,
    Health,
    Job,
    JobChange,
    JobDetail,
    JobList,
    JobRequest,
    ModelList,
    NewName,
    NewWorkflow,
    Queue,
    QueueChange,
    SaveWorkflow,
    System,
    TokensAnswer,
    TokensRequest,
    Upload,
    VersionList,
    WorkflowFile,
    WorkflowList,
)
from ..api import parameters as given
from ..handlers import events, files, jobs, nodes, system, tokens, workflows
from .routing import Route

API = "/api/v1"
PICTURE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/bmp", "image/gif", "image/tiff")
FAULTS = {422: "The workflow or its inputs have faults; all are listed."}
NO_JOB = {404: "There is no such job."}
WRONG_STATE = {409: "The job's state does not allow it."}
NO_WORKFLOW = {404: "There is no such workflow."}
TAKEN = {409: "The name is taken, or another revision has been saved since."}
NO_ROOM = {507: "The disk or the quota is full; nothing was stored."}
ENGINE_AWAY = {503: "The engine is being started."}

_nodes = partial(Route, tag="Nodes")
_workflows = partial(Route, tag="Workflows")
_jobs = partial(Route, tag="Jobs")
_files = partial(Route, tag="Files")
_system = partial(Route, tag="System")

ROUTES: tuple[Route, ...] = (
    _nodes("GET", f"{API}/nodes", nodes.read_nodes, "All node types, socket types and conversions", answer=Catalogue),
    _nodes(
        "POST",
        f"{API}/check",
        nodes.check_workflow,
        "Every fault of a workflow, without running it",
        body=CheckRequest,
        answer=CheckAnswer,
        statuses=FAULTS,
    ),
    _nodes(
        "POST",
        f"{API}/tokens",
        tokens.count_tokens,
        "How a model's tokenizer cuts a prompt, while it is typed",
        body=TokensRequest,
        answer=TokensAnswer,
        statuses={404: "There is no such model."},
    ),
    _workflows(
        "GET",
        f"{API}/workflows",
        workflows.list_workflows,
        "The workflow library",
        parameters=given.WorkflowSearch,
        answer=WorkflowList,
    ),
    _workflows(
        "POST",
        f"{API}/workflows",
        workflows.create_workflow,
        "Save a workflow under a new name",
        body=NewWorkflow,
        answer=WorkflowFile,
        status=201,
        statuses=TAKEN | FAULTS | NO_ROOM,
    ),
    _workflows(
        "GET",
        f"{API}/workflows/{{name}}",
        workflows.read_workflow,
        "A workflow, as last saved",
        parameters=given.WorkflowPlace,
        answer=WorkflowFile,
        statuses=NO_WORKFLOW | FAULTS,
    ),
    _workflows(
        "PUT",
        f"{API}/workflows/{{name}}",
        workflows.save_workflow,
        "Save a workflow over the revision it was made from",
        parameters=given.WorkflowPlace,
        body=SaveWorkflow,
        answer=WorkflowFile,
        statuses=NO_WORKFLOW | TAKEN | FAULTS | NO_ROOM,
    ),
    _workflows(
        "DELETE",
        f"{API}/workflows/{{name}}",
        workflows.delete_workflow,
        "Delete a workflow; its versions stay for a while",
        parameters=given.WorkflowPlace,
        answer=Empty,
        statuses=NO_WORKFLOW,
    ),
    _workflows(
        "POST",
        f"{API}/workflows/{{name}}/rename",
        workflows.rename_workflow,
        "Give a workflow another name",
        parameters=given.WorkflowPlace,
        body=NewName,
        answer=WorkflowFile,
        statuses=NO_WORKFLOW | TAKEN | FAULTS | NO_ROOM,
    ),
    _workflows(
        "GET",
        f"{API}/workflows/{{name}}/versions",
        workflows.list_versions,
        "The last 20 revisions, also of a deleted workflow",
        parameters=given.WorkflowPlace,
        answer=VersionList,
        statuses=NO_WORKFLOW,
    ),
    _workflows(
        "GET",
        f"{API}/workflows/{{name}}/versions/{{revision}}",
        workflows.read_version,
        "One revision",
        parameters=given.VersionPlace,
        answer=WorkflowFile,
        statuses=NO_WORKFLOW | FAULTS,
    ),
    _workflows(
        "GET", f"{API}/examples", workflows.list_examples, "The example workflows, read-only", answer=WorkflowList
    ),
    _workflows(
        "GET",
        f"{API}/examples/{{name}}",
        workflows.read_example_workflow,
        "An example workflow; its files are named as uploads are",
        parameters=given.WorkflowPlace,
        answer=WorkflowFile,
        statuses=NO_WORKFLOW | NO_ROOM,
    ),
    _jobs(
        "POST",
        f"{API}/jobs",
        jobs.submit_jobs,
        "Run a workflow, or a sweep of its inputs. Accepted jobs are on disk and end exactly once",
        body=JobRequest,
        answer=Accepted,
        status=201,
        statuses=FAULTS | NO_ROOM,
    ),
    _jobs(
        "GET",
        f"{API}/jobs",
        jobs.list_jobs,
        "Jobs, newest first",
        parameters=given.JobSearch,
        answer=JobList,
        statuses={404: "There is no job to read on from."},
    ),
    _jobs(
        "GET",
        f"{API}/jobs/{{id}}",
        jobs.read_job,
        "A job with its workflow, errors and what each node cost",
        parameters=given.JobPlace,
        answer=JobDetail,
        statuses=NO_JOB,
    ),
    _jobs(
        "PATCH",
        f"{API}/jobs/{{id}}",
        jobs.change_job,
        "Move a queued job in the queue",
        parameters=given.JobPlace,
        body=JobChange,
        answer=Job,
        statuses=NO_JOB | WRONG_STATE,
    ),
    _jobs(
        "DELETE",
        f"{API}/jobs/{{id}}",
        jobs.delete_job,
        "Forget an ended job; its files stay until a clean-up",
        parameters=given.JobPlace,
        answer=Empty,
        statuses=NO_JOB | WRONG_STATE,
    ),
    _jobs(
        "POST",
        f"{API}/jobs/{{id}}/cancel",
        jobs.cancel_job,
        "Cancel a job; a running one stops between two calls",
        parameters=given.JobPlace,
        answer=Job,
        statuses=NO_JOB,
    ),
    _jobs(
        "POST",
        f"{API}/jobs/{{id}}/retry",
        jobs.retry_job,
        "Queue a failed or cancelled job again; it goes on from what is still known",
        parameters=given.JobPlace,
        answer=Job,
        statuses=NO_JOB | WRONG_STATE | NO_ROOM,
    ),
    _jobs(
        "GET",
        f"{API}/jobs/{{id}}/calls",
        jobs.list_calls,
        "The calls whose results can be asked for",
        parameters=given.JobPlace,
        answer=CallList,
        statuses=NO_JOB,
    ),
    _jobs(
        "GET",
        f"{API}/jobs/{{id}}/results/{{node}}/{{output}}",
        jobs.read_result,
        "What a call has made: as a picture, or as JSON of `Text` or `Statistics`",
        parameters=given.ResultPlace,
        media_types=(*PICTURE_TYPES, "application/json"),
        statuses={404: "There is no such job, or no tier holds this result."}
        | {409: "The result has no such form."}
        | ENGINE_AWAY,
    ),
    _jobs(
        "GET",
        f"{API}/queue",
        jobs.read_queue,
        "How many jobs wait and run, and whether the queue is paused",
        answer=Queue,
    ),
    _jobs(
        "PUT",
        f"{API}/queue",
        jobs.change_queue,
        "Pause the queue, or let it go on; running jobs are not stopped",
        body=QueueChange,
        answer=Queue,
        statuses=NO_ROOM,
    ),
    _files(
        "GET", f"{API}/files", files.list_files, "Files, newest first", parameters=given.FileSearch, answer=FileList
    ),
    _files(
        "GET",
        f"{API}/files/{{digest}}",
        files.read_file,
        "A file's content, or a small copy of a picture. Ranges are answered",
        parameters=given.FileView,
        media_types=("*/*",),
        statuses={
            206: "The range asked for.",
            304: "The client has it already.",
            404: "There is no such file, or it is no picture.",
            416: "The file has no such range.",
        },
    ),
    _files(
        "DELETE",
        f"{API}/files/{{digest}}",
        files.delete_file,
        "Delete a file",
        parameters=given.FilePlace,
        answer=Empty,
        statuses={404: "There is no such file.", 409: "A queued or running job reads it."},
    ),
    _files(
        "POST",
        f"{API}/uploads",
        files.upload_file,
        "Upload a picture or a workflow: the body is the file. A picture that we made gives its workflow back",
        parameters=given.UploadPlace,
        takes=(*PICTURE_TYPES, "application/json", "application/octet-stream"),
        answer=Upload,
        status=201,
        statuses={413: "It is too large.", 415: "It is neither a picture nor a workflow."} | FAULTS | NO_ROOM,
    ),
    _system("GET", f"{API}/models", system.list_models, "The models in the model folders", answer=ModelList),
    _system("GET", f"{API}/system", system.read_system, "Versions, devices, tiers, the engine", answer=System),
    _system(
        "GET",
        f"{API}/events",
        events.stream_events,
        "A WebSocket of events (`EventBody`) and previews (`PreviewHeader`); a client may send `Watch`",
        parameters=given.EventsPlace,
        status=101,
        statuses={426: "The request is no WebSocket handshake."},
    ),
    _system(
        "GET",
        f"{API}/openapi.json",
        system.read_openapi,
        "This description",
        media_types=("application/json",),
    ),
    _system("GET", "/metrics", system.read_metrics, "Metrics for Prometheus", media_types=("text/plain",)),
    _system("GET", "/healthz", system.read_health, "Whether the server answers; needs no token", answer=Health),
)
