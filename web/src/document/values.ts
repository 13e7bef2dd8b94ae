/** Values of inputs. An input stands in values or in links, never in both. */

import { withField, withoutFields } from "./fields";
import { changeNode } from "./places";
import type { AnyNode, Literal, Workflow } from "./types";

/** Gives an input a value; a link that stands there leaves. */
export function setValue(workflow: Workflow, id: string, input: string, value: Literal): Workflow {
  return changeNode<AnyNode>(workflow, id, (node) => ({
    ...node,
    values: withField(node.values, input, value),
    links: withoutFields(node.links, input),
  }));
}

/** Back to the default: neither value nor link. */
export function resetValue(workflow: Workflow, id: string, input: string): Workflow {
  return changeNode<AnyNode>(workflow, id, (node) => {
    const values = withoutFields(node.values, input);
    const links = withoutFields(node.links, input);
    return values === node.values && links === node.links ? node : { ...node, values, links };
  });
}
