"""Every node type of the library keeps the promises that the editor, the docs and the checker build on."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

import latentloom.nodes
from latentloom.graph import NodeType, node_type_of
from latentloom.graph.declare import NODE

SELF_EVIDENT = {"int", "float", "str", "bool", "Path"}
"""Types that say nothing of what an input means; the others (Image, Latent, ...) and a list of choices do."""


def module_names() -> list[str]:
    return [module.name for module in pkgutil.walk_packages(latentloom.nodes.__path__, "latentloom.nodes.")]


def library() -> dict[str, NodeType]:
    """Node types by name, from all modules of the library."""
    found = {}
    for name in module_names():
        for value in vars(importlib.import_module(name)).values():
            if callable(value) and hasattr(value, NODE) and value.__module__ == name:
                declared = node_type_of(value)
                assert declared.type not in found, f"{declared.type} is declared twice"
                found[declared.type] = declared
    return found


LIBRARY = library()


def all_inputs(declared: NodeType):
    return (*declared.inputs, *((declared.variadic,) if declared.variadic else ()))


def test_the_library_is_not_empty():
    assert {"load_image", "contact_sheet", "switch", "calculate", "template", "make_list"} <= LIBRARY.keys()


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_a_node_says_in_one_sentence_what_it_does(name):
    first = LIBRARY[name].doc.splitlines()[0]
    assert first[0].isupper() or not first[0].isalpha(), first
    assert first.endswith("."), first
    assert len(first) <= 120


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_a_node_has_a_place_in_the_palette(name):
    category = LIBRARY[name].category
    assert category
    assert category == category.lower().strip("/ ")
    assert LIBRARY[name].title


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_inputs_are_documented(name):
    for spec in all_inputs(LIBRARY[name]):
        is_self_evident = spec.type.innermost.name not in SELF_EVIDENT or spec.choices is not None
        assert spec.doc or is_self_evident, f"{name}.{spec.name} has no doc"


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_defaults_are_values_that_the_checker_accepts(name):
    for spec in LIBRARY[name].inputs:
        where = f"{name}.{spec.name} = {spec.default!r}"
        if spec.required or spec.default is None:
            assert spec.required or spec.optional, f"{where}: None needs a type that allows it"
            continue
        if spec.choices is not None:
            assert spec.default in spec.choices, where
        if spec.range is not None:
            assert spec.range.minimum is None or spec.default >= spec.range.minimum, where
            assert spec.range.maximum is None or spec.default <= spec.range.maximum, where
        expected = {"int": int, "float": float, "str": str, "bool": bool}.get(str(spec.type))
        assert expected is None or type(spec.default) is expected, where


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_ranges_are_ranges_of_numbers(name):
    for spec in all_inputs(LIBRARY[name]):
        if spec.range is None:
            continue
        where = f"{name}.{spec.name}"
        assert spec.type.innermost.name in ("int", "float"), where
        if spec.range.minimum is not None and spec.range.maximum is not None:
            assert spec.range.minimum < spec.range.maximum, where
        assert spec.range.step is None or spec.range.step > 0, where
        if spec.widget == "slider":
            assert spec.range.minimum is not None, f"{where}: a slider has two ends"
            assert spec.range.maximum is not None, f"{where}: a slider has two ends"


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_batched_nodes_and_outputs_have_names(name):
    declared = LIBRARY[name]
    outputs = [output.name for output in declared.outputs]
    assert outputs
    assert all(outputs)
    assert len(set(outputs)) == len(outputs)


def test_importing_the_library_imports_no_heavy_library():
    program = (
        "import importlib, sys\n"
        f"for name in {['latentloom.nodes', *module_names()]!r}: importlib.import_module(name)\n"
        "heavy = {'torch', 'diffusers', 'transformers', 'numpy', 'PIL', 'scipy', 'safetensors'}\n"
        "print(' '.join(sorted(heavy & {name.partition('.')[0] for name in sys.modules})))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == ""
