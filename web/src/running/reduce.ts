/** The server's events, applied to what is known: pure, and what one event costs does not grow with the history. */

import type { CallEvent, EventBody, Job, JobDetail, PreviewHeader } from "../api";
import type { Named } from "../document";
import { isLive, type JobRun, NEW_NODE, NO_RUN, type NodeRun, type Preview, type Running, runKey } from "./state";

/** Ended jobs whose inside is remembered; the rest can be read from the server. */
const KEPT_RUNS = 30;

type Snapshot = Extract<EventBody, { type: "snapshot" }>;

export function received(state: Running, event: EventBody): Running {
  switch (event.type) {
    case "snapshot":
      return withSnapshot(state, event);
    case "job":
      return withJob(state, event.job);
    case "job_removed":
      return withoutJob(state, event.id);
    case "queue":
      return { ...state, queue: event.queue };
    case "engine":
      return { ...state, engine: event.engine };
    case "calls":
      return withRun(state, event.job, (run) => withCalls(run, event.calls));
    case "progress":
      return withRun(state, event.job, (run) =>
        withNode(run, runKey(event.node, event.path), (node) => ({
          ...node,
          progress: event.total > 0 ? event.done / event.total : -1,
        })),
      );
    case "loop":
      return withRun(state, event.job, (run) => ({
        ...run,
        loops: withEntry(run.loops, runKey(event.node, event.path), event.iterations_total),
      }));
    case "workflow":
      return state;
  }
}

/**
 * A snapshot tells live jobs only, and nothing of their inside: what was live before and is not in it must be asked for
 * (`unsure`), and the runs of the others are partial.
 */
function withSnapshot(state: Running, { jobs, queue, engine }: Snapshot): Running {
  const known = jobs.reduce(withJob, { ...state, queue, engine });
  const partial = jobs.filter(({ state }) => state === "running");
  return partial.reduce((now, { id }) => withRun(now, id, (run) => ({ ...run, isPartial: true })), known);
}

/** Jobs that were live as far as we knew, and of which a snapshot says nothing. */
export function unsure(state: Running, { jobs }: Snapshot): string[] {
  const told = new Set(jobs.map(({ id }) => id));
  return Object.values(state.jobs).flatMap((job) => (isLive(job) && !told.has(job.id) ? [job.id] : []));
}

export function withJob(state: Running, job: Job): Running {
  const run = state.runs[job.id] ?? { ...NO_RUN, attempts: job.attempts };
  const again = job.attempts > run.attempts ? { ...NO_RUN, attempts: job.attempts } : run;
  const now = isLive(job) ? again : settled(again);
  const runs = now === state.runs[job.id] ? state.runs : { ...state.runs, [job.id]: now };
  const next = { ...state, jobs: { ...state.jobs, [job.id]: job }, runs };
  return isLive(job) ? next : { ...next, runs: pruned(next) };
}

/** Jobs of a list: what is known already is at least as new, and nothing is known of their inside. */
export function withListed(state: Running, jobs: readonly Job[]): Running {
  const listed = Object.fromEntries(jobs.map((job) => [job.id, job]));
  return { ...state, jobs: { ...listed, ...state.jobs } };
}

export function withoutJob(state: Running, id: string): Running {
  const { [id]: _job, ...jobs } = state.jobs;
  const { [id]: _run, ...runs } = state.runs;
  const asked = Object.entries(state.requests).map(([owner, ids]) => [owner, ids.filter((other) => other !== id)]);
  return { ...state, jobs, runs, requests: Object.fromEntries(asked) };
}

/** No call of an ended job is under way. */
function settled(run: JobRun): JobRun {
  const open = [...run.nodes].filter(([, { state, open }]) => state === "running" || open > 0);
  if (open.length === 0) return run;
  const nodes = new Map(run.nodes);
  for (const [key, node] of open) {
    nodes.set(key, { ...node, open: 0, progress: -1, state: node.computed > 0 ? "finished" : "skipped" });
  }
  return { ...run, nodes };
}

function pruned({ jobs, runs, requests }: Running): Named<JobRun> {
  const asked = new Set(Object.values(requests).flat());
  const ended = Object.keys(runs).filter((id) => !asked.has(id) && !(jobs[id] && isLive(jobs[id])));
  if (ended.length <= KEPT_RUNS) return runs;
  const gone = new Set(ended.slice(0, ended.length - KEPT_RUNS));
  return Object.fromEntries(Object.entries(runs).filter(([id]) => !gone.has(id)));
}

function withRun(state: Running, job: string, change: (run: JobRun) => JobRun): Running {
  return { ...state, runs: { ...state.runs, [job]: change(state.runs[job] ?? NO_RUN) } };
}

function withNode(run: JobRun, key: string, change: (node: NodeRun) => NodeRun): JobRun {
  return { ...run, nodes: withEntry(run.nodes, key, change(run.nodes.get(key) ?? NEW_NODE)) };
}

function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value);
}

function withCalls(run: JobRun, calls: readonly CallEvent[]): JobRun {
  const nodes = new Map(run.nodes);
  for (const call of calls) {
    const key = runKey(call.node, call.path);
    nodes.set(key, withCall(nodes.get(key) ?? NEW_NODE, call));
  }
  return { ...run, nodes };
}

function withCall(before: NodeRun, { state, seconds, bytes, joined, tier, message, iterations }: CallEvent): NodeRun {
  const node: NodeRun = { ...before, message, iterations, progress: -1 };
  switch (state) {
    case "started":
      return { ...node, state: "running", open: node.open + 1 };
    case "finished":
      return {
        ...node,
        state: "finished",
        open: Math.max(0, node.open - 1),
        computed: node.computed + 1,
        joined: Math.max(node.joined, joined),
        seconds: node.seconds + seconds,
        bytes: node.bytes + bytes,
        tier,
      };
    case "cached":
      return { ...node, state: node.computed > 0 ? "finished" : "cached", cached: node.cached + 1, tier };
    case "failed":
      return { ...node, state: "failed", open: 0 };
    case "skipped":
      return { ...node, state: "skipped" };
  }
}

export function withPreview(state: Running, header: PreviewHeader, url: string): Running {
  const { output, iterations, width, height } = header;
  const preview: Preview = { url, output, iterations, width, height };
  return withRun(state, header.job, (run) => ({
    ...withNode(run, runKey(header.node, header.path), (node) => ({ ...node, preview })),
    preview,
  }));
}

/** The report that the server has of a job, in place of what was counted here. */
export function withReport(state: Running, { nodes, ...detail }: JobDetail): Running {
  const { workflow: _workflow, wanted: _wanted, errors: _errors, ...job } = detail;
  const known = withJob(state, job);
  return withRun(known, job.id, (run) => {
    const counted = new Map(run.nodes);
    for (const { node, computed, cached, seconds, bytes, joined } of nodes) {
      const before = run.nodes.get(node) ?? { ...NEW_NODE, state: computed > 0 ? "finished" : "cached" };
      const together = joined > 0 ? Math.max(before.joined, 2) : before.joined;
      counted.set(node, { ...before, computed, cached, seconds, bytes, joined: together });
    }
    return { ...run, nodes: counted, isPartial: isLive(job) };
  });
}

/** Addresses of previews that the second state does not show any more. */
export function lostPreviews(before: Running, now: Running): string[] {
  if (before.runs === now.runs) return [];
  const lost: string[] = [];
  for (const [id, run] of Object.entries(before.runs)) {
    const next = now.runs[id];
    if (next === run) continue;
    for (const [key, { preview }] of run.nodes) {
      if (preview && next?.nodes.get(key)?.preview !== preview) lost.push(preview.url);
    }
  }
  return lost;
}
