"""What the checker's tests ask of its answer."""

from __future__ import annotations

from latentloom.graph import Checked, CheckedGraph, Fault, raise_faults


def graph_of(checked: Checked) -> CheckedGraph:
    assert checked.faults == ()
    return raise_faults(checked)


def only_fault(checked: Checked) -> Fault:
    assert checked.graph is None
    assert len(checked.faults) == 1, [str(fault) for fault in checked.faults]
    return checked.faults[0]
