"""Plugins: found and imported by the same door, faulty ones reported; digests of sources; the cached catalogue."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from latentloom.graph import (
    Catalogue,
    DefinitionError,
    EnvironmentFault,
    Registry,
    load_registry,
    node,
    read_catalogue,
)
from latentloom.graph.catalogue.cache import plugins_digest
from latentloom.graph.catalogue.registry import Origin

NODE = '''
from latentloom.graph import node

@node(category="test")
def {name}(a: float) -> float:
    """{doc}"""
    return a
'''


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def write_node(folder: Path, file: str, name: str, doc: str = "Test.", before: str = "") -> Path:
    return write(folder, file, before + NODE.format(name=name, doc=doc))


def messages(registry: Registry) -> list[tuple[str, str]]:
    return [(problem.plugin, problem.message) for problem in registry.problems]


def test_the_built_in_nodes_are_the_first_plugin() -> None:
    registry = load_registry()
    assert registry.problems == ()
    assert registry.origins["load_model"] == Origin("latentloom", "model")
    assert registry.catalogue.types["Latent"].colour


def test_files_and_packages_in_a_folder(tmp_path: Path) -> None:
    write_node(tmp_path, "one.py", "plug_one")
    write_node(tmp_path, "two/__init__.py", "plug_two", before="from .deep.three import plug_three\n")
    write_node(tmp_path, "two/deep/__init__.py", "plug_deep")
    write_node(tmp_path, "two/deep/three.py", "plug_three")
    write_node(tmp_path, "_not_me.py", "plug_hidden")
    registry = load_registry([tmp_path])
    assert registry.problems == ()  # plug_three is met twice and counts once
    found = {name: origin for name, origin in registry.origins.items() if name.startswith("plug_")}
    assert found == {
        "plug_one": Origin("one"),
        "plug_two": Origin("two"),
        "plug_deep": Origin("two", "deep"),
        "plug_three": Origin("two", "deep.three"),
    }
    assert registry.node_types["plug_three"].function(2.0) == 2.0
    assert registry.catalogue.nodes["plug_three"].module == "deep.three"


def test_a_check_imports_only_the_modules_that_declare_what_is_used(tmp_path: Path) -> None:
    write(tmp_path, "one.py", "raise RuntimeError")
    write_node(tmp_path, "two/__init__.py", "plug_two")
    write_node(tmp_path, "two/three.py", "plug_three")
    write(tmp_path, "two/four.py", "raise RuntimeError")
    registry = load_registry([tmp_path], to_check={Origin("two", "three")})
    assert (sorted(registry.node_types), registry.problems) == (["plug_three", "plug_two"], ())


def test_a_plugin_that_fails_is_reported_and_the_rest_works(tmp_path: Path) -> None:
    write(tmp_path, "a_syntax.py", "def f(:\n")
    write(tmp_path, "b_missing.py", "import os\nimport not_installed_anywhere\n")
    write(tmp_path, "c_exit.py", "import sys\nsys.exit(3)\n")
    write(tmp_path, "d_hint.py", NODE.format(name="plug_hint", doc="D.").replace("a: float", "a"))
    write_node(tmp_path, "e_good.py", "plug_good")
    registry = load_registry([tmp_path, tmp_path / "absent"])
    assert "plug_good" in registry.node_types
    (folder, _), (a, syntax), (b, missing), (c, exits), (d, hint) = messages(registry)
    assert folder.endswith("absent")
    assert (a, b, c, d) == ("a_syntax", "b_missing", "c_exit", "d_hint")
    assert "a_syntax.py, line 1" in syntax
    assert "not_installed_anywhere" in missing
    assert "b_missing.py, line 2" in missing
    assert "SystemExit" in exits
    assert "missing type hint" in hint


def test_the_first_of_two_declarations_is_used(tmp_path: Path) -> None:
    write_node(tmp_path, "a.py", "plug_same", doc="First.")
    write_node(tmp_path, "b.py", "plug_same", doc="Second.")
    write_node(tmp_path, "c.py", "load_model")
    registry = load_registry([tmp_path])
    assert registry.node_types["plug_same"].doc == "First."
    assert registry.origins["load_model"] == Origin("latentloom", "model")
    assert [plugin for plugin, _ in messages(registry)] == ["b", "c"]
    assert "'plug_same' is declared by 'a' already" in registry.problems[0].message
    assert "another name with @node(type=...)" in registry.problems[0].message


def test_one_plugin_can_be_given_itself(tmp_path: Path) -> None:
    one = write_node(tmp_path, "one.py", "plug_one")
    write_node(tmp_path, "two/parts.py", "plug_two")
    write(tmp_path, "two/__init__.py", "from .parts import plug_two as same")
    write(tmp_path, "notes.txt", "Not a plugin.")
    registry = load_registry([one, tmp_path / "two"])
    assert messages(registry) == []
    assert (registry.origins["plug_one"], registry.origins["plug_two"]) == (Origin("one"), Origin("two", "parts"))
    assert "plug_one" in read_catalogue([one], tmp_path / "cache").nodes
    before = plugins_digest([one])
    write_node(tmp_path, "one.py", "plug_uno")
    assert plugins_digest([one]) != before
    told = dict(messages(load_registry([tmp_path / "notes.txt", tmp_path / "absent"])))
    assert "neither a folder" in told[str(tmp_path / "notes.txt")]
    assert "there is no such" in told[str(tmp_path / "absent")]


def test_a_type_declared_twice_is_reported(tmp_path: Path) -> None:
    write(
        tmp_path,
        "mine.py",
        """
        from dataclasses import dataclass
        from latentloom.graph import socket

        @socket
        @dataclass(frozen=True)
        class Latent:
            '''Mine.'''
        """,
    )
    registry = load_registry([tmp_path])
    assert registry.socket_types["Latent"].python.__module__ == "latentloom.nodes.values"
    assert "@socket(name=...)" in registry.problems[0].message


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: float = object()", "cannot stand in a document"),
        ("a: Thing = Thing()", "a default of type Thing"),
    ],
)
def test_a_default_that_no_document_can_hold(tmp_path: Path, text: str, word: str) -> None:
    thing = "from dataclasses import dataclass\nfrom latentloom.graph import socket\n\n"
    thing += "@socket\n@dataclass(frozen=True)\nclass Thing:\n    '''T.'''\n"
    write(tmp_path, "p.py", thing + NODE.format(name="plug_default", doc="D.").replace("a: float", text))
    registry = load_registry([tmp_path])
    assert "plug_default" not in registry.node_types
    assert word in registry.problems[0].message


@pytest.mark.parametrize("file", ["p.py", "pack/p.py"])
def test_an_edited_file_is_read_anew_with_another_digest(
    tmp_path: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    write(tmp_path, "pack/__init__.py", "")
    write_node(tmp_path, file, "plug_edit", doc="Old.")
    old = load_registry([tmp_path])
    write_node(tmp_path, file, "plug_edit", doc="New.")  # as long, and within the same second
    new = load_registry([tmp_path])
    assert new.node_types["plug_edit"].doc == "New."
    assert new.source_digests["plug_edit"] != old.source_digests["plug_edit"]
    assert not list(tmp_path.rglob("*.pyc"))


def test_the_digest_covers_what_a_file_reaches_in_its_package(tmp_path: Path) -> None:
    importing = "def late():\n    from .helper import x\n    import scipy.stats\n"
    write_node(tmp_path, "pack/__init__.py", "plug_init")
    write_node(tmp_path, "pack/nodes.py", "plug_reach", before=importing)
    write(tmp_path, "pack/helper.py", "from . import deeper\nx = 1\n")
    deeper = write(tmp_path, "pack/deeper.py", "import torch.nn as nn\n")
    write_node(tmp_path, "pack/apart.py", "plug_apart")
    unrelated = write(tmp_path, "pack/unrelated.py", "y = 1\n")

    def digests() -> tuple[bytes, bytes]:
        registry = Registry.of(
            *(load_registry([tmp_path]).node_types[n].function for n in ("plug_reach", "plug_apart"))
        )
        assert registry.libraries == {"plug_reach": ("scipy", "torch"), "plug_apart": ()}
        return registry.source_digests["plug_reach"], registry.source_digests["plug_apart"]

    reach, apart = digests()
    unrelated.write_text("y = 2\n")
    assert digests() == (reach, apart)
    deeper.write_text("import torch\n")
    assert digests() == (digests()[0], apart)
    assert digests()[0] != reach


def test_the_digest_does_not_depend_on_the_folder(tmp_path: Path) -> None:
    digests = set()
    for place in ("here", "there"):
        write_node(tmp_path / place, "p.py", "plug_place")
        digests.add(load_registry([tmp_path / place]).source_digests["plug_place"])
    assert len(digests) == 1


def test_functions_made_by_functions_have_digests_of_their_own() -> None:
    @node(category="test", type="made")
    def plus(a: float) -> float:
        """Made."""
        return a + 1

    @node(category="test", type="made")
    def minus(a: float) -> float:
        """Made."""
        return a - 1

    assert Registry.of(plus).source_digests != Registry.of(minus).source_digests
    namespace: dict[str, object] = {}
    exec(NODE.format(name="from_text", doc="D."), namespace)
    assert Registry.of(namespace["from_text"]).source_digests["from_text"]  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match="declared by"):
        Registry.of(plus, minus)


# --- the cached catalogue


def test_the_catalogue_is_read_without_importing_a_plugin(tmp_path: Path) -> None:
    plugins, cache = tmp_path / "plugins", tmp_path / "cache"
    marker = tmp_path / "imported"
    write_node(plugins, "p.py", "plug_cached", before=f"print('noise')\nopen({str(marker)!r}, 'a').write('x')\n")
    before = set(sys.modules)
    first = read_catalogue([plugins], cache)
    assert "plug_cached" in first.nodes
    assert marker.read_text() == "x"
    assert not [name for name in set(sys.modules) - before if name.startswith("latentloom_plugin")]
    assert read_catalogue([plugins], cache) == first
    assert marker.read_text() == "x"
    assert first == load_registry([plugins]).catalogue
    write_node(plugins, "p.py", "plug_changed")
    assert "plug_changed" in read_catalogue([plugins], cache).nodes


def test_old_catalogues_are_dropped(tmp_path: Path) -> None:
    for i in range(20):
        os.utime(write(tmp_path, f"catalogue-{i}.json", ""), (i, i))
    read_catalogue([], tmp_path)
    assert len(list(tmp_path.iterdir())) == 8
    assert not (tmp_path / "catalogue-12.json").exists()
    assert (tmp_path / "catalogue-13.json").exists()


def test_a_plugin_with_postponed_annotations(tmp_path: Path) -> None:
    write(
        tmp_path,
        "late.py",
        '''
        from __future__ import annotations
        from typing import NamedTuple
        from latentloom.graph import node

        class Two(NamedTuple):
            first: float
            second: int

        @node(category="test")
        def plug_two_outputs(a: float) -> Two:
            """Two outputs."""
            return Two(a, 1)
        ''',
    )
    registry = load_registry([tmp_path])
    assert registry.problems == ()
    assert [o.name for o in registry.node_types["plug_two_outputs"].outputs] == ["first", "second"]


def test_a_damaged_cache_is_made_again_and_problems_are_not_kept(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    catalogue = read_catalogue([], cache)
    (file,) = cache.iterdir()
    file.write_text(file.read_text()[:-20])
    assert read_catalogue([], cache) == catalogue
    write(tmp_path / "plugins", "p.py", "import not_installed_anywhere\n")
    assert read_catalogue([tmp_path / "plugins"], cache).problems
    assert list(cache.iterdir()) == [file]


def test_a_cache_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert isinstance(read_catalogue([], tmp_path / "file" / "cache"), Catalogue)


def test_a_plugin_that_ends_the_process(tmp_path: Path) -> None:
    write(tmp_path, "p.py", "import os\nos._exit(7)\n")
    with pytest.raises(EnvironmentFault, match="ended with 7"):
        read_catalogue([tmp_path], tmp_path / "cache")


def test_the_digest_follows_the_files(tmp_path: Path) -> None:
    empty = plugins_digest([tmp_path])
    path = write_node(tmp_path, "p.py", "plug_digest")
    full = plugins_digest([tmp_path])
    path.rename(tmp_path / "q.py")
    assert len({empty, full, plugins_digest([tmp_path]), plugins_digest([tmp_path / "absent"])}) == 4


def test_reading_a_cached_catalogue_is_light(tmp_path: Path) -> None:
    read_catalogue([], tmp_path)
    code = (
        "import sys; from pathlib import Path; from latentloom.graph import read_catalogue, check, Workflow\n"
        f"print(len(read_catalogue([], Path({str(tmp_path)!r})).nodes))\n"
        "print([m for m in ('torch', 'numpy', 'networkx', 'asyncio', 'latentloom.nodes.model') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": ""}
    )
    count, loaded = done.stdout.splitlines()
    assert int(count) > 50
    assert loaded == "[]"
