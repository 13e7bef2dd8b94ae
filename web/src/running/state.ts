/** What is known of the engine, the queue and the jobs: plain data, changed only by the functions in `reduce.ts`. */

import type { CallEvent, Connection, EngineStatus, Job, Queue } from "../api";
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
  /** Of its newest call. */
  readonly state: CallEvent["state"];
  readonly calls: number;
  readonly computed: number;
  readonly cached: number;
  /** Calls that ran together with others. */
  readonly joined: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly tier: string;
  /** Why its newest call failed or was skipped. */
  readonly message: string;
  /** Of its newest call. */
  readonly iterations: readonly number[];
  /** How far the call under way has come; both 0 where it does not tell. */
  readonly done: number;
  readonly total: number;
  readonly preview: Preview | null;
}

/** What happened inside a job. Nodes and loops are named by path and id, with slashes between. */
export interface JobRun {
  readonly attempts: number;
  readonly nodes: Named<NodeRun>;
  /** How often each loop runs, as soon as that is known. */
  readonly loops: Named<number>;
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

export const NEW_RUN: JobRun = { attempts: 0, nodes: {}, loops: {}, preview: null, isPartial: false };

export const NEW_NODE: NodeRun = {
  state: "started",
  calls: 0,
  computed: 0,
  cached: 0,
  joined: 0,
  seconds: 0,
  bytes: 0,
  tier: "",
  message: "",
  iterations: [],
  done: 0,
  total: 0,
  preview: null,
};

/** The name of a node or loop in a `JobRun`. */
export function runKey(node: string, path: readonly string[] = []): string {
  return path.length === 0 ? node : `${path.join("/")}/${node}`;
}

export function isLive({ state }: Job): boolean {
  return state === "queued" || state === "running";
}
