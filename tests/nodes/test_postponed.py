"""Imports that wait: each in a process of its own, since imports stay."""

from __future__ import annotations

import subprocess
import sys


def _python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_an_import_alone_loads_nothing_and_the_first_use_does() -> None:
    out = _python(
        "import sys\n"
        "from latentloom.nodes.postponed import postponed\n"
        "with postponed({'scipy.stats': {}}):\n"
        "    import scipy, scipy.stats\n"
        "    held = scipy.stats\n"
        "print('scipy.stats' in sys.modules)\n"
        "print(round(float(held.beta.ppf(0.5, 0.6, 0.6)), 6), 'scipy.stats' in sys.modules)\n"
        "from scipy.stats import norm\n"
        "import scipy.stats.distributions as d\n"
        "print(norm is held.norm, d.norm is norm, scipy.stats is sys.modules['scipy.stats'])\n"
    )
    assert out.split() == ["False", "0.5", "True", "True", "True", "True"]


def test_what_is_used_at_once_is_imported_at_once() -> None:
    out = _python(
        "import sys\n"
        "from latentloom.nodes.postponed import caller, postponed\n"
        "with postponed({'scipy.stats': {'tmean': caller('scipy.stats', 'tmean')}}):\n"
        "    from scipy.stats import tmean\n"
        "    print('scipy.stats._stats_py' in sys.modules)\n"
        "    from scipy.stats import norm\n"
        "    print('scipy.stats._stats_py' in sys.modules, norm.mean(), tmean([1, 3]))\n"
        "import scipy.stats\n"
        "print(scipy.stats.norm is norm)\n"
    )
    assert out.split() == ["False", "True", "0.0", "2.0", "True"]


def test_a_missing_or_imported_module_is_left_alone() -> None:
    out = _python(
        "import sys, json.decoder as before\n"
        "from latentloom.nodes.postponed import postponed\n"
        "with postponed({'json.decoder': {}, 'no_such_module_at_all': {}}):\n"
        "    print(sys.modules['json.decoder'] is before, 'no_such_module_at_all' in sys.modules)\n"
    )
    assert out.split() == ["True", "False"]


def test_only_schedulers_that_use_them_load_parts_of_scipy() -> None:
    out = _python(
        "import sys\n"
        "from latentloom.nodes.libraries import diffusers_class\n"
        "diffusers_class('UNet2DConditionModel')\n"
        "euler = diffusers_class('EulerDiscreteScheduler')\n"
        "euler().set_timesteps(5)\n"
        "print('scipy.stats._stats_py' in sys.modules)\n"
        "lms = diffusers_class('LMSDiscreteScheduler')()\n"
        "print('scipy.integrate._ivp' in sys.modules)\n"
        "lms.set_timesteps(5)\n"
        "lms.step(lms.sigmas[:1], lms.timesteps[0], lms.sigmas[:1])\n"
        "print('scipy.integrate._ivp' in sys.modules)\n"
        "beta = euler(use_beta_sigmas=True)\n"
        "beta.set_timesteps(5)\n"
        "print('scipy.stats._stats_py' in sys.modules, len(beta.timesteps))\n"
    )
    assert out.split() == ["False", "False", "True", "True", "5"]


def test_two_threads_may_ask_for_classes_at_once() -> None:
    out = _python(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from latentloom.nodes.libraries import diffusers_class, transformers_class\n"
        "asked = [(diffusers_class, 'AutoencoderKL'), (transformers_class, 'CLIPTextModel'),\n"
        "         (diffusers_class, 'UNet2DConditionModel'), (diffusers_class, 'DDIMScheduler')]\n"
        "with ThreadPoolExecutor(4) as pool:\n"
        "    found = [pool.submit(find, name) for find, name in asked]\n"
        "print(*(each.result().__name__ for each in found))\n"
    )
    assert out.split() == ["AutoencoderKL", "CLIPTextModel", "UNet2DConditionModel", "DDIMScheduler"]


def test_models_are_made_without_the_compiler_and_compile_with_it() -> None:
    out = _python(
        "import sys, torch\n"
        "from latentloom.nodes.libraries import diffusers_class, transformers_class\n"
        "transformers_class('CLIPTextModel')\n"
        "unet = diffusers_class('UNet2DConditionModel')(\n"
        "    sample_size=8, block_out_channels=(8, 16), layers_per_block=1, cross_attention_dim=8, norm_num_groups=4,\n"
        "    down_block_types=('DownBlock2D', 'CrossAttnDownBlock2D'), attention_head_dim=4,\n"
        "    up_block_types=('CrossAttnUpBlock2D', 'UpBlock2D')).eval()\n"
        "given = torch.randn(1, 4, 8, 8), 5, torch.randn(1, 3, 8)\n"
        "with torch.no_grad():\n"
        "    plain = unet(*given).sample\n"
        "    print('sympy' in sys.modules)\n"
        "    compiled = torch.compile(unet, backend='eager')\n"
        "    print(torch.allclose(plain, compiled(*given).sample, atol=1e-5), 'sympy' in sys.modules)\n"
    )
    assert out.split() == ["False", "True", "True"]


def test_functions_that_the_compiler_shall_leave_alone() -> None:
    out = _python(
        "import torch\n"
        "from latentloom.nodes.libraries import _lean\n"
        "seen = []\n"
        "with _lean():\n"
        "    @torch.compiler.disable\n"
        "    def apart(x):\n"
        "        seen.append(torch.compiler.is_compiling())\n"
        "        return x + 1\n"
        "@torch.compile(backend='eager')\n"
        "def twice(x):\n"
        "    return apart(x * 2)\n"
        "print(apart(torch.ones(1)).item(), twice(torch.ones(1)).item(), twice(torch.ones(1)).item(), seen)\n"
        "weights = [torch.ones(1, requires_grad=True)]\n"
        "optimiser = torch.optim.SGD(weights, lr=0.5)\n"
        "(weights[0] * 2).backward(); optimiser.step(); optimiser.step()\n"
        "print(weights[0].item())\n"
    )
    assert out.splitlines() == ["2.0 3.0 3.0 [False, False, False]", "-1.0"]


def test_a_library_that_needs_more_gets_it() -> None:
    out = _python(
        "import sys\n"
        "from latentloom.nodes.libraries import leanly\n"
        "def find():\n"
        "    from torch._dynamo.utils import counters\n"
        "    return len(counters)\n"
        "print(leanly(find), 'torch._dynamo' in sys.modules)\n"
    )
    assert out.strip() == "0 True"
