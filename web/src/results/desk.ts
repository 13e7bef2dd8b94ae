/** What results ask of the editor around them. Outside of the editor there is none, and such buttons are not shown. */

import { createContext, useContext } from "react";
import type { JobRecord } from "../api";
import { setDefault, type Workflow } from "../document";

export interface Desk {
  /** Opens a workflow beside the others. */
  readonly openWorkflow: (workflow: Workflow, title: string) => void;
  /** Selects a node of the open workflow and brings it into view. */
  readonly showNode: (node: string) => void;
  /** Tells the user something in passing. */
  readonly tell: (message: string) => void;
}

const DeskContext = createContext<Desk | null>(null);
export const DeskProvider = DeskContext.Provider;

export function useDesk(): Desk | null {
  return useContext(DeskContext);
}

/** The workflow of a job with what it was given as its inputs' defaults: running it makes the same again. */
export function filledIn({ workflow, inputs }: JobRecord): Workflow {
  const known = Object.entries(inputs).filter(([name]) => Object.hasOwn(workflow.inputs, name));
  return known.reduce((now, [name, value]) => setDefault(now, "", name, value), workflow);
}
