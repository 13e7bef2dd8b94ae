/** What is known of the engine, the queue and the jobs: plain data, changed only by the functions in `reduce.ts`. */

import type { Connection, EngineStatus, Job, Queue } from "../api";
import type { Named } from "../document";

/** A picture that a call has just made; the address lives until the next one of the same node comes. */
export interface Preview {
  readonly url: string;
  readonly output: string;
  readonly iterations: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** What one node has done in a job so far, over all its iterations. */
export interface NodeRun {
  readonly state: "running" | "finished" | "cached" | "failed" | "skipped";
  /** Calls that have started and not ended. */
  readonly open: number;
  readonly computed: number;
  readonly cached: number;
  /** The largest number of calls that ran together. */
  readonly joined: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly tier: string;
  /** Why its newest call failed or was skipped. */
  readonly message: string;
  /** Of its newest call. */
  readonly iterations: readonly number[];
  /** Of the call under way, from 0 to 1; negative where it does not tell. */
  readonly progress: number;
  readonly preview: Preview | null;
}

/** What happened inside a job. Nodes and loops are named by path and id, with slashes between. */
export interface JobRun {
  readonly attempts: number;
  readonly nodes: ReadonlyMap<string, NodeRun>;
  /** How often each loop runs, as soon as that is known. */
  readonly loops: ReadonlyMap<string, number>;
  /** The newest of all its nodes. */
  readonly preview: Preview | null;
  /** Some events were missed, so that the counts are too low until the job's report is read. */
  readonly isPartial: boolean;
}

export interface Running {
  readonly connection: Connection;
  readonly engine: EngineStatus;
  readonly queue: Queue;
  /** All that were told of since the page was opened, ended ones too. */
  readonly jobs: Named<Job>;
  readonly runs: Named<JobRun>;
  /** Who asked (an open workflow, a form) -> the jobs of its last request. */
  readonly requests: Named<readonly string[]>;
}

export const NOTHING_KNOWN: Running = {
  connection: "connecting",
  engine: { state: "starting", message: "", restarts: 0 },
  queue: { paused: false, queued: 0, running: 0 },
  jobs: {},
  runs: {},
  requests: {},
};

export const NO_RUN: JobRun = { attempts: 0, nodes: new Map(), loops: new Map(), preview: null, isPartial: false };

export const NEW_NODE: NodeRun = {
  state: "running",
  open: 0,
  computed: 0,
  cached: 0,
  joined: 1,
  seconds: 0,
  bytes: 0,
  tier: "",
  message: "",
  iterations: [],
  progress: -1,
  preview: null,
};

/** The name of a node or loop in a `JobRun`. */
export function runKey(node: string, path: readonly string[] = []): string {
  return path.length === 0 ? node : `${path.join("/")}/${node}`;
}

export function isLive({ state }: Job): boolean {
  return state === "queued" || state === "running";
}
