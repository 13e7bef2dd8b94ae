import { expect, test } from "vitest";
import { type Bound, chordsOf, commandAt, conflicts, rebound, restored, takenBy } from "../../src/commands/bindings";
import { chordOf, isForFields, isReserved, keycaps, normalise, showChord, together } from "../../src/commands/chords";

const press = (key: string, code: string, held = ""): Parameters<typeof chordOf>[0] => ({
  key,
  code,
  ctrlKey: held.includes("c"),
  metaKey: held.includes("m"),
  altKey: held.includes("a"),
  shiftKey: held.includes("s"),
});

test.each([
  [press("g", "KeyG", "cs"), "Ctrl+Shift+G"],
  [press("?", "Slash", "s"), "?"],
  [press("ß", "Minus"), "ß"],
  [press("@", "Digit2", "s"), "Shift+2"],
  [press("é", "Digit2"), "2"],
  [press("ы", "KeyS", "c"), "Ctrl+S"],
  [press("˜", "KeyN", "a"), "Alt+N"],
  [press("o", "KeyS"), "O"],
  [press(" ", "Space"), "Space"],
  [press("+", "Equal", "cs"), "Ctrl+Plus"],
  [press("F1", "F1"), "F1"],
  [press("ArrowUp", "ArrowUp", "as"), "Alt+Shift+ArrowUp"],
  [press("Shift", "ShiftLeft", "s"), undefined],
])("%o is %s", (event, chord) => {
  expect(chordOf(event, false)).toBe(chord);
});

test("on a Mac the command key is Ctrl, and the control key is none", () => {
  expect(chordOf(press("k", "KeyK", "m"), true)).toBe("Ctrl+K");
  expect(chordOf(press("k", "KeyK", "c"), true)).toBe("K");
  expect(showChord("Ctrl+Shift+G", true)).toBe("⌘⇧G");
  expect(showChord("Ctrl+Shift+G", false)).toBe("Ctrl+Shift+G");
  expect(keycaps("Ctrl+ArrowLeft", false)).toEqual(["Ctrl", "←"]);
});

test("chords that differ in the last key only are shown as one", () => {
  const chords = ["Shift+ArrowLeft", "Shift+ArrowRight", "Ctrl+Y", "Delete", "Backspace"];
  expect(together(chords)).toEqual(["Shift+ArrowLeft+ArrowRight", "Ctrl+Y", "Delete+Backspace"]);
});

test("a chord is written one way", () => {
  expect(normalise("Shift+Ctrl+g")).toBe("Ctrl+Shift+G");
  expect(normalise("?")).toBe("?");
});

test("chords that edit text do not act in a field, and some never reach the page", () => {
  expect(["Ctrl+Enter", "Ctrl+K", "F1", "Ctrl+."].every(isForFields)).toBe(true);
  expect(["A", "Ctrl+Z", "Ctrl+A", "Delete", "Ctrl+D", "?"].some(isForFields)).toBe(false);
  expect(isReserved("Ctrl+W")).toBe(true);
});

const COMMANDS: readonly Bound[] = [
  { id: "undo", shortcut: "Ctrl+Z" },
  { id: "redo", shortcut: "Ctrl+Shift+Z" },
  { id: "fit", shortcut: "F" },
  { id: "theme" },
];

test("own shortcuts take the place of the usual ones, second ones included", () => {
  expect(commandAt(COMMANDS, {}, "Ctrl+Y")?.id).toBe("redo");
  expect(commandAt(COMMANDS, { redo: "Alt+R" }, "Ctrl+Y")).toBeUndefined();
  expect(commandAt(COMMANDS, { redo: "Alt+R" }, "Alt+R")?.id).toBe("redo");
  expect(chordsOf({ id: "fit", shortcut: "F" }, { fit: "" })).toEqual([]);
});

test("a chord that is taken is told, and whoever had it loses it", () => {
  expect(takenBy(COMMANDS, {}, "F", "theme")?.id).toBe("fit");
  expect(takenBy(COMMANDS, {}, "F", "fit")).toBeUndefined();
  const own = rebound(COMMANDS, {}, "theme", "F");
  expect(own).toEqual({ theme: "F", fit: "" });
  expect(conflicts(COMMANDS, own).size).toBe(0);
  expect(rebound(COMMANDS, {}, "theme", "Ctrl+Y")).toEqual({ theme: "Ctrl+Y", redo: "Ctrl+Shift+Z" });
});

test("the usual shortcut comes back, and is taken from whoever has it now", () => {
  const own = rebound(COMMANDS, {}, "theme", "F");
  expect(restored(COMMANDS, own, "fit")).toEqual({ theme: "" });
  expect(rebound(COMMANDS, { fit: "G" }, "fit", "F")).toEqual({});
});

test("shortcuts kept by an older version may clash: each clash is found", () => {
  expect([...conflicts(COMMANDS, { theme: "F" })]).toEqual([["F", ["fit", "theme"]]]);
});
