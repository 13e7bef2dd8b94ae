"""What docs/server.md says is tried against the real server."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest

from latentloom.cli import cli
from latentloom.server.settings import PREFIX, Settings, read_settings

from .serving import Server

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
CONSOLE = "\n".join(re.findall(r"^```console\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))


def curl_commands() -> list[list[str]]:
    """The words of each `curl`, which may span lines."""
    starts = re.split(r"^(?=curl |latentloom )", CONSOLE.replace("\\\n", " "), flags=re.MULTILINE)
    return [shlex.split(text) for text in starts if text.startswith("curl ")]


def content(name: str) -> bytes:
    """A file of the repository, or the one that the page shows."""
    (shown,) = re.findall(r"^```jsonc\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return shown.encode() if name == "job.json" else (ROOT / name).read_bytes()


def ask(server: Server, words: list[str], known: dict[str, str]) -> Any:
    """What this `curl` would do, with ids of earlier answers."""
    given: dict[str, Any] = {"method": None, "data": None, "headers": {}}
    url, rest = "", iter(words[1:])
    for word in rest:
        match word:
            case "-X":
                given["method"] = next(rest)
            case "-H":
                name, _, value = next(rest).partition(": ")
                given["headers"][name] = value
            case "-d" | "--data-binary":
                value = next(rest)
                given["data"] = content(value[1:]) if value.startswith("@") else value
            case "-o":
                next(rest)
            case _:
                url = word
    for name, value in known.items():
        url = url.replace(name, value)
    method = given.pop("method") or ("POST" if given["data"] else "GET")
    return server.request(method, url.removeprefix("localhost:8188/api/v1"), **given)


def test_the_examples_work_in_order(server: Server) -> None:
    known: dict[str, str] = {}
    commands = curl_commands()
    assert len(commands) > 15
    for words in commands:
        answer = ask(server, words, known)
        is_too_late = answer.status_code == 409 and "PATCH" in words  # it has run meanwhile
        assert answer.ok or is_too_late, f"{shlex.join(words)}: {answer.text}"
        if "/uploads" in " ".join(words):
            known["DIGEST"] = answer.json()["digest"]
        if words[1].endswith("/jobs"):
            known["JOB"] = answer.json()["jobs"][0]["id"]
            assert server.wait(known["JOB"])["state"] == "done"
    assert answer.json()["versions"][0]["revision"] == 2
    server.put("/queue", {"paused": False})


def test_every_setting_is_listed_with_its_flag_and_variable() -> None:
    flags = {option for parameter in cli.commands["serve"].params for option in parameter.opts} - {"--config"}
    assert flags == {"--" + name.replace("_", "-") for name in Settings.model_fields}
    for name in Settings.model_fields:
        assert f"`--{name.replace('_', '-')}`" in PAGE
        assert f"`{PREFIX}{name.upper()}`" in PAGE


def test_the_file_of_settings_can_be_read(tmp_path: Path) -> None:
    (text,) = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "server.toml").write_text(text)
    settings = read_settings({}, {}, tmp_path / "server.toml")
    assert settings.port == tomllib.loads(text)["port"]


@pytest.mark.parametrize("command", ["serve", "submit", "jobs", "gc"])
def test_help_is_written_for_every_option(command: str) -> None:
    for parameter in cli.commands[command].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
