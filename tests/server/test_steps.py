"""Predictions are shown as what they say of the final picture, wherever in a workflow their step stands."""

from __future__ import annotations

import io
from typing import Any

import numpy
import PIL.Image

from .serving import Server

STEPS = 6


def ran(server: Server, workflow: dict[str, Any], **inputs: Any) -> str:
    (job,) = server.submit(workflow, inputs=inputs)
    assert server.wait(job["id"])["state"] == "done"
    return str(job["id"])


def example(server: Server, name: str) -> dict[str, Any]:
    workflow: dict[str, Any] = server.get(f"/examples/{name}").json()["workflow"]
    return workflow


def pixels(server: Server, job: str, place: str, **asked: Any) -> numpy.ndarray:
    answer = server.get(f"/jobs/{job}/results/{place}", params=asked)
    assert answer.status_code == 200, answer.text
    return numpy.asarray(PIL.Image.open(io.BytesIO(answer.content)).convert("RGB"), dtype=float)


def apart(one: numpy.ndarray, other: numpy.ndarray) -> float:
    """Mean difference of 255; infinite where the sizes differ."""
    return float(abs(one - other).mean()) if one.shape == other.shape else float("inf")


def test_the_last_prediction_says_the_final_picture(server: Server) -> None:
    job = ran(server, example(server, "text-to-image"), steps=STEPS, seed=21)
    final = pixels(server, job, "decoded/image")
    steps = [pixels(server, job, "guided/prediction", iteration=i) for i in range(STEPS)]
    assert apart(steps[-1], final) < 6
    assert apart(steps[0], final) > apart(steps[-1], final)
    assert apart(pixels(server, job, "guided/prediction"), steps[-1]) == 0
    against = pixels(server, job, "uncond/prediction", iteration=STEPS - 1)
    assert apart(against, steps[-1]) > 1


def test_in_loops_inside_loops_each_branch_has_its_own(server: Server) -> None:
    workflow = example(server, "branch-at-step")
    finishing = workflow["nodes"]["branches"]["body"]["finishing"]
    finishing["links"] |= {"timestep": ["schedule", "timesteps"], "latent": ["start", "latent"]}
    finishing["links"] |= {"state": ["state", "scheduler_state"], "random": ["noise", "random"]}
    job = ran(server, workflow, steps=STEPS, variations=["a red heart", "a blue circle"], seed=22)
    finals = [pixels(server, job, "branch_image/image", iteration=branch) for branch in (0, 1)]
    for branch, final in enumerate(finals):
        said = pixels(server, job, "guided/prediction", iteration=f"{branch},{STEPS - 1}")
        assert apart(said, final) < 6
        assert apart(said, final) < apart(said, finals[1 - branch])


def test_inside_a_subgraph_the_step_around_it_is_found(server: Server) -> None:
    workflow = example(server, "text-to-image")
    body = workflow["nodes"]["denoising"]["body"]
    workflow["subgraphs"] = {
        "both": {
            "inputs": {name: {"type": "Prediction"} for name in ("a", "b")},
            "outputs": {"mixed": ["mix", "prediction"]},
            "nodes": {"mix": {"type": "guide", "links": {"cond": ["$", "a"], "uncond": ["$", "b"]}}},
        }
    }
    body["guided"] = {"type": "both", "links": {"a": ["cond", "prediction"], "b": ["uncond", "prediction"]}}
    body["step"]["links"]["prediction"] = ["guided", "mixed"]
    workflow["layout"] = {}
    job = ran(server, workflow, steps=STEPS, seed=23)
    said = pixels(server, job, "mix/prediction", path="guided", iteration=STEPS - 1)
    assert apart(said, pixels(server, job, "decoded/image")) < 6


def test_a_prediction_without_a_step_is_shown_all_the_same(server: Server) -> None:
    """As a latent would be: one colour a cell."""
    workflow = example(server, "text-to-image")
    loop = workflow["nodes"]["denoising"]
    del loop["body"]["step"]
    loop["collect"] = {"said": ["guided", "prediction"]}
    loop["next"] = {name: ["denoising/in", name] for name in loop["carry"]}
    for gone in ("decoded", "enlarged", "picture"):
        del workflow["nodes"][gone]
    (job,) = server.submit(workflow | {"outputs": {}, "layout": {}}, outputs=["denoising.said"], inputs={"steps": 2})
    assert server.wait(job["id"])["state"] == "done"
    assert pixels(server, job["id"], "guided/prediction", iteration=1).shape == (16, 16, 3)


def test_an_attention_map_uses_all_colours_of_its_scale(server: Server) -> None:
    job = ran(server, example(server, "attention-map"), steps=2, seed=25)
    heat = pixels(server, job, "cond/heat", iteration=1)
    light = heat.mean(axis=2)
    assert light.min() < 20
    assert light.max() > 200
    told = server.get(f"/jobs/{job}/results/cond/heat", params={"form": "statistics", "iteration": 1}).json()
    assert told["maximum"] < 0.9
