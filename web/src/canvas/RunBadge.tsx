import { Check, CircleDashed, Zap } from "lucide-react";
import type { JSX } from "react";
import type { NodeRun } from "../running";
import { useRun } from "../state/editor";
import { texts } from "../texts";

const words = texts.canvas.run;

/** How a node fared in the newest run: running, computed in how long, or taken from the cache. */
export function RunBadge({ id, isFar }: { readonly id: string; readonly isFar: boolean }): JSX.Element | null {
  const run = useRun((found) => found.nodes.get(id));
  if (!run) return null;
  const kind = kindOf(run);
  return (
    <span className="run-badge" data-kind={kind} data-far={isFar} title={explain(run)}>
      {run.progress >= 0 && run.open > 0 && <i className="run-progress" style={{ width: `${run.progress * 100}%` }} />}
      {isFar ? null : <BadgeText run={run} kind={kind} />}
    </span>
  );
}

type Kind = "running" | "computed" | "cached" | "failed" | "skipped";

function kindOf(run: NodeRun): Kind {
  if (run.state === "failed" || run.state === "skipped") return run.state;
  if (run.open > 0) return "running";
  return run.computed > 0 ? "computed" : "cached";
}

function BadgeText({ run, kind }: { readonly run: NodeRun; readonly kind: Kind }): JSX.Element {
  const count = run.computed + run.cached;
  switch (kind) {
    case "running":
      return (
        <>
          <CircleDashed size={11} className="turning" />
          {count > 0 ? count : ""}
        </>
      );
    case "computed":
      return (
        <>
          {run.joined > 1 && <span className="joined">×{run.joined}</span>}
          <Check size={11} />
          {showSeconds(run.seconds)}
        </>
      );
    case "cached":
      return (
        <>
          <Zap size={11} />
          {words.cached}
        </>
      );
    case "failed":
      return <>{words.failed}</>;
    case "skipped":
      return <>{words.skipped}</>;
  }
}

function explain({ computed, cached, joined, seconds, message }: NodeRun): string {
  const parts = [
    computed > 0 ? words.computedIn(computed, showSeconds(seconds)) : "",
    cached > 0 ? words.fromCache(cached) : "",
    joined > 1 ? words.together(joined) : "",
    message,
  ];
  return parts.filter(Boolean).join(", ");
}

export function showSeconds(seconds: number): string {
  if (seconds < 0.001) return "<1 ms";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 100 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}
