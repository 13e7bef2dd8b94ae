"""All that the server can be told, and where it may be said: flags, environment (`LATENTLOOM_*`), a TOML file.

A flag wins over the environment, the environment over the file.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator

from latentloom.arguments import bytes_of
from latentloom.graph import Fault, WorkflowError
from latentloom.graph.errors import did_you_mean
from latentloom.graph.wording import told

PREFIX = "LATENTLOOM_"
GIB = 2**30
TOKEN_LENGTH = 12
"""Characters that a token has at least."""


def _default_data() -> Path:
    """`$XDG_DATA_HOME/latentloom`, or `~/.local/share/latentloom`."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "latentloom"


def _size(value: Any) -> Any:
    return bytes_of(value) if isinstance(value, str) else value


def _folder(value: Any) -> Any:
    return Path(value).expanduser().absolute() if isinstance(value, str | Path) else value


def _folders(value: Any) -> Any:
    parts = value.split(os.pathsep) if isinstance(value, str) else value
    return tuple(_folder(part) for part in parts if part) if isinstance(parts, list | tuple) else value


def _words(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Size = Annotated[int, BeforeValidator(_size), Field(ge=0)]
Folder = Annotated[Path, BeforeValidator(_folder)]
Folders = Annotated[tuple[Path, ...], BeforeValidator(_folders)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


class Settings(BaseModel):
    """How a server runs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8188
    """0 takes a free one."""
    data: Folder = Field(default_factory=_default_data)
    """Database, files, workflows and results lie here."""
    models: Folders = ()
    plugins: Folders = ()
    device: Annotated[str, Field(pattern=r"^(cpu|cuda(:\d+)?|mps)$")] = "cpu"
    dtype: Literal["float32", "float16", "bfloat16"] = "float32"
    memory: Size | None = None
    """Budget for results and weights together; the engine chooses by default."""
    cache_size: Size = 10 * GIB
    """How large the folder of kept results may grow."""
    quota: Size | None = None
    """How much uploads and outputs may take together."""
    upload_limit: Size = 128 * 2**20
    body_timeout: Annotated[float, Field(gt=0)] = 15.0
    """Seconds in which the next part of a request's body must come."""
    token: Annotated[SecretStr, Field(min_length=TOKEN_LENGTH)] | None = None
    tls_cert: Folder | None = None
    tls_key: Folder | None = None
    allow_host: Words = ()
    """Further names that the server is reached by, such as that of a proxy in front of it."""
    preview_rate: Annotated[float, Field(ge=0, le=60)] = 4.0
    """Previews a second and job; 0 makes none."""
    jobs_at_once: Annotated[int, Field(ge=1, le=64)] = 1
    log_json: bool = False
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key belong together: give both files, or none")
        return self

    @property
    def database(self) -> Path:
        return self.data / "latentloom.sqlite"

    @property
    def files(self) -> Path:
        """Uploads and outputs, by digest."""
        return self.data / "files"

    @property
    def temporary(self) -> Path:
        """Files on their way into `files`; emptied when the server starts."""
        return self.data / "temporary"

    @property
    def cache(self) -> Path:
        """The disk tier."""
        return self.data / "cache"

    @property
    def workflows(self) -> Path:
        return self.data / "workflows"

    @property
    def is_local(self) -> bool:
        """Only programs on this machine can connect."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def read_settings(
    flags: Mapping[str, Any], environment: Mapping[str, str] = os.environ, file: Path | None = None
) -> Settings:
    """Settings from flags (those that are None or empty were not given), environment and file.

    Raises WorkflowError naming each wrong one and where it came from.
    """
    file = file or (Path(environment[PREFIX + "CONFIG"]) if environment.get(PREFIX + "CONFIG") else None)
    from_file = _read_file(file) if file else {}
    from_environment = {
        name: environment[PREFIX + name.upper()]
        for name in Settings.model_fields
        if environment.get(PREFIX + name.upper())
    }
    from_flags = {name: value for name, value in flags.items() if value is not None and value != ()}
    places = (
        dict.fromkeys(from_file, str(file))
        | {name: PREFIX + name.upper() for name in from_environment}
        | {name: "--" + name.replace("_", "-") for name in from_flags}
    )
    try:
        return Settings.model_validate(from_file | from_environment | from_flags)
    except ValidationError as error:
        raise WorkflowError([_as_fault(each, places) for each in error.errors()]) from None


def _read_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        what = f"the settings file cannot be read: {error.strerror or error}."
        raise WorkflowError([Fault(str(file), what, "Check the path.", code="bad-settings")]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        what = f"is not TOML: {error}."
        raise WorkflowError([Fault(str(file), what, "docs/server.md has an example.", code="bad-settings")]) from error


def _as_fault(error: Any, places: Mapping[str, str]) -> Fault:
    name = str(error["loc"][0]) if error["loc"] else ""
    where = places.get(name, "settings")
    if error["type"] == "extra_forbidden":
        mend = did_you_mean(name, Settings.model_fields) or "docs/server.md lists the settings."
        return Fault(where, f"there is no setting {name!r}.", mend, code="unknown-field")
    place = f"{name}: " if name and not where.startswith("--") else ""
    mend = "Use cpu, cuda, cuda:N (a number) or mps." if name == "device" else ""
    return Fault(where, f"{place}{told(error, secret=name == 'token')}", mend, code="bad-settings")
