import { X } from "lucide-react";
import type { JSX } from "react";
import { COMMANDS, type Command } from "../state/commands";
import { useEditor, useUi } from "../state/editor";
import { showShortcut } from "./shortcuts";

const GROUPS: readonly (readonly [Command["group"], string])[] = [
  ["edit", "Edit"],
  ["loop", "Loops and subgraphs"],
  ["arrange", "Arrange"],
  ["run", "Run"],
  ["view", "View"],
  ["file", "Workflows"],
];

/** All shortcuts on one sheet. */
export function Help(): JSX.Element | null {
  const editor = useEditor();
  const isOpen = useUi((ui) => ui.isHelpOpen);
  if (!isOpen) return null;
  const close = (): void => editor.ui.setState({ isHelpOpen: false });
  return (
    <>
      <div className="veil dark" onPointerDown={close} />
      <div
        className="help"
        role="dialog"
        aria-label="Shortcuts"
        onKeyDown={(event) => event.key === "Escape" && close()}
      >
        {/* biome-ignore lint/a11y/noAutofocus: the keyboard goes on where the sheet opened. */}
        <button type="button" className="button help-close" aria-label="Close" autoFocus onClick={close}>
          <X size={15} />
        </button>
        {GROUPS.map(([group, title]) => (
          <section key={group}>
            <h2>{title}</h2>
            <dl>
              {COMMANDS.filter((command) => command.group === group && command.shortcut).map(
                ({ id, label, shortcut }) => (
                  <div key={id}>
                    <dt>{label}</dt>
                    <dd>
                      <kbd>{showShortcut(shortcut ?? "")}</kbd>
                    </dd>
                  </div>
                ),
              )}
            </dl>
          </section>
        ))}
      </div>
    </>
  );
}
