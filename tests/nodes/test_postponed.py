"""Imports that wait: each in a process of its own, since imports stay."""

from __future__ import annotations

import subprocess
import sys


def _python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_an_import_alone_loads_nothing_and_the_first_use_does() -> None:
    out = _python(
        "import sys\n"
        "from latentloom.nodes.postponed import postpone\n"
        "postpone('scipy.stats')\n"
        "import scipy, scipy.stats\n"
        "print('scipy.stats._stats_py' in sys.modules)\n"
        "held = scipy.stats\n"
        "print(round(float(held.beta.ppf(0.5, 0.6, 0.6)), 6), 'scipy.stats._stats_py' in sys.modules)\n"
        "from scipy.stats import norm\n"
        "import scipy.stats.distributions as d\n"
        "print(norm is held.norm, d.norm is norm, sys.modules['scipy.stats'].norm is norm)\n"
    )
    assert out.split() == ["False", "0.5", "True", "True", "True", "True"]


def test_a_missing_or_imported_module_is_left_alone() -> None:
    out = _python(
        "import sys, json.decoder as before\n"
        "from latentloom.nodes.postponed import postpone\n"
        "postpone('json.decoder'), postpone('no_such_module_at_all')\n"
        "print(sys.modules['json.decoder'] is before, 'no_such_module_at_all' in sys.modules)\n"
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
