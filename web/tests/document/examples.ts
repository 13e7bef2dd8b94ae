import { readdirSync, readFileSync } from "node:fs";
import { readWorkflow, type Workflow } from "../../src/document";

const FOLDER = new URL("../../../workflows/", import.meta.url);

/** Name and text of every example workflow of the repository. */
export const EXAMPLES: readonly (readonly [string, string])[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]);

export function example(name: string): Workflow {
  const text = EXAMPLES.find(([file]) => file === `${name}.json`)?.[1] ?? "";
  return workflow(text);
}

export function workflow(text: string): Workflow {
  const reading = readWorkflow(text);
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  return reading.workflow;
}
