import type { JSX } from "react";
import { useEditor, useUi } from "../state/editor";

/** What is told in passing, with what can be done about it. */
export function Notice(): JSX.Element {
  const { ui } = useEditor();
  const message = useUi((now) => now.message);
  const action = message?.action;
  return (
    <output className="message" data-shown={message !== null}>
      {message?.text}
      {action && (
        <button
          type="button"
          className="button"
          onClick={() => {
            ui.setState({ message: null });
            action.act();
          }}
        >
          {action.label}
        </button>
      )}
    </output>
  );
}
