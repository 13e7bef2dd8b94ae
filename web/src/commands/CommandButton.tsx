import type { JSX, ReactNode } from "react";
import { COMMANDS } from "../state/commands";
import { useEditor, usePreferences } from "../state/editor";
import { chordsOf } from "./bindings";
import { showShortcut } from "./machine";

interface CommandButtonProps {
  readonly id: string;
  readonly icon: ReactNode;
}

/** A command as a button with a picture; its shortcut is told. */
export function CommandButton({ id, icon }: CommandButtonProps): JSX.Element | null {
  const editor = useEditor();
  const own = usePreferences(({ shortcuts }) => shortcuts);
  const command = COMMANDS.find((found) => found.id === id);
  if (!command) return null;
  const [chord] = chordsOf(command, own);
  return (
    <button
      type="button"
      className="button"
      aria-label={command.label}
      title={chord ? `${command.label} (${showShortcut(chord)})` : command.label}
      onClick={() => command.run(editor)}
    >
      {icon}
    </button>
  );
}
