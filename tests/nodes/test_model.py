"""Model folders: finding, reading, checking, keys; what is refused, and how that is told."""

import contextlib
import json
import shutil
import struct
import subprocess
import sys

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loops import Job, text_to_image
from tiny_models import write_model

from latentloom.graph import InputError
from latentloom.nodes.autoencoder import encode_mean
from latentloom.nodes.model import load_model, model_facts, model_fingerprint, read_layout
from latentloom.nodes.values import Image
from latentloom.nodes.weights import text_encoders, unet, vae


@pytest.fixture
def folder(tiny, tmp_path):
    """A copy of a small model, to be damaged."""
    return shutil.copytree(tiny("sd1"), tmp_path / "models" / "small")


def loaded(folder, make_context):
    return load_model(folder.name, context=make_context(model_folders=(folder.parent,)))


def test_the_demo_model_is_read_from_its_configs(demo):
    assert (demo.denoiser.space, demo.denoiser.factor, demo.denoiser.channels) == ("4ch-f4-0.18215", 4, 4)
    assert demo.denoiser.prediction == "v_prediction"
    assert demo.autoencoder.space == demo.denoiser.space
    assert demo.tokenizer.lengths == (32,)
    assert demo.scheduler.name == "DDIMScheduler"


@pytest.mark.parametrize(
    ("family", "space", "encoders", "prediction"),
    [
        ("sd1", "4ch-f2-0.18215", 1, "epsilon"),
        ("sd2", "4ch-f2-0.18215", 1, "v_prediction"),
        ("sdxl", "4ch-f4-0.13025", 2, "epsilon"),
        ("inpaint", "4ch-f2-0.18215", 1, "epsilon"),
    ],
)
def test_each_family_is_read_from_its_configs(family, space, encoders, prediction, tiny, context):
    model = load_model(str(tiny(family)), context=context)
    assert (model.denoiser.space, model.denoiser.prediction, model.denoiser.channels) == (space, prediction, 4)
    assert len(model.text_encoder.parts) == len(model.tokenizer.parts) == encoders
    assert model.text_encoder.pooled == model.text_encoder.zero_empty == (family == "sdxl")


def test_loading_reads_no_weights(make_context):
    context = make_context()
    load_model("demo", context=context)
    assert {kind for kind, *_ in context.resources} == {"checked"}


def test_two_copies_are_the_same_content_and_a_changed_file_is_not(folder, make_context):
    context = make_context(model_folders=(folder.parent,))
    shutil.copytree(folder, folder.parent / "copy")
    first, copy = load_model("small", context=context), load_model("copy", context=context)
    assert first.denoiser.content() == copy.denoiser.content()
    assert first.denoiser != copy.denoiser  # each still knows its own folder
    before = model_fingerprint("small", context)
    config = folder / "unet" / "config.json"
    config.write_text(config.read_text().replace('"dropout": 0.0', '"dropout": 0.5'))
    changed = load_model("small", context=context)
    assert model_fingerprint("small", context) != before
    assert changed.denoiser.content() != first.denoiser.content()
    assert changed.autoencoder.content() == first.autoencoder.content()


def test_every_file_of_a_model_counts_and_what_cannot_be_read_does_not(folder, make_context, tmp_path):
    """As `Path.glob` sees them, links followed."""
    context = make_context(model_folders=(folder.parent,))
    (folder / "unet").rename(tmp_path / "elsewhere")
    (folder / "unet").symlink_to(tmp_path / "elsewhere")
    (folder / "unet" / ".hidden").write_text("dots")
    (folder / "unet" / "deeper").mkdir()
    (folder / "notes.txt").write_text("none of a model's")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "vae" / "loop").symlink_to(folder / "vae" / "loop")
    (folder / "gone.json").symlink_to(folder / "nowhere")
    files = [path for pattern in ("*.json", "*/*") for path in folder.glob(pattern) if path.is_file()]
    named = {str(path.relative_to(folder)) for path in files}
    assert {"model_index.json", "unet/config.json", "unet/.hidden"} <= named
    assert {name for name, _, _ in model_fingerprint("small", context)[1:]} == named


def test_facts_tell_the_latent_space_without_weights(make_context):
    context = make_context()
    facts = model_facts("demo", context)
    assert (facts["autoencoder"]["space"], facts["autoencoder"]["factor"]) == ("4ch-f4-0.18215", 4)
    assert facts["denoiser"]["space"] == "4ch-f4-0.18215"
    assert not context.resources
    model = load_model("demo", context=context)
    assert facts["denoiser"]["digest"] == model.denoiser.part.digest
    assert facts["tokenizer"]["digest"] == model.tokenizer.parts[0].digest


def test_a_missing_folder_is_told_with_where_was_searched(folder, make_context):
    context = make_context(model_folders=(folder.parent,))
    with pytest.raises(InputError, match=r"no model folder 'smal' .*models.*Did you mean 'small'"):
        load_model("smal", context=context)
    with pytest.raises(InputError, match="none is set"):
        load_model("nowhere", context=make_context())


def damage(folder, what):
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    match what:
        case "no index":
            (folder / "model_index.json").unlink()
        case "index no JSON":
            (folder / "model_index.json").write_text("{")
        case "index a list":
            (folder / "model_index.json").write_text("[]")
        case "no vae":
            shutil.rmtree(folder / "vae")
        case "no config":
            (folder / "vae" / "config.json").unlink()
        case "pickle":
            weights.rename(weights.with_suffix(".bin"))
        case "no weights":
            weights.unlink()
        case "truncated":
            weights.write_bytes(weights.read_bytes()[:-100])
        case "cut in the header":
            weights.write_bytes(weights.read_bytes()[:50])
        case "empty":
            weights.write_bytes(b"")
        case "header no JSON":
            weights.write_bytes(struct.pack("<Q", 10) + b"x" * 100)
        case "shape mangled":
            weights.write_bytes(weights.read_bytes().replace(b'"shape":[32]', b'"shape":[31]', 1))
        case "dtype mangled":
            weights.write_bytes(weights.read_bytes().replace(b'"F32"', b'"F99"', 1))
        case "header no tensors":
            weights.write_bytes(struct.pack("<Q", 8) + b'{"a": 1}')
        case "no prediction":
            path = folder / "scheduler" / "scheduler_config.json"
            path.write_text(json.dumps({**json.loads(path.read_text()), "prediction_type": "flow"}))
        case "no scale":
            path = folder / "vae" / "config.json"
            path.write_text(json.dumps({**json.loads(path.read_text()), "scaling_factor": 0.0}))
        case "flux":
            index = json.loads((folder / "model_index.json").read_text())
            index = {**index, "_class_name": "FluxPipeline", "transformer": ["diffusers", "X"]}
            (folder / "model_index.json").write_text(json.dumps(index))


PARTS = ("unet", "vae", "text_encoder", "scheduler")
DAMAGES = {
    "no index": r"no diffusers model: it has no model_index\.json",
    "index no JSON": r"model_index\.json cannot be read",
    "index a list": "not a JSON object",
    "no vae": "lacks vae",
    "no config": r"no vae/config\.json",
    "pickle": r"diffusion_pytorch_model\.bin is a pickle.*refused.*safe_serialization",
    "no weights": "no safetensors file",
    "truncated": r"unet/diffusion_pytorch_model\.safetensors is corrupt or truncated: \d+ bytes, expected \d+",
    "cut in the header": "cut off",
    "empty": "cut off",
    "header no JSON": "header is not JSON",
    "header no tensors": "names no tensors",
    "shape mangled": "entry of 'conv_in.bias' is mangled",
    "dtype mangled": "entry of 'conv_in.bias' is mangled",
    "no prediction": "predicts 'flow'",
    "no scale": "scaling_factor of 0",
    "flux": "is a FluxPipeline.*U-Net",
}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_folder_is_told_before_anything_runs(what, folder, make_context):
    damage(folder, what)
    context = make_context(model_folders=(folder.parent,))
    with pytest.raises(InputError, match=DAMAGES[what]):
        model_facts("small", context)
    with pytest.raises(InputError, match=DAMAGES[what]):
        load_model("small", context=context)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_any_config_is_read_or_told(folder, make_context, data):
    """Whatever stands in a field of a config, the answer is a model or a message."""
    path = folder / data.draw(st.sampled_from(["model_index.json", *(f"{part}/config.json" for part in PARTS)]))
    if path.parent.name == "scheduler":
        path = path.with_name("scheduler_config.json")
    before = path.read_text()
    config = json.loads(before)
    path.write_text(json.dumps({**config, data.draw(st.sampled_from(sorted(config))): data.draw(JSON)}))
    with contextlib.suppress(InputError):
        read_layout(folder)
    path.write_text(before)


def test_a_single_checkpoint_file_is_told(tmp_path, make_context):
    path = tmp_path / "model.ckpt"
    path.write_bytes(b"")
    with pytest.raises(InputError, match="is a file; a model is a folder"):
        load_model(str(path), context=make_context())


def test_weights_that_do_not_fit_the_config_are_told(folder, make_context):
    context = make_context(model_folders=(folder.parent,))
    path = folder / "unet" / "config.json"
    path.write_text(path.read_text().replace('"cross_attention_dim": 32', '"cross_attention_dim": 48'))
    model = load_model("small", context=context)
    with pytest.raises(InputError, match="The model's unet cannot be loaded"):
        unet(context, model.denoiser)


def test_weights_that_are_missing_are_told(folder, make_context):
    path = folder / "unet" / "diffusion_pytorch_model.safetensors"
    path.write_bytes(path.read_bytes().replace(b"conv_in.weight", b"conv_in.weighs"))
    context = make_context(model_folders=(folder.parent,))
    model = load_model("small", context=context)
    with pytest.raises(InputError, match=r"lack 1 tensors, such as 'conv_in\.weight'"):
        unet(context, model.denoiser)


@pytest.mark.parametrize("save", [{"variant": "fp16"}, {"max_shard_size": "200KB"}])
def test_variants_and_shards_are_read(save, tmp_path, tiny, make_context):
    folder = write_model(tmp_path / "sd1", "sd1", **save)
    assert not (folder / "unet" / "diffusion_pytorch_model.safetensors").exists()
    context = make_context()
    model = load_model(str(folder), context=context)
    plain = load_model(str(tiny("sd1")), context=context)
    for load, part in ((unet, "denoiser"), (vae, "autoencoder")):
        found, expected = load(context, getattr(model, part)), load(context, getattr(plain, part))
        assert all(map(torch.equal, found.parameters(), expected.parameters()))
    assert text_encoders(context, model.text_encoder)[0].dtype == torch.float32


def test_loaded_modules_are_shared_frozen_and_of_the_asked_dtype(demo, make_context):
    context = make_context(dtype="bfloat16")
    model = unet(context, demo.denoiser)
    assert model is unet(context, demo.denoiser)
    assert model.dtype == torch.bfloat16
    assert not model.training
    assert not any(parameter.requires_grad for parameter in model.parameters())


def test_an_autoencoder_that_overflows_in_half_precision_runs_in_float32(demo, make_context):
    context = make_context(dtype="float16")
    assert vae(context, demo.autoencoder).dtype == torch.float32
    assert encode_mean(demo.autoencoder, Image(torch.rand(1, 3, 32, 32)), context).samples.dtype == torch.float32


def test_a_half_precision_run_stays_near_the_full_one(demo, context, make_context):
    """Latents travel in float32; only the models run in the context's dtype."""
    full = text_to_image(Job(demo, context, scheduler="euler"))
    half = text_to_image(Job(demo, make_context(dtype="bfloat16"), scheduler="euler"))
    assert half.samples.dtype == torch.float32
    assert torch.nn.functional.mse_loss(half.samples, full.samples) < 0.05


WITHOUT = """
import sys
sys.modules["accelerate"] = sys.modules["peft"] = sys.modules["torchvision"] = None
sys.path.insert(0, {here!r})
from conftest import PlainContext
from loops import Job, text_to_image
from latentloom.nodes.model import load_model
context = PlainContext()
model = load_model("demo", context=context)
print(text_to_image(Job(model, context, steps=1)).samples.shape, dict(context.counters))
"""


def test_nothing_needs_accelerate_peft_or_torchvision_and_nothing_is_printed():
    here = __file__.rpartition("/")[0]
    command = [sys.executable, "-W", "ignore", "-c", WITHOUT.format(here=here)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "torch.Size([1, 4, 16, 16]) {'denoiser_forwards': 2}"
    assert done.stderr == ""
