import { AlertTriangle, ChevronDown } from "lucide-react";
import type { JSX } from "react";
import { useEditor, useServer, useTab, useUi } from "../state/editor";
import { texts } from "../texts";
import { showNode } from "./showNode";

/** Every fault of the workflow, with its mend; a click jumps to where it is. One without nodes has yet to be begun. */
export function FaultList(): JSX.Element | null {
  const editor = useEditor();
  const faults = useServer((server) => server.faults);
  const isOpen = useUi((ui) => ui.isFaultsOpen);
  const isBegun = useTab(({ workflow }) => Object.keys(workflow.nodes).length > 0);
  if (faults.length === 0 || !(isBegun || isOpen)) return null;
  return (
    <section className="faults" aria-label={texts.bar.faults} data-open={isOpen}>
      <button
        type="button"
        className="faults-head"
        aria-expanded={isOpen}
        onClick={() => editor.ui.setState({ isFaultsOpen: !isOpen })}
      >
        <AlertTriangle size={14} />
        {texts.bar.faultCount(faults.length)}
        <ChevronDown size={14} className="turn" />
      </button>
      {isOpen && (
        <ol>
          {faults.map((fault, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same fault may stand twice.
            <li key={i}>
              <button type="button" onClick={() => fault.node && showNode(editor, fault.node)}>
                <code>{fault.where}</code> {fault.what}
                {fault.mend && <small>{fault.mend}</small>}
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
