import { describe, expect, test } from "vitest";
import type { CallEvent, EventBody, Job, JobDetail } from "../../src/api";
import {
  currentJob,
  inLine,
  type JobRun,
  loopProgress,
  NOTHING_KNOWN,
  type Running,
  runKey,
  share,
} from "../../src/running";
import { lostPreviews, received, unsure, withPreview, withReport } from "../../src/running/reduce";

const JOB: Job = {
  id: "a",
  group: "g",
  title: "",
  state: "running",
  priority: 0,
  order: 1,
  created: 1,
  started: 2,
  finished: null,
  progress: { done: 0, total: 2 },
  inputs: {},
  outputs: {},
  error: null,
  attempts: 1,
};
const CALL: CallEvent = {
  node: "step",
  path: [],
  iterations: [0],
  type: "scheduler_step",
  state: "finished",
  seconds: 0.5,
  bytes: 100,
  joined: 1,
  tier: "cpu",
  message: "",
};
const ENGINE = { state: "ready", message: "", restarts: 0 } as const;
const QUEUE = { paused: false, queued: 0, running: 1 };

const EVENTS: readonly EventBody[] = [
  { type: "snapshot", seq: 10, jobs: [], queue: QUEUE, engine: ENGINE },
  { type: "job", seq: 11, job: JOB },
  { type: "loop", seq: 12, job: "a", node: "denoising", path: [], iterations_total: 2 },
  { type: "calls", seq: 13, job: "a", calls: [{ ...CALL, node: "tokens", iterations: [], state: "cached" }] },
  { type: "calls", seq: 14, job: "a", calls: [{ ...CALL, state: "started" }] },
  { type: "progress", seq: 15, job: "a", node: "step", path: [], iterations: [0], done: 3, total: 4 },
  { type: "calls", seq: 16, job: "a", calls: [CALL] },
  { type: "calls", seq: 17, job: "a", calls: [{ ...CALL, iterations: [1], joined: 2, seconds: 0.25 }] },
  { type: "job", seq: 18, job: { ...JOB, state: "done", progress: { done: 2, total: 2 } } },
];

const DETAIL: JobDetail = {
  ...JOB,
  state: "done",
  progress: { done: 2, total: 2 },
  workflow: {},
  wanted: null,
  errors: [],
  nodes: [
    { node: "tokens", type: "tokenize", calls: 1, computed: 0, cached: 1, joined: 0, seconds: 0, bytes: 0 },
    { node: "step", type: "scheduler_step", calls: 2, computed: 2, cached: 0, joined: 1, seconds: 0.75, bytes: 200 },
  ],
};

function fold(events: readonly EventBody[], state: Running = NOTHING_KNOWN): Running {
  return events.reduce(received, state);
}

function runOf(state: Running): JobRun {
  const run = state.runs.a;
  if (!run) throw new Error("nothing is known of the job");
  return run;
}

describe("events", () => {
  test("of calls are counted by node", () => {
    const { nodes } = runOf(fold(EVENTS));
    expect(nodes.get("step")).toMatchObject({ computed: 2, cached: 0, joined: 2, seconds: 0.75, bytes: 200, open: 0 });
    expect(nodes.get("tokens")).toMatchObject({ computed: 0, cached: 1, seconds: 0, state: "cached" });
  });

  test("of one node leave the others as they are", () => {
    const before = fold(EVENTS.slice(0, 6));
    const after = fold(EVENTS.slice(6, 8), before);
    expect(runOf(after).nodes.get("tokens")).toBe(runOf(before).nodes.get("tokens"));
    expect(runOf(after).nodes.get("step")).not.toBe(runOf(before).nodes.get("step"));
  });

  test("of progress are forgotten when the call ends", () => {
    expect(runOf(fold(EVENTS.slice(0, 6))).nodes.get("step")).toMatchObject({
      progress: 0.75,
      state: "running",
      open: 1,
    });
    expect(runOf(fold(EVENTS.slice(0, 7))).nodes.get("step")).toMatchObject({
      progress: -1,
      state: "finished",
      open: 0,
    });
  });

  test("of another attempt begin anew", () => {
    const again = received(fold(EVENTS.slice(0, 8)), { type: "job", seq: 18, job: { ...JOB, attempts: 2 } });
    expect(runOf(again).nodes).toEqual(new Map());
  });

  test("leave no call under way when the job has ended", () => {
    const cancelled: EventBody = { type: "job", seq: 15, job: { ...JOB, state: "cancelled" } };
    expect(runOf(fold([...EVENTS.slice(0, 5), cancelled])).nodes.get("step")?.state).toBe("skipped");
  });
});

describe("a connection that was lost", () => {
  test.each(EVENTS.map((_, at) => at))("after %i events and taken up from there loses nothing", (at) => {
    const resumed = EVENTS.filter(({ seq }) => seq > (EVENTS[at]?.seq ?? 0));
    expect(fold(resumed, fold(EVENTS.slice(0, at + 1)))).toEqual(fold(EVENTS));
  });

  test("for too long asks for the jobs that ended meanwhile, and has their reports", () => {
    const before = fold(EVENTS.slice(0, 5));
    const snapshot = { type: "snapshot", seq: 90, jobs: [], queue: QUEUE, engine: ENGINE } as const;
    expect(unsure(before, snapshot)).toEqual(["a"]);
    const after = withReport(received(before, snapshot), DETAIL);
    const whole = fold(EVENTS);
    expect(after.jobs).toEqual(whole.jobs);
    for (const key of ["computed", "cached", "joined", "seconds", "bytes"] as const) {
      expect(runOf(after).nodes.get("step")?.[key]).toBe(runOf(whole).nodes.get("step")?.[key]);
    }
    expect(runOf(after).isPartial).toBe(false);
  });

  test("marks the runs of live jobs as partial", () => {
    const snapshot: EventBody = { type: "snapshot", seq: 90, jobs: [JOB], queue: QUEUE, engine: ENGINE };
    expect(runOf(received(fold(EVENTS.slice(0, 4)), snapshot)).isPartial).toBe(true);
  });
});

describe("questions", () => {
  test("the running job of a sweep is shown, then the next, then the last", () => {
    const jobs = { a: { ...JOB, state: "done" }, b: JOB, c: { ...JOB, state: "queued" } } as const;
    const state: Running = { ...NOTHING_KNOWN, jobs, requests: { form: ["a", "b", "c"] } };
    expect(currentJob(state, "form")).toBe(jobs.b);
    const later: Running = { ...state, jobs: { ...jobs, b: jobs.a } };
    expect(currentJob(later, "form")).toBe(jobs.c);
    expect(currentJob({ ...state, jobs: { a: jobs.a, b: jobs.a, c: jobs.a } }, "form")).toBe(jobs.a);
    expect(currentJob(state, "another")).toBeUndefined();
  });

  test("the queue stands as it will run", () => {
    const named = (id: string, changes: Partial<Job>): Job => ({ ...JOB, id, state: "queued", ...changes });
    const line = inLine([
      named("late", { order: 9 }),
      named("early", { order: 3 }),
      named("done", { state: "done" }),
      named("urgent", { priority: 5, order: 99 }),
      named("now", { state: "running", order: 50 }),
    ]);
    expect(line.map(({ id }) => id)).toEqual(["now", "urgent", "early", "late"]);
  });

  test("a loop is as far as its body", () => {
    const run = runOf(fold(EVENTS.slice(0, 7)));
    expect(loopProgress(run, "denoising", ["step"])).toEqual({ done: 1, total: 2 });
    expect(loopProgress(run, "another", ["nothing"])).toEqual({ done: 0, total: 0 });
  });

  test("a share is never more than all", () => {
    expect(share({ ...JOB, progress: { done: 5, total: 4 } })).toBe(1);
    expect(share({ ...JOB, progress: { done: 0, total: 0 } })).toBe(0);
  });

  test("a node in a subgraph is named by its path", () => {
    expect(runKey("step", ["small"])).toBe("small/step");
  });
});

describe("previews", () => {
  const header = {
    job: "a",
    node: "step",
    path: [],
    iterations: [1],
    output: "latent",
    media_type: "image/jpeg",
    width: 8,
    height: 8,
  };

  test("replace each other, and the old address is lost", () => {
    const first = withPreview(fold(EVENTS.slice(0, 5)), header, "blob:1");
    const second = withPreview(first, header, "blob:2");
    expect(second.runs.a?.nodes.get("step")?.preview?.url).toBe("blob:2");
    expect(lostPreviews(first, second)).toEqual(["blob:1"]);
    expect(lostPreviews(second, received(second, { type: "job_removed", seq: 99, id: "a" }))).toEqual(["blob:2"]);
    expect(lostPreviews(second, received(second, EVENTS[6] as EventBody))).toEqual([]);
  });
});
