/** What the loop walks, at one iteration: `timestep 801`, `scale 7.5`. */

import { type JSX, useEffect, useState } from "react";
import { api } from "../api";
import type { Workflow } from "../document";
import { shortValue, type WalkedLoop, walkedLists } from "./loops";

interface StepValuesProps {
  readonly job: string;
  readonly workflow: Workflow;
  readonly loop: WalkedLoop;
  readonly at: number;
}

const SETTLED_MS = 60;

export function StepValues({ job, workflow, loop, at }: StepValuesProps): JSX.Element {
  const [values, setValues] = useState<readonly string[]>([]);
  useEffect(() => {
    let isCurrent = true;
    const read = async (): Promise<void> => {
      const lists = walkedLists(workflow, loop);
      const texts = await Promise.all(
        lists.map(async ([name, node, output]) => {
          // A list that is not kept any more has no names for its steps; the number of the iteration stays.
          const text = await api.resultText({ job, node, output, index: at }).catch(() => "");
          const value = text === "" ? "" : shortValue(text);
          return value === "" ? [] : [`${name.replaceAll("_", " ")} ${value}`];
        }),
      );
      if (isCurrent) setValues(texts.flat());
    };
    const timer = setTimeout(() => void read(), SETTLED_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [job, workflow, loop, at]);
  return <span className="walk-values">{values.join(" · ")}</span>;
}
