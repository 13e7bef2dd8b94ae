"""What an edit re-runs, counted in U-Net forwards: within one process, and in fresh processes over one cache folder."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from latentloom.graph import Cancelled, Engine
from latentloom.graph.events import CallFinished

EXAMPLES = Path(__file__).parents[2] / "workflows"
Forwards = Callable[..., int]


def in_one_process(registry: Any, examples: Any, tmp_path: Path) -> Forwards:
    engine = Engine(registry)

    def forwards(name: str, **inputs: Any) -> int:
        return int(examples.run(name, engine=engine, **inputs)[1].forwards)

    return forwards


def in_fresh_processes(registry: Any, examples: Any, tmp_path: Path) -> Forwards:
    def forwards(name: str, **inputs: Any) -> int:
        command = cli(tmp_path, name, inputs)
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return int(json.loads((tmp_path / "report.json").read_text())["totals"]["denoiser_forwards"])

    return forwards


def cli(tmp_path: Path, name: str, inputs: dict[str, Any]) -> list[str]:
    sets = [f"--set={name}={json.dumps(value)}" for name, value in inputs.items()]
    return [
        sys.executable, "-m", "latentloom", "run", str(EXAMPLES / f"{name}.json"), *sets,
        "--cache", str(tmp_path / "cache"), "--out", str(tmp_path / "out"), "--report", str(tmp_path / "report.json"),
    ]  # fmt: skip


@pytest.fixture(params=[in_one_process, in_fresh_processes])
def forwards(request: Any, registry: Any, examples: Any, tmp_path: Path) -> Forwards:
    return request.param(registry, examples, tmp_path)  # type: ignore[no-any-return]


def test_guidance_and_prompt_edits(forwards: Forwards) -> None:
    base: dict[str, Any] = {"steps": 30, "guidance": [5.0] * 30}
    assert forwards("guidance-schedule", **base) == 30  # the pair of a step runs as one
    assert forwards("guidance-schedule", **base) == 0
    # the predictions of the first changed step are still known
    assert forwards("guidance-schedule", **base | {"guidance": [5.0] * 25 + [3.0] * 5}) == 4
    assert forwards("guidance-schedule", **base, prompt="  a RED heart ") == 0
    assert forwards("guidance-schedule", **base, negative="blue") == 30


def test_branches_share_their_beginning(forwards: Forwards) -> None:
    assert forwards("branch-at-step", steps=30, branch_at=10) == 10 + 20  # four branches, each step as one
    assert forwards("branch-at-step", steps=30, branch_at=10) == 0


def test_a_third_image_makes_only_its_own(forwards: Forwards) -> None:
    assert forwards("seed-sweep", steps=10, seeds=[1, 2]) == 10
    assert forwards("seed-sweep", steps=10, seeds=[1, 2, 3]) == 10
    assert forwards("seed-sweep", steps=10, seeds=[3, 1]) == 0


def test_unjoined_branches_cost_their_own_steps_only(registry: Any, examples: Any) -> None:
    with Engine(registry, most_joined=1) as engine:
        _, log = examples.run("branch-at-step", engine=engine, steps=30, branch_at=10)
        # two a step, since nothing is joined; the four branches share what the first of their own steps has in common
        assert log.forwards == 2 * (10 + 4 * 20) - 3


def test_a_cancelled_job_goes_on_where_it_was(registry: Any, examples: Any) -> None:
    with Engine(registry) as engine:
        workflow = examples.load("text-to-image")
        steps = 0

        def stop_at_15(event: Any) -> None:
            nonlocal steps
            if isinstance(event, CallFinished) and event.type == "scheduler_step":
                steps += 1
                if steps == 15:
                    job.cancel()

        held = engine.prepare(workflow, {"steps": 30})
        job = engine.submit(held, on_event=stop_at_15)
        with pytest.raises(Cancelled):
            job.result(60)
        _, log = examples.run("text-to-image", engine=engine, steps=30)
        assert log.forwards == 15


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_process_leaves_its_steps_to_the_next(tmp_path: Path, how: signal.Signals) -> None:
    command = cli(tmp_path, "text-to-image", {"steps": 300})
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    cache = tmp_path / "cache"
    while sum(1 for _ in cache.glob("??/*")) < 100:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(how)
    code = process.wait(30)
    assert code == (130 if how is signal.SIGINT else -how)
    assert not list((tmp_path / "out").glob("*"))
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    forwards = json.loads((tmp_path / "report.json").read_text())["totals"]["denoiser_forwards"]
    assert 0 < forwards <= 300 - 20
    assert not list(cache.glob("**/*.part")) or how is signal.SIGKILL
