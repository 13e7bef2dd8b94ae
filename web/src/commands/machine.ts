/** The machine's way of naming keys. */

import { showChord } from "./chords";

export const IS_MAC = typeof navigator !== "undefined" && navigator.platform.startsWith("Mac");

/** A shortcut as this machine writes it. */
export function showShortcut(chord: string): string {
  return showChord(chord, IS_MAC);
}
