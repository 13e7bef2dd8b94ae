/** The server's events, applied to what is known: pure, and what one event costs does not grow with the history. */

import type { CallEvent, EventBody, Job, JobDetail, PreviewHeader } from "../api";
import type { Named } from "../document";
import { isLive, type JobRun, NEW_NODE, NEW_RUN, type NodeRun, type Preview, type Running, runKey } from "./state";

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
        withNode(run, runKey(event.node, event.path), (node) => ({ ...node, done: event.done, total: event.total })),
      );
    case "loop":
      return withRun(state, event.job, (run) => ({
        ...run,
        loops: { ...run.loops, [runKey(event.node, event.path)]: event.iterations_total },
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
  const run = state.runs[job.id] ?? { ...NEW_RUN, attempts: job.attempts };
  const again = job.attempts > run.attempts ? { ...NEW_RUN, attempts: job.attempts } : run;
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
  const open = Object.entries(run.nodes).filter(([, { state }]) => state === "started");
  if (open.length === 0) return run;
  const closed = open.map(([key, node]): [string, NodeRun] => [key, { ...node, state: "skipped" }]);
  return { ...run, nodes: { ...run.nodes, ...Object.fromEntries(closed) } };
}

function pruned({ jobs, runs, requests }: Running): Named<JobRun> {
  const asked = new Set(Object.values(requests).flat());
  const ended = Object.keys(runs).filter((id) => !asked.has(id) && !(jobs[id] && isLive(jobs[id])));
  if (ended.length <= KEPT_RUNS) return runs;
  const gone = new Set(ended.slice(0, ended.length - KEPT_RUNS));
  return Object.fromEntries(Object.entries(runs).filter(([id]) => !gone.has(id)));
}

function withRun(state: Running, job: string, change: (run: JobRun) => JobRun): Running {
  return { ...state, runs: { ...state.runs, [job]: change(state.runs[job] ?? NEW_RUN) } };
}

function withNode(run: JobRun, key: string, change: (node: NodeRun) => NodeRun): JobRun {
  return { ...run, nodes: { ...run.nodes, [key]: change(run.nodes[key] ?? NEW_NODE) } };
}

function withCalls(run: JobRun, calls: readonly CallEvent[]): JobRun {
  const nodes: { [key: string]: NodeRun } = { ...run.nodes };
  for (const call of calls) {
    const key = runKey(call.node, call.path);
    nodes[key] = withCall(nodes[key] ?? NEW_NODE, call);
  }
  return { ...run, nodes };
}

function withCall(node: NodeRun, call: CallEvent): NodeRun {
  const { state, message, iterations } = call;
  const begun: NodeRun = { ...node, state, message, iterations, done: 0, total: 0 };
  if (state !== "finished" && state !== "cached") return begun;
  const ran = state === "finished";
  return {
    ...begun,
    calls: node.calls + 1,
    computed: node.computed + (ran ? 1 : 0),
    cached: node.cached + (ran ? 0 : 1),
    joined: node.joined + (ran && call.joined > 1 ? 1 : 0),
    seconds: node.seconds + (ran ? call.seconds : 0),
    bytes: node.bytes + (ran ? call.bytes : 0),
    tier: call.tier,
  };
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
    const counted = nodes.map(({ node, type: _type, ...counts }): [string, NodeRun] => {
      const before = run.nodes[node] ?? { ...NEW_NODE, state: counts.computed > 0 ? "finished" : "cached" };
      return [node, { ...before, ...counts }];
    });
    return { ...run, nodes: { ...run.nodes, ...Object.fromEntries(counted) }, isPartial: isLive(job) };
  });
}

/** Addresses of previews that the second state does not show any more. */
export function lostPreviews(before: Running, now: Running): string[] {
  if (before.runs === now.runs) return [];
  const lost: string[] = [];
  for (const [id, run] of Object.entries(before.runs)) {
    const next = now.runs[id];
    if (next === run) continue;
    for (const [key, { preview }] of Object.entries(run.nodes)) {
      if (preview && next?.nodes[key]?.preview !== preview) lost.push(preview.url);
    }
  }
  return lost;
}
