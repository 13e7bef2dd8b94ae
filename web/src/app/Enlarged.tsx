import type { JSX } from "react";
import { useEditorDesk } from "../panels/desk";
import { DeskProvider, Viewer } from "../results";
import { useEditor, useUi } from "../state/editor";

/** The picture of a node on the whole screen. */
export function Enlarged(): JSX.Element | null {
  const { ui } = useEditor();
  const desk = useEditorDesk();
  const enlarged = useUi((now) => now.enlarged);
  if (!enlarged) return null;
  return (
    <DeskProvider value={desk}>
      <Viewer
        {...enlarged}
        onMove={(at) => ui.setState({ enlarged: { ...enlarged, at } })}
        onClose={() => ui.setState({ enlarged: null })}
      />
    </DeskProvider>
  );
}
