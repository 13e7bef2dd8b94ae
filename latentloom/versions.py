"""The versions that results depend on, read from the installed packages without importing them."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from latentloom import __version__

LIBRARIES = ("torch", "diffusers", "transformers", "numpy")


def versions() -> dict[str, str]:
    """Name -> version of Latentloom and the libraries that compute."""
    return {"latentloom": __version__} | {name: found for name in LIBRARIES if (found := _installed(name))}


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
