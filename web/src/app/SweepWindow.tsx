import type { JSX } from "react";
import { SweepDialog } from "../form/SweepDialog";
import { useEditor, useTab } from "../state/editor";
import { runWorkflow } from "../state/runs";

/** Several values for the inputs of the open workflow. */
export function SweepWindow({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const editor = useEditor();
  const workflow = useTab((tab) => tab.workflow);
  return (
    <SweepDialog
      workflow={workflow}
      onRun={(sweep) => {
        editor.ui.setState({ isResultsOpen: true, dock: "results" });
        void runWorkflow(editor, { sweep });
      }}
      onClose={onClose}
    />
  );
}
