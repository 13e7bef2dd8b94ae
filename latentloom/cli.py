"""The command line: what there is to type. What a command does is loaded when it is called, so that help is instant."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from latentloom import __version__

from .tuning import tune_process

if TYPE_CHECKING:
    from .commands.jobs import Action

Command = TypeVar("Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)
FOLDER = click.Path(path_type=Path)
DTYPES = ("float32", "float16", "bfloat16")


class Size(click.ParamType[int]):
    """A number of bytes, such as 500MB or 2GiB."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from .arguments import bytes_of

        try:
            return value if isinstance(value, int) else bytes_of(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Device(click.ParamType[str]):
    """cpu, cuda, cuda:N or mps."""

    name = "device"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        kind, colon, index = str(value).partition(":")
        if kind not in ("cpu", "cuda", "mps") or (colon and not (kind == "cuda" and index.isdecimal())):
            self.fail(f"{value!r} is not a device: cpu, cuda, cuda:N (a number) or mps was expected.", param, ctx)
        return str(value)


def with_options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


ASSIGN = click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give an input (repeatable). The value is JSON where it parses as JSON of the input's type, else text; "
    "NAME=@FILE reads a file.",
)
PLUGINS = click.option(
    "--plugins",
    multiple=True,
    type=FOLDER,
    metavar="DIR",
    envvar="LATENTLOOM_PLUGINS",
    help="A folder with plugins, or one plugin's file (repeatable).",
)
MODELS = click.option(
    "--models",
    multiple=True,
    type=FOLDER,
    metavar="DIR",
    envvar="LATENTLOOM_MODELS",
    help="A folder with models (repeatable).",
)
OUT = click.option(
    "--out", type=FOLDER, default=Path("outputs"), show_default=True, metavar="DIR", help="Where files are written."
)
MEMORY = click.option("--memory", type=Size(), help="Budget for results and weights together, such as 2GiB.")
SERVER = click.option(
    "--server",
    default="http://127.0.0.1:8188",
    show_default=True,
    metavar="URL",
    envvar="LATENTLOOM_SERVER",
    help="Where the server is.",
)
TOKEN = click.option("--token", envvar="LATENTLOOM_TOKEN", help="What the server asks for.")
JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON to standard output.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="latentloom")
def cli() -> None:
    """A node editor and graph engine for diffusion pipelines.

    FILE is a workflow (JSON), or a picture made by Latentloom, which carries its workflow.

    Exit codes: 0 done, 1 a node failed, 2 bad workflow or arguments, 130 interrupted.
    """


@cli.command()
@click.argument("file", type=FILE)
@with_options(ASSIGN, OUT, MODELS, PLUGINS, MEMORY)
@click.option("--cache", type=FOLDER, metavar="DIR", help="Keep results in this folder, so that later runs know them.")
@click.option("--cache-size", type=Size(), help="How large that folder may grow; the least recently used leaves.")
@click.option("--node", "outputs", multiple=True, metavar="ID.OUTPUT", help="Run only this output (repeatable).")
@click.option("--device", type=Device(), default="cpu", show_default=True, help="cpu, cuda, cuda:N or mps.")
@click.option("--dtype", type=click.Choice(DTYPES), default="float32", show_default=True, help="What models run in.")
@click.option(
    "--sweep",
    "sweeps",
    multiple=True,
    metavar="NAME=A,B,C",
    help="Run once for each value (repeatable); several sweeps make all combinations. They run together.",
)
@click.option("--seed-list", "seeds", metavar="1,2,3", help="Short for --sweep seed=1,2,3.")
@click.option("--report", type=FILE, metavar="FILE", help="Write a JSON report: outputs, what each node cost, totals.")
@click.option("--trace", type=FILE, metavar="FILE", help="Write a timeline for Perfetto or chrome://tracing.")
@JSON
def run(file: Path, as_json: bool, **given: Any) -> int:
    """Run a workflow and write its outputs."""
    from .commands.failures import exit_code

    def work() -> int:
        from .commands.run import RunOptions, run_file
        from .running import Machine

        machine = Machine(
            device=given.pop("device"),
            dtype=given.pop("dtype"),
            memory_bytes=given.pop("memory"),
            cache=given.pop("cache"),
            cache_bytes=given.pop("cache_size"),
            models=given.pop("models"),
        )
        return run_file(RunOptions(file, as_json=as_json, **given), machine)

    return exit_code(work, as_json=as_json)


@cli.command()
@click.argument("image", type=FILE)
@click.option("--verify", is_flag=True, help="Compare the pixels, and say which versions and models differ.")
@with_options(ASSIGN, OUT, MODELS, PLUGINS, MEMORY)
@click.option("--device", type=Device(), help="By default the kind that the picture was made on.")
@JSON
def replay(image: Path, device: str | None, memory: int | None, models: tuple[Path, ...], **given: Any) -> int:
    """Make a picture again from what it carries."""
    from .commands.failures import exit_code

    def work() -> int:
        from .commands.replay import ReplayOptions, replay_file
        from .running import Machine

        return replay_file(ReplayOptions(image, **given), Machine(memory_bytes=memory, models=models), device)

    return exit_code(work, as_json=given["as_json"])


@cli.command()
@click.argument("file", type=FILE)
@with_options(ASSIGN, MODELS, PLUGINS, JSON)
def check(file: Path, as_json: bool, **given: Any) -> int:
    """Show every fault of a workflow and of its inputs, models and files, without running it."""
    from .commands.failures import exit_code

    def work() -> int:
        from .commands.check import check_file

        return check_file(file, as_json=as_json, **given)

    return exit_code(work, as_json=as_json)


@cli.command()
@click.argument("type", required=False)
@with_options(PLUGINS, JSON)
def nodes(type: str | None, plugins: Sequence[Path], as_json: bool) -> int:  # noqa: A002 - the users' word
    """List the node types, or show all about one."""
    from .commands.failures import exit_code

    def work() -> int:
        from .commands.nodes import show_nodes

        return show_nodes(type, plugins, as_json=as_json)

    return exit_code(work, as_json=as_json)


@cli.command()
@click.argument("file", type=FILE)
@click.option(
    "--format", "form", type=click.Choice(["mermaid", "svg"]), default="mermaid", show_default=True, help="Of the text."
)
@click.option("--out", type=FILE, metavar="FILE", help="Write there instead of to standard output.")
@with_options(PLUGINS)
def graph(file: Path, form: str, out: Path | None, plugins: Sequence[Path]) -> int:
    """Draw a workflow as Mermaid text or SVG."""
    from .commands.failures import exit_code

    def work() -> int:
        from .commands.graph import draw_file

        return draw_file(file, form, out, plugins)

    return exit_code(work)


@cli.command()
@click.option("--config", type=FILE, metavar="FILE", help="A TOML file of settings, named as these options are.")
@click.option("--host", help="The address to listen at.  [default: 127.0.0.1]")
@click.option("--port", type=int, help="0 takes a free one.  [default: 8188]")
@click.option("--data", type=FOLDER, metavar="DIR", help="Where jobs, files, workflows and results are kept.")
@with_options(MODELS, PLUGINS, MEMORY)
@click.option("--cache-size", type=Size(), help="How large the folder of kept results may grow.  [default: 10GiB]")
@click.option("--quota", type=Size(), help="How much uploads and outputs may take together.")
@click.option("--upload-limit", type=Size(), help="Of one file.  [default: 128MiB]")
@click.option("--body-timeout", type=float, help="Seconds in which a body's next part must come.  [default: 15]")
@click.option("--device", type=Device(), help="cpu, cuda, cuda:N or mps.  [default: cpu]")
@click.option("--dtype", type=click.Choice(DTYPES), help="What models run in.  [default: float32]")
@click.option(
    "--token",
    help="Whoever sends it may use the server; 12 characters at least. By default none is asked for at 127.0.0.1; for "
    "another --host one is made and printed.",
)
@click.option("--tls-cert", type=FILE, metavar="FILE", help="Certificate chain (PEM).")
@click.option("--tls-key", type=FILE, metavar="FILE", help="Its key (PEM).")
@click.option(
    "--allow-host", multiple=True, metavar="NAME", help="A further name that the server is reached by (repeatable)."
)
@click.option("--preview-rate", type=float, help="Previews a second and job; 0 makes none.  [default: 4]")
@click.option("--jobs-at-once", type=int, help="How many jobs run together.  [default: 1]")
@click.option("--log-json", is_flag=True, default=None, help="Log one JSON object a line.")
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]), help="[default: info]")
def serve(config: Path | None, **given: Any) -> int:
    """Serve the editor and the API until told to end.

    Every option may also stand in the environment (LATENTLOOM_PORT=9000) or in the file.
    """
    from .commands.failures import exit_code

    def work() -> int:
        from .commands.serve import serve_forever

        return serve_forever(given, config)

    return exit_code(work)


@cli.command()
@click.argument("file", type=FILE)
@with_options(SERVER, TOKEN, ASSIGN)
@click.option(
    "--sweep", "sweeps", multiple=True, metavar="NAME=A,B,C", help="One job for each value or combination (repeatable)."
)
@click.option("--seed-list", "seeds", metavar="1,2,3", help="Short for --sweep seed=1,2,3.")
@click.option("--node", "outputs", multiple=True, metavar="ID.OUTPUT", help="Run only this output (repeatable).")
@click.option("--priority", type=click.IntRange(-1000, 1000), default=0, show_default=True, help="Higher runs earlier.")
@click.option("--front", is_flag=True, help="Before the other queued jobs of its priority.")
@click.option("--title", default="", help="Shown in lists; the workflow's title by default.")
@click.option("--wait", is_flag=True, help="End when the jobs have ended.")
@click.option("--out", type=FOLDER, metavar="DIR", help="Wait, and write the outputs there.")
@JSON
def submit(file: Path, server: str, token: str | None, **given: Any) -> int:
    """Let a server run a workflow. Files that it reads are uploaded."""
    from .commands.failures import exit_code

    def work() -> int:
        from .commands.client import Remote
        from .commands.submit import SubmitOptions, submit_file

        return submit_file(SubmitOptions(file, Remote(server, token), **given))

    return exit_code(work, as_json=given["as_json"])


ACTIONS: tuple[Action, ...] = ("cancel", "retry", "delete", "pause", "resume")


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@with_options(SERVER, TOKEN)
@click.option("--cancel", is_flag=True, help="Cancel these jobs.")
@click.option("--retry", is_flag=True, help="Queue these failed or cancelled jobs again.")
@click.option("--delete", is_flag=True, help="Forget these ended jobs.")
@click.option("--pause", is_flag=True, help="Let queued jobs wait.")
@click.option("--resume", is_flag=True, help="Let the queue go on.")
@click.option("--state", type=click.Choice(["queued", "running", "done", "failed", "cancelled"]), help="Only these.")
@click.option("--search", "words", default="", metavar="TEXT", help="Words in titles and prompts.")
@click.option("--group", help="Jobs of one request.")
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="How many to list.")
@JSON
def jobs(ids: Sequence[str], server: str, token: str | None, as_json: bool, **given: Any) -> int:
    """List a server's jobs, show some, or change them."""
    from .commands.failures import exit_code

    actions = [name for name in ACTIONS if given.pop(name)]
    if len(actions) > 1:
        raise click.UsageError(f"--{actions[0]} and --{actions[1]} are two things: give one at a time.")
    action: Action = actions[0] if actions else "show"
    if action in ("cancel", "retry", "delete") and not ids:
        raise click.UsageError(f"--{action} needs the ids of jobs.")
    if action in ("pause", "resume") and ids:
        raise click.UsageError(f"--{action} is about the whole queue: leave the ids out.")

    def work() -> int:
        from .commands.client import Remote
        from .commands.jobs import JobsOptions, jobs_command

        return jobs_command(JobsOptions(Remote(server, token), ids, action, as_json=as_json, **given))

    return exit_code(work, as_json=as_json)


@cli.command()
@click.option("--config", type=FILE, metavar="FILE", help="The server's file of settings.")
@click.option("--data", type=FOLDER, metavar="DIR", help="The server's data folder.")
@click.option(
    "--older",
    "days",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    default=30,
    show_default=True,
    help="Keep what is younger.",
)
@click.option(
    "--jobs-older",
    "jobs_days",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Also forget ended jobs that are older.",
)
@click.option("--dry-run", "pretend", is_flag=True, help="Only tell what would be removed.")
@JSON
def gc(config: Path | None, data: Path | None, as_json: bool, **given: Any) -> int:
    """Remove files of a server that no job and no workflow refers to."""
    from .commands.failures import exit_code

    def work() -> int:
        from .commands.gc import collect

        return collect({"data": data}, config, as_json=as_json, **given)

    return exit_code(work, as_json=as_json)


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. Being told to end (as by `kill` or a service manager) is as Ctrl-C is."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    tune_process()
    sys.exit(call(arguments))


def call(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns its exit code."""
    try:
        code = cli.main(arguments, prog_name="latentloom", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # Who read our output has gone (`| head`); nothing more can be said, also not at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    main()
