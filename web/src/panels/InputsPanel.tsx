import { Flag } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { useShallow } from "zustand/shallow";
import { parameterSpec } from "../catalogue";
import {
  graphOf,
  type Link,
  type Parameter,
  removeInput,
  removeOutput,
  renameInput,
  renameOutput,
  setDefault,
  type Workflow,
} from "../document";
import { shownGraph, useEditor, useTab, useUi } from "../state/editor";
import { activeTab, edit, endStep, seedOwner, select } from "../state/tabs";
import type { MenuItem } from "../state/ui";
import { texts } from "../texts";
import { backdropOf, promptsOf, seedKey, ValueWidget } from "../widgets";
import { widgetOf } from "../widgets/kinds";
import { NameField } from "../widgets/NameField";
import { GraphHead } from "./GraphHead";
import { MoreButton } from "./MoreButton";

const words = texts.inputs;

/** The model that reads each prompt among the inputs. */
function promptModels(workflow: Workflow): Record<string, string | undefined> {
  const { ofInput } = promptsOf(workflow);
  return Object.fromEntries(Object.keys(workflow.inputs).map((name) => [name, ofInput(name)]));
}

/** The named inputs and outputs of the graph on the canvas: what one turns and looks at. */
export function InputsPanel(): JSX.Element {
  const graph = useTab(shownGraph);
  const found = useTab(({ workflow }) => graphOf(workflow, graph));
  const prompts = useTab(useShallow(({ workflow }) => promptModels(workflow)));
  const inputs = Object.entries(found?.inputs ?? {});
  const outputs = Object.entries(found?.outputs ?? {});
  const owner = graph === "" ? "workflow" : "subgraph";
  return (
    <div className="inputs-panel">
      <GraphHead />
      <h2>{words.inputs}</h2>
      {inputs.length === 0 && <p className="muted">{words.noInputs[owner]}</p>}
      {inputs.map(([name, parameter]) => (
        <InputView key={name} graph={graph} name={name} parameter={parameter} model={prompts[name]} />
      ))}
      <h2>{words.outputs}</h2>
      {outputs.length === 0 && <p className="muted">{words.noOutputs[owner]}</p>}
      {outputs.map(([name, link]) => (
        <OutputView key={name} graph={graph} name={name} link={link} />
      ))}
    </div>
  );
}

interface InputViewProps {
  readonly graph: string;
  readonly name: string;
  readonly parameter: Parameter;
  readonly model: string | undefined;
}

function InputView({ graph, name, parameter, model }: InputViewProps): JSX.Element {
  const editor = useEditor();
  const owner = useTab(seedOwner);
  const tab = useTab(({ key }) => key);
  const spec = parameterSpec(name, parameter);
  const kind = widgetOf(spec);
  return (
    <Named
      naming={`input ${graph} ${name}`}
      name={name}
      widget={kind}
      doc={parameter.doc}
      removing={words.removeInput}
      onHover={(isOver) => editor.ui.setState({ hoveredInput: isOver ? name : "" })}
      onName={(other) =>
        edit(editor.tabs, texts.edits.renameInput, (workflow) => renameInput(workflow, graph, name, other))
      }
      onRemove={() => edit(editor.tabs, texts.edits.removeInput, (workflow) => removeInput(workflow, graph, name))}
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
          model={model}
          backdrop={() => backdropOf(activeTab(editor.tabs.getState()).workflow, parameter.default)}
          seedName={seedKey(owner, graph, name)}
          onEnd={() => endStep(editor.tabs)}
          onChange={(value) =>
            edit(editor.tabs, texts.edits.set(name), (workflow) => setDefault(workflow, graph, name, value), {
              tab, // a file that was sent may come when another workflow is shown
              merge: `input ${graph} ${name}`,
            })
          }
        />
      )}
    </Named>
  );
}

interface OutputViewProps {
  readonly graph: string;
  readonly name: string;
  readonly link: Link;
}

function OutputView({ graph, name, link: [node, output] }: OutputViewProps): JSX.Element {
  const editor = useEditor();
  const naming = `output ${graph} ${name}`;
  const show = (): void => {
    select(editor.tabs, [node]);
    editor.view.current?.fit([node]);
  };
  return (
    <Named
      naming={naming}
      name={name}
      widget="output"
      doc={`${node}.${output}`}
      removing={words.removeOutput}
      onName={(other) =>
        edit(editor.tabs, texts.edits.renameOutput, (workflow) => renameOutput(workflow, graph, name, other))
      }
      onRemove={() => edit(editor.tabs, texts.edits.removeOutput, (workflow) => removeOutput(workflow, graph, name))}
    >
      <button type="button" onClick={show} onDoubleClick={() => editor.ui.setState({ naming })}>
        <Flag size={12} />
        {name}
        <small className="muted">{node}</small>
      </button>
    </Named>
  );
}

interface NamedProps {
  /** What it is called while it is given a name. */
  readonly naming: string;
  readonly name: string;
  readonly widget: string;
  readonly doc: string;
  readonly removing: string;
  readonly children: ReactNode;
  readonly onName: (name: string) => void;
  readonly onRemove: () => void;
  readonly onHover?: (isOver: boolean) => void;
}

/** One row: it can be renamed where it stands, and removed. */
function Named({ naming, name, widget, doc, removing, children, onName, onRemove, onHover }: NamedProps): JSX.Element {
  const editor = useEditor();
  const isNaming = useUi((ui) => ui.naming === naming);
  const items = (): MenuItem[] => [
    { kind: "action", label: words.rename, act: () => editor.ui.setState({ naming }) },
    { kind: "action", label: removing, act: onRemove },
  ];
  return (
    <div
      className={widget === "output" ? "panel-output" : "panel-input"}
      title={doc}
      data-widget={widget}
      onPointerEnter={() => onHover?.(true)}
      onPointerLeave={() => onHover?.(false)}
    >
      {isNaming ? (
        <NameField
          label={words.name(name)}
          value={name}
          onName={(other) => other && onName(other)}
          onEnd={() => editor.ui.setState({ naming: "" })}
        />
      ) : (
        children
      )}
      <MoreButton label={words.actions(name)} items={items} />
    </div>
  );
}
