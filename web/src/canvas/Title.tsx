import type { JSX } from "react";
import { setThingTitle } from "../document";
import { useEditor, useUi } from "../state/editor";
import { edit } from "../state/tabs";
import { texts } from "../texts";
import { NameField } from "../widgets/NameField";

interface TitleProps {
  /** Key of the node, loop or frame. */
  readonly id: string;
  readonly title: string;
  /** Shown where there is no title. */
  readonly placeholder?: string;
}

/** The title of something on the canvas; a double click or F2 edits it. */
export function Title({ id, title, placeholder = "" }: TitleProps): JSX.Element {
  const editor = useEditor();
  const isNaming = useUi((ui) => ui.naming === id);
  if (!isNaming) {
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: F2 edits the title from the keyboard.
      <span className="title" data-empty={title === ""} onDoubleClick={() => editor.ui.setState({ naming: id })}>
        {title || placeholder}
      </span>
    );
  }
  return (
    <NameField
      className="title"
      label={texts.canvas.title}
      value={title}
      placeholder={placeholder}
      onName={(name) => edit(editor.tabs, texts.edits.rename, (workflow) => setThingTitle(workflow, id, name))}
      onEnd={() => editor.ui.setState(({ naming }) => (naming === id ? { naming: "" } : {}))}
    />
  );
}
