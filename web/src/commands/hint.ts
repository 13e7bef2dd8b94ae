import { type CommandId, commandOf } from "../state/commands";
import { usePreferences } from "../state/editor";
import { chordsOf } from "./bindings";
import { showShortcut } from "./machine";

/** What a command does and its shortcut, as it is set now: for a button that does the same. */
export function useHint(id: CommandId): string {
  const own = usePreferences(({ shortcuts }) => shortcuts);
  const command = commandOf(id);
  const [chord] = chordsOf(command, own);
  return chord ? `${command.label} (${showShortcut(chord)})` : command.label;
}
