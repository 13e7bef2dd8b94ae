import type { JSX } from "react";
import type { Job } from "../api";
import { texts } from "../texts";
import { useDesk } from "./desk";

/** Why a job failed; the node that did it can be jumped to. */
export function JobFault({ error }: { readonly error: NonNullable<Job["error"]> }): JSX.Element {
  const desk = useDesk();
  const { node, address, message, traceback } = error;
  return (
    <div className="job-fault" role="note" aria-label={texts.results.job.whyFailed}>
      {node && desk ? (
        <button
          type="button"
          className="fault-node"
          title={texts.results.job.showNode}
          onClick={() => desk.showNode(node)}
        >
          {address || node}
        </button>
      ) : (
        (address || node) && <b className="fault-node">{address || node}</b>
      )}
      <span>{message}</span>
      {traceback && (
        <details>
          <summary>{texts.results.job.traceback}</summary>
          <pre>{traceback}</pre>
        </details>
      )}
    </div>
  );
}
