"""Where the server is told what: flags over environment over file, and what is told when they cannot be."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from latentloom.cli import call
from latentloom.graph import WorkflowError
from latentloom.server.settings import read_settings

from .faults import until
from .serving import Server, serving


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "server.toml"
    file.write_text('port = 1\nhost = "127.0.0.2"\nmemory = "1GiB"\nmodels = ["a", "b"]\n')
    environment = {"LATENTLOOM_PORT": "2", "LATENTLOOM_MEMORY": "2GiB", "LATENTLOOM_LOG_JSON": "true"}
    settings = read_settings({"port": 3, "memory": None, "models": ()}, environment, file)
    assert (settings.port, settings.memory, settings.host) == (3, 2 * 2**30, "127.0.0.2")
    assert settings.log_json is True
    assert [folder.name for folder in settings.models] == ["a", "b"]
    assert all(folder.is_absolute() for folder in settings.models)


def test_the_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("port = 7")
    assert read_settings({}, {"LATENTLOOM_CONFIG": str(tmp_path / "s.toml")}).port == 7


def test_lists_in_the_environment() -> None:
    settings = read_settings({}, {"LATENTLOOM_MODELS": "/a:/b", "LATENTLOOM_ALLOW_HOST": "x.example, y.example"})
    assert settings.models == (Path("/a"), Path("/b"))
    assert settings.allow_host == ("x.example", "y.example")


@pytest.mark.parametrize(
    ("flags", "environment", "file", "where", "told"),
    [
        ({"port": 99999}, {}, "", "--port", "65535"),
        ({}, {"LATENTLOOM_DEVICE": "tpu"}, "", "LATENTLOOM_DEVICE", "'tpu'"),
        ({}, {}, "prot = 1", "s.toml", "'prot'"),
        ({}, {}, "port =", "s.toml", "TOML"),
        ({}, {}, "quota = '5 apples'", "s.toml", "not a size"),
        ({"token": "short"}, {}, "", "--token", "it has 5 characters; at least 12"),
        ({"tls_cert": "c.pem"}, {}, "", "settings", "together"),
    ],
)
def test_what_cannot_be_names_its_place(
    tmp_path: Path, flags: dict[str, object], environment: dict[str, str], file: str, where: str, told: str
) -> None:
    (tmp_path / "s.toml").write_text(file)
    with pytest.raises(WorkflowError) as raised:
        read_settings(flags, environment, tmp_path / "s.toml")
    (fault,) = raised.value.faults
    assert fault.where.endswith(where)
    assert told in fault.what
    assert "short" not in fault.what


def test_a_missing_file_of_settings_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["serve", "--config", str(tmp_path / "none.toml")]) == 2
    assert "none.toml" in capsys.readouterr().err


def test_an_address_that_others_can_reach_asks_for_a_token_and_says_so(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--host", "0.0.0.0") as server:
        messages = [line["message"] for line in server.lines()]
        address = next(message for message in messages if "serving at" in message)
        until(lambda: any("other machines" in line["message"] for line in server.lines()))
        token = address.partition("?token=")[2]
        assert len(token) >= 32
        assert stat.S_IMODE((server.data / "token").stat().st_mode) == 0o600
        assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
        assert server.get("/queue").status_code == 401
        assert server.get("/queue", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        foreign = {"Authorization": f"Bearer {token}", "Host": "evil.example"}
        assert server.get("/queue", headers=foreign).status_code == 421
        server.stop()
        server.start()
        assert token in " ".join(line["message"] for line in server.lines()), "it stays the same after a restart"


def test_an_empty_file_is_no_token(tmp_path: Path) -> None:
    """Such as a crash or a full disk may leave: it must not open the server to everybody."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "token").touch()
    with pytest.raises(AssertionError, match="holds no token"):
        Server(tmp_path / "data", "--host", "0.0.0.0")


def test_a_folder_of_models_that_is_not_there_is_told_and_found_when_it_is(tmp_path: Path) -> None:
    later, file = tmp_path / "later", tmp_path / "file"
    file.touch()
    with serving(tmp_path / "data", "--models", str(later), "--models", str(file)) as server:

        def told(message: str) -> bool:
            return any(line["level"] == "warning" and message in line["message"] for line in server.lines())

        until(lambda: told(f"models {later}: there is no such folder"))
        until(lambda: told(f"models {file}: is not a folder"))
        (later / "mine").mkdir(parents=True)
        (later / "mine" / "model_index.json").write_text("{}")
        assert [model["name"] for model in server.get("/models").json()["models"]] == ["demo", "mine"]


def test_a_further_name_can_be_allowed(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--allow-host", "loom.example") as server:
        assert server.get("/queue", headers={"Host": "loom.example"}).status_code == 200
        own = {"Host": "loom.example", "Origin": "https://loom.example"}
        assert server.request("PUT", "/queue", json={"paused": False}, headers=own).status_code == 200
        assert server.get("/queue", headers={"Host": "other.example"}).status_code == 421


def test_tls(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", *subject]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    with serving(tmp_path / "data", "--tls-cert", str(certificate), "--tls-key", str(key)) as server:
        answer = requests.get(f"{server.origin}/healthz", verify=str(certificate), timeout=120)
        assert answer.json()["status"] == "ok"
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://127.0.0.1:{server.port}/healthz", timeout=120)
    key.write_text("no key")
    with (
        pytest.raises(AssertionError, match="TLS certificate"),
        serving(tmp_path / "data", "--tls-cert", str(certificate), "--tls-key", str(key)),
    ):
        pass


def test_a_data_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    command = [sys.executable, "-m", "latentloom", "serve", "--port", "0", "--data", str(tmp_path / "file" / "data")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, env=os.environ, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert str(tmp_path / "file") in ended.stderr
