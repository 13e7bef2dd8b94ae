import { Diamond } from "lucide-react";
import { type JSX, memo } from "react";
import { useShallow } from "zustand/shallow";
import { parameterSpec } from "../catalogue";
import type { Literal } from "../document";
import { resetValue, setDefault, setValue } from "../document";
import { shownGraph, useEditor, useServer, useTab, useUi } from "../state/editor";
import { openInputMenu } from "../state/menus";
import { activeTab, edit, endStep, seedOwner } from "../state/tabs";
import { texts } from "../texts";
import { backdropOf, promptsOf, seedKey, ValueWidget } from "../widgets";
import { type InputModel, labelOf, type Row } from "./geometry";

/** One row of a node: an input with its widget or name, and the output beside it. */
export const InputRow = memo(function InputRow({ id, row }: { readonly id: string; readonly row: Row }): JSX.Element {
  const { input, output, widget, y, height } = row;
  return (
    <div className="row" style={{ top: y, height }} data-widget={widget}>
      {input && <InputCell id={id} input={input} row={row} />}
      {output && (
        <span className="output-name" title={`${output.type}${output.doc ? `: ${output.doc}` : ""}`}>
          {output.label}
        </span>
      )}
    </div>
  );
});

interface CellProps {
  readonly id: string;
  readonly input: InputModel;
  readonly row: Row;
}

function InputCell({ id, input, row }: CellProps): JSX.Element {
  const editor = useEditor();
  const { spec, link, parameter, value } = input;
  const faults = useServer(
    useShallow((server) =>
      server.faults
        .filter((fault) => fault.node === id && fault.input === spec.name)
        .map(({ what, mend }) => `${what} ${mend}`),
    ),
  );
  const parameterName = parameter && link ? link[1] : "";
  const isLit = useUi((ui) => parameterName !== "" && ui.hoveredInput === parameterName);
  const graph = useTab(shownGraph);
  const owner = useTab(seedOwner);
  const tab = useTab(({ key }) => key);
  // A file that was sent may come when another workflow is shown.
  const onChange = (next: Literal): void => {
    if (parameter) {
      edit(
        editor.tabs,
        texts.edits.set(parameterName),
        (workflow) => setDefault(workflow, graph, parameterName, next),
        { tab, merge: `input ${graph} ${parameterName}` },
      );
    } else {
      edit(editor.tabs, texts.edits.set(spec.name), (workflow) => setValue(workflow, id, spec.name, next), {
        tab,
        merge: `value ${id} ${spec.name}`,
      });
    }
  };
  const title = [`${spec.name}: ${spec.type}`, spec.doc, ...faults].filter(Boolean).join("\n");
  const model = useTab(({ workflow }) =>
    row.widget !== "text"
      ? undefined
      : parameter
        ? promptsOf(workflow).ofInput(parameterName)
        : promptsOf(workflow).ofNode(id, spec.name),
  );
  const isMissing = spec.required && value === undefined && !link;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same menu opens from the keyboard on the node.
    <div
      className="input-cell"
      data-input={spec.name}
      title={title}
      data-own={value !== undefined}
      data-missing={isMissing}
      data-faulty={faults.length > 0}
      data-lit={isLit}
      onContextMenu={(event) => openInputMenu(editor, event, id, input)}
    >
      {row.widget === "none" ? (
        <span className="input-name">{labelOf(spec.name)}</span>
      ) : (
        <ValueWidget
          compact
          label={labelOf(spec.name)}
          spec={parameter ? { ...parameterSpec(parameterName, parameter), unit: spec.unit } : spec}
          value={parameter ? parameter.default : value}
          fault={faults.join(" ")}
          model={model}
          backdrop={() => backdropOf(activeTab(editor.tabs.getState()).workflow, parameter?.default ?? value)}
          seedName={parameter ? seedKey(owner, graph, parameterName) : seedKey(owner, graph, spec.name, id)}
          onChange={onChange}
          onEnd={() => endStep(editor.tabs)}
          onReset={
            parameter ? undefined : () => edit(editor.tabs, texts.edits.reset, (now) => resetValue(now, id, spec.name))
          }
        />
      )}
      {parameter && (
        <span
          className="parameter-chip"
          title={texts.canvas.reads(parameterName)}
          onPointerEnter={() => editor.ui.setState({ hoveredInput: parameterName })}
          onPointerLeave={() => editor.ui.setState({ hoveredInput: "" })}
        >
          <Diamond size={8} />
          {parameterName === spec.name ? "" : parameterName}
        </span>
      )}
    </div>
  );
}
