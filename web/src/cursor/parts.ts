/** The parts of the window, so that a key leads from one to the next. */

const PARTS = [".topbar", ".rail", ".side", ".react-flow", ".statusbar", ".faults", ".dock"];
const FOCUSABLE = "button:not(:disabled), input:not([type=hidden]), textarea, select, a[href], [tabindex='0']";

/** Puts the keyboard into the next part of the window, or the one before. */
export function goToPart(step: 1 | -1): void {
  const parts = PARTS.flatMap((selector) => document.querySelector<HTMLElement>(selector) ?? []);
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  const before = at === -1 ? parts.findIndex((part) => part.matches(".react-flow")) : at;
  for (let i = 1; i <= parts.length; i += 1) {
    const part = parts[(before + step * i + parts.length * i) % parts.length];
    const target = part?.matches("[tabindex='0']") ? part : part?.querySelector<HTMLElement>(FOCUSABLE);
    if (!target) continue;
    target.focus();
    return;
  }
}
