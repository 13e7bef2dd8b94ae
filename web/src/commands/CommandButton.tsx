import type { JSX, ReactNode } from "react";
import { type CommandId, commandOf } from "../state/commands";
import { useEditor } from "../state/editor";
import { useHint } from "./hint";

interface CommandButtonProps {
  readonly id: CommandId;
  readonly icon: ReactNode;
}

/** A command as a button with a picture; its shortcut is told. */
export function CommandButton({ id, icon }: CommandButtonProps): JSX.Element {
  const editor = useEditor();
  const { label, run } = commandOf(id);
  const hint = useHint(id);
  return (
    <button type="button" className="button" aria-label={label} title={hint} onClick={() => run(editor)}>
      {icon}
    </button>
  );
}
