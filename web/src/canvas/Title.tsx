import { type JSX, useState } from "react";
import { setTitle } from "../document";
import { useEditor } from "../state/editor";
import { edit } from "../state/tabs";

/** A node's title; a double click edits it. */
export function Title({ id, title }: { readonly id: string; readonly title: string }): JSX.Element {
  const editor = useEditor();
  const [typed, setTyped] = useState<string | null>(null);
  if (typed === null) {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: F2 edits the title from the keyboard.
      <span className="title" onDoubleClick={() => setTyped(title)}>
        {title}
      </span>
    );
  }
  const finish = (): void => {
    setTyped(null);
    edit(editor.tabs, "Rename", (workflow) => setTitle(workflow, id, typed.trim()));
  };
  return (
    <input
      className="title nodrag"
      aria-label="Title"
      // biome-ignore lint/a11y/noAutofocus: the user has just asked to type here.
      autoFocus
      value={typed}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish();
        if (event.key === "Escape") setTyped(null);
      }}
    />
  );
}
