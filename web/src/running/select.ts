/** Questions to the running state. Each answers with a part of it, so that who asks changes only with that part. */

import type { Job } from "../api";
import { isLive, type JobRun, NO_RUN, type NodeRun, type Running } from "./state";

const NO_JOBS: readonly string[] = [];

export function requested({ requests }: Running, owner: string): readonly string[] {
  return requests[owner] ?? NO_JOBS;
}

/** The job that is shown for who asked: the one that runs, else the next one, else the last one. */
export function currentJob(state: Running, owner: string): Job | undefined {
  const known = found.get(state) ?? new Map<string, Job | undefined>();
  found.set(state, known);
  if (!known.has(owner)) known.set(owner, findCurrent(state, owner));
  return known.get(owner);
}

/** Every node on the canvas asks after every event: found once for each state. */
const found = new WeakMap<Running, Map<string, Job | undefined>>();

function findCurrent(state: Running, owner: string): Job | undefined {
  const jobs = requested(state, owner).flatMap((id) => state.jobs[id] ?? []);
  return jobs.find((job) => job.state === "running") ?? jobs.find(isLive) ?? jobs.at(-1);
}

/** What happened inside the job that is shown. */
export function currentRun(state: Running, owner: string): JobRun {
  const job = currentJob(state, owner);
  return (job && state.runs[job.id]) ?? NO_RUN;
}

export function nodeRun(state: Running, owner: string, key: string): NodeRun | undefined {
  return currentRun(state, owner).nodes.get(key);
}

/** Iterations done and in all, of the loop whose body holds the nodes with these keys. */
export function loopProgress(
  run: JobRun | undefined,
  loop: string,
  body: readonly string[],
): { readonly done: number; readonly total: number } {
  const total = run?.loops.get(loop) ?? 0;
  const places = body.flatMap((key) => run?.nodes.get(key)?.iterations.at(-1) ?? []);
  const furthest = places.length === 0 ? 0 : Math.max(...places) + 1;
  return { done: Math.min(furthest, total || furthest), total };
}

/** Share of a job that is done, 0 to 1. */
export function share({ state, progress }: Job): number {
  if (state === "done") return 1;
  return progress.total > 0 ? Math.min(progress.done / progress.total, 1) : 0;
}

/** Live jobs as they will run: running ones, then by priority and order. */
export function inLine(jobs: readonly Job[]): Job[] {
  const rank = ({ state }: Job): number => (state === "running" ? 0 : 1);
  return jobs.filter(isLive).sort((a, b) => rank(a) - rank(b) || b.priority - a.priority || a.order - b.order);
}
