import { type JSX, useEffect, useState } from "react";
import { ApiError, api, type WorkflowEntry } from "../api";
import { useEditor } from "../state/editor";
import { newTab, openTab } from "../state/tabs";
import { tell } from "../state/ui";

/** The saved workflows and the examples. */
export function WorkflowsPanel(): JSX.Element {
  const editor = useEditor();
  const [mine, setMine] = useState<readonly WorkflowEntry[]>([]);
  const [examples, setExamples] = useState<readonly WorkflowEntry[]>([]);
  useEffect(() => {
    const load = async (): Promise<void> => {
      try {
        const [saved, shipped] = await Promise.all([api.workflows(), api.examples()]);
        setMine(saved);
        setExamples(shipped);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        tell(editor.ui, error.message);
      }
    };
    void load();
  }, [editor]);
  const open = async (name: string, isExample: boolean): Promise<void> => {
    const present = editor.tabs.getState().tabs.find((tab) => !isExample && tab.name === name);
    if (present) return editor.tabs.setState({ active: present.key });
    try {
      const file = await (isExample ? api.openExample(name) : api.open(name));
      openTab(editor.tabs, newTab(file.workflow, isExample ? {} : { name, revision: file.revision }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      tell(editor.ui, error.message);
    }
  };
  return (
    <div className="workflows-panel">
      <h2>Yours</h2>
      {mine.length === 0 && <p className="muted">Save a workflow with Ctrl+S to find it here.</p>}
      {mine.map((entry) => (
        <Entry key={entry.name} entry={entry} onOpen={() => void open(entry.name, false)} />
      ))}
      <h2>Examples</h2>
      {examples.map((entry) => (
        <Entry key={entry.name} entry={entry} onOpen={() => void open(entry.name, true)} />
      ))}
    </div>
  );
}

function Entry({ entry, onOpen }: { readonly entry: WorkflowEntry; readonly onOpen: () => void }): JSX.Element {
  return (
    <button type="button" className="workflow-entry" onClick={onOpen} title={entry.description}>
      <span>{entry.title || entry.name}</span>
      <small className="muted">{entry.nodes} nodes</small>
      <p>{entry.description}</p>
    </button>
  );
}
