/**
 * Shortcuts as text: "Ctrl+Shift+G". Ctrl is the command key on a Mac.
 *
 * Signs that need Shift on some keyboards ("?", "+") are written without it, so that they are found on all of them.
 */

const NAMES: Readonly<Record<string, string>> = { " ": "Space", "+": "Plus" };
const MODIFIERS = new Set(["Control", "Shift", "Alt", "Meta", "AltGraph", "CapsLock", "Fn", "Dead", "Process"]);

export type KeyPress = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** The chord that is pressed; undefined while only modifiers are. */
export function chordOf(press: KeyPress, isMac: boolean): string | undefined {
  if (MODIFIERS.has(press.key)) return undefined;
  const key = keyOf(press);
  const isSign = key.length === 1 && !/[A-Z0-9]/.test(key);
  const parts = [
    (isMac ? press.metaKey : press.ctrlKey) && "Ctrl",
    press.altKey && "Alt",
    press.shiftKey && !isSign && key !== "Plus" && "Shift",
    key,
  ];
  return parts.filter(Boolean).join("+");
}

/** Letters as they are printed where that is a Latin letter, else by their place; digits always by their place. */
function keyOf({ key, code }: KeyPress): string {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  if (/^Digit\d$/.test(code)) return code.slice(5);
  if (/^Key[A-Z]$/.test(code)) return code.slice(3);
  return NAMES[key] ?? key;
}

/** The one way in which a chord is written. */
export function normalise(chord: string): string {
  const parts = chord.split("+");
  const key = parts.at(-1) ?? "";
  const modifiers = ["Ctrl", "Alt", "Shift"].filter((name) => parts.slice(0, -1).includes(name));
  return [...modifiers, key.length === 1 ? key.toUpperCase() : key].join("+");
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ContextMenu: "Menu",
  Escape: "Esc",
  Plus: "+",
};
const MAC_SIGNS: Readonly<Record<string, string>> = {
  Ctrl: "⌘",
  Alt: "⌥",
  Shift: "⇧",
  Enter: "↩",
  Backspace: "⌫",
  Delete: "⌦",
};

/** The keys of a chord as this machine names them. */
export function keycaps(chord: string, isMac: boolean): string[] {
  if (chord === "") return [];
  return chord.split("+").map((part) => (isMac ? MAC_SIGNS[part] : undefined) ?? SIGNS[part] ?? part);
}

/** Chords that differ in the last key only, as one: "Shift+ArrowLeft+ArrowRight". */
export function together(chords: readonly string[]): string[] {
  const keys = new Map<string, string[]>();
  for (const chord of chords) {
    const parts = chord.split("+");
    const held = parts.slice(0, -1).join("+");
    keys.set(held, [...(keys.get(held) ?? []), ...parts.slice(-1)]);
  }
  return [...keys].map(([held, last]) => [...(held ? [held] : []), ...last].join("+"));
}

export function showChord(chord: string, isMac: boolean): string {
  return keycaps(chord, isMac).join(isMac ? "" : "+");
}

/** Chords that browsers keep for themselves: a page never hears of them. */
const RESERVED = new Set(["Ctrl+W", "Ctrl+T", "Ctrl+N", "Ctrl+Shift+N", "Ctrl+Shift+T", "Ctrl+Shift+W", "Ctrl+Tab"]);

export function isReserved(chord: string): boolean {
  return RESERVED.has(chord);
}

/** Whether a chord may act while somebody types: no letter, and nothing that edits text. */
export function isForFields(chord: string): boolean {
  if (/^F\d+$/.test(chord)) return true;
  return /^Ctrl\+(Alt\+)?(Shift\+)?(Enter|\.|K|S)$/.test(chord);
}
