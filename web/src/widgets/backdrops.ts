/** The picture that a mask belongs to: another stored file that the workflow reads. */

import { isLoop, type Literal, mapNodes, type Workflow } from "../document";

/** The first stored file of a workflow's inputs and nodes that is not the mask itself. */
export function backdropOf(workflow: Workflow, mask: Literal | undefined): string | undefined {
  const found: string[] = [];
  const look = (value: Literal): void => {
    if (typeof value === "string" && value.startsWith("sha256:") && value !== mask) found.push(value);
  };
  for (const parameter of Object.values(workflow.inputs)) look(parameter.default);
  mapNodes(workflow, (node) => {
    if (!isLoop(node)) Object.values(node.values).forEach(look);
    return node;
  });
  return found[0];
}
