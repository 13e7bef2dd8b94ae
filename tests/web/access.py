"""What axe-core finds wrong on a page for people who use a keyboard, a screen reader, or see less."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")
Scheme = Literal["dark", "light"]
"""What the machine prefers, and the editor follows."""


def serious_faults(page: Page, within: str = "body") -> list[str]:
    """Serious and critical violations of WCAG 2.2 A and AA: rule, what it is, and where."""
    page.evaluate(AXE.read_text())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found: list[dict[str, Any]] = page.evaluate(
        "async ([within, values]) => (await axe.run(within, { runOnly: { type: 'tag', values } })).violations",
        [within, tags],
    )
    return [
        f"{fault['id']}: {fault['help']} at {'; '.join(str(node['target'][0]) for node in fault['nodes'][:5])}"
        for fault in found
        if fault["impact"] in SERIOUS
    ]
