import type { JSX, ReactNode } from "react";
import { type CommandId, commandOf } from "../state/commands";
import { useEditor, usePreferences } from "../state/editor";
import { chordsOf } from "./bindings";
import { showShortcut } from "./machine";

interface CommandButtonProps {
  readonly id: CommandId;
  readonly icon: ReactNode;
}

/** A command as a button with a picture; its shortcut is told. */
export function CommandButton({ id, icon }: CommandButtonProps): JSX.Element {
  const editor = useEditor();
  const own = usePreferences(({ shortcuts }) => shortcuts);
  const command = commandOf(id);
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
