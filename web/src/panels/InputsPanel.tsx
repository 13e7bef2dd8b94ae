import { Flag, X } from "lucide-react";
import type { JSX } from "react";
import { useShallow } from "zustand/shallow";
import { parameterSpec } from "../catalogue";
import { graphOf, removeInput, removeOutput, setDefault, type Workflow } from "../document";
import { shownGraph, useEditor, useTab } from "../state/editor";
import { activeTab, edit, endStep, select } from "../state/tabs";
import { backdropOf, promptsOf, seedKey, ValueWidget } from "../widgets";
import { widgetOf } from "../widgets/kinds";

/** The model that reads each prompt among the inputs. */
function promptModels(workflow: Workflow): Record<string, string | undefined> {
  const { ofInput } = promptsOf(workflow);
  return Object.fromEntries(Object.keys(workflow.inputs).map((name) => [name, ofInput(name)]));
}

/** The named inputs and outputs of the graph on the canvas: what one turns and looks at. */
export function InputsPanel(): JSX.Element {
  const editor = useEditor();
  const graph = useTab(shownGraph);
  const found = useTab(({ workflow }) => graphOf(workflow, graph));
  const prompts = useTab(useShallow(({ workflow }) => promptModels(workflow)));
  const inputs = Object.entries(found?.inputs ?? {});
  const outputs = Object.entries(found?.outputs ?? {});
  const owner = graph === "" ? "workflow" : "subgraph";
  return (
    <div className="inputs-panel">
      <h2>Inputs</h2>
      {inputs.length === 0 && (
        <p className="muted">Right-click an input of a node to make it an input of the {owner}.</p>
      )}
      {inputs.map(([name, parameter]) => {
        const spec = parameterSpec(name, parameter);
        const kind = widgetOf(spec);
        return (
          <div
            key={name}
            className="panel-input"
            title={parameter.doc}
            data-widget={kind}
            onPointerEnter={() => editor.ui.setState({ hoveredInput: name })}
            onPointerLeave={() => editor.ui.setState({ hoveredInput: "" })}
          >
            {kind === "none" ? (
              <span className="input-name">
                {name} <small>{parameter.type}</small>
              </span>
            ) : (
              <ValueWidget
                compact
                label={name.replaceAll("_", " ")}
                spec={spec}
                value={parameter.default}
                model={prompts[name]}
                backdrop={() => backdropOf(activeTab(editor.tabs.getState()).workflow, parameter.default)}
                seedName={seedKey(name)}
                onEnd={() => endStep(editor.tabs)}
                onChange={(value) =>
                  edit(editor.tabs, `Set ${name}`, (workflow) => setDefault(workflow, graph, name, value), {
                    merge: `input ${graph} ${name}`,
                  })
                }
              />
            )}
            <button
              type="button"
              className="remove"
              aria-label={`Remove the input ${name}`}
              title="Remove; what reads it keeps its value"
              onClick={() => edit(editor.tabs, "Remove input", (workflow) => removeInput(workflow, graph, name))}
            >
              <X size={12} />
            </button>
          </div>
        );
      })}
      <h2>Outputs</h2>
      {outputs.length === 0 && (
        <p className="muted">Right-click an output of a node to make it an output of the {owner}.</p>
      )}
      {outputs.map(([name, [node, output]]) => (
        <div key={name} className="panel-output">
          <button type="button" onClick={() => showNode(node)} title={`${node}.${output}`}>
            <Flag size={12} />
            {name}
            <small className="muted">{node}</small>
          </button>
          <button
            type="button"
            className="remove"
            aria-label={`Remove the output ${name}`}
            onClick={() => edit(editor.tabs, "Remove output", (workflow) => removeOutput(workflow, graph, name))}
          >
            <X size={12} />
          </button>
        </div>
      ))}
    </div>
  );

  function showNode(node: string): void {
    select(editor.tabs, [node]);
    editor.view.current?.fit([node]);
  }
}
