/** The one connection to the server's events, and what a user does to jobs. */

import { createStore, type StoreApi } from "zustand/vanilla";
import {
  type Api,
  type ApiError,
  type EventBody,
  type JobMove,
  type JobOptions,
  type JobSearch,
  listen,
  type Wish,
} from "../api";
import type { Workflow } from "../document";
import { lostPreviews, received, unsure, withJob, withListed, withoutJob, withPreview, withReport } from "./reduce";
import { isLive, NOTHING_KNOWN, type Running } from "./state";

const REQUESTS_KEY = "latentloom.requests";
const KEPT_REQUESTS = 40;

export interface RunningService {
  readonly store: StoreApi<Running>;
  /** Listens to the server until the returned function is called. */
  start(): () => void;
  /** Runs a workflow for an owner. Throws ApiError, with the faults where there are any. */
  run(owner: string, workflow: Workflow, options?: JobOptions): Promise<readonly string[]>;
  cancel(job: string): Promise<void>;
  retry(job: string): Promise<void>;
  remove(job: string): Promise<void>;
  move(job: string, place: JobMove): Promise<void>;
  pause(paused: boolean): Promise<void>;
  /** Reads older jobs; answers with their ids and where to read on. */
  find(search: JobSearch): Promise<{ readonly ids: readonly string[]; readonly next: string | null }>;
  /** Shows jobs for an owner, as if it had asked for them; what is not known of them is read. */
  show(owner: string, jobs: readonly string[]): Promise<void>;
}

/** `heard` gets every event as well: those of saved workflows are not about what runs. */
export function createRunning(
  api: Api,
  storage: Storage = localStorage,
  heard: (event: EventBody) => void = () => {},
  previews?: Wish,
): RunningService {
  const store = createStore<Running>(() => ({ ...NOTHING_KNOWN, requests: readRequests(storage) }));
  const change = (step: (state: Running) => Running): void => {
    const before = store.getState();
    const now = step(before);
    store.setState(now, true);
    for (const url of lostPreviews(before, now)) URL.revokeObjectURL(url);
    if (now.requests !== before.requests) writeRequests(storage, now.requests);
  };

  /** Reads a job's report; one that is gone leaves. The job may end while the answer is on its way: then it is asked again. */
  const read = async (id: string): Promise<void> => {
    const { [id]: before } = store.getState().jobs;
    try {
      const detail = await api.job(id);
      const { [id]: now } = store.getState().jobs;
      if (now && now !== before && !isLive(now) && isLive(detail)) return await read(id);
      change((state) => withReport(state, detail));
    } catch (error) {
      if ((error as ApiError).status === 404) change((state) => withoutJob(state, id));
    }
  };

  const show = async (owner: string, jobs: readonly string[]): Promise<void> => {
    change((state) => ({ ...state, requests: { ...state.requests, [owner]: jobs } }));
    await Promise.all(jobs.filter((id) => !store.getState().runs[id]).map(read));
  };

  return {
    store,
    show,

    start: () =>
      listen(
        {
          onConnection: (connection) => change((state) => ({ ...state, connection })),
          onPreview: (header, picture) => change((state) => withPreview(state, header, URL.createObjectURL(picture))),
          onEvent: (event) => {
            const before = store.getState();
            change((state) => received(state, event));
            heard(event);
            if (event.type === "snapshot") {
              const partial = event.jobs.filter(({ state }) => state === "running").map(({ id }) => id);
              for (const id of [...unsure(before, event), ...partial]) void read(id);
            }
            if (event.type === "job" && !isLive(event.job) && before.runs[event.job.id]?.isPartial) {
              void read(event.job.id);
            }
          },
        },
        previews,
      ),

    run: async (owner, workflow, options) => {
      const { jobs } = await api.run(workflow, options);
      const ids = jobs.map(({ id }) => id);
      change((state) => {
        // The event of a job may have come before this answer, and is newer.
        const known = withListed(state, jobs);
        return { ...known, requests: { ...known.requests, [owner]: ids } };
      });
      return ids;
    },

    cancel: (job) => api.cancel(job),
    retry: (job) => api.retry(job),
    remove: (job) => api.removeJob(job),

    move: async (job, place) => {
      const moved = await api.moveJob(job, place);
      change((state) => withJob(state, moved));
    },

    pause: async (paused) => {
      const queue = await api.queue(paused);
      change((state) => ({ ...state, queue }));
    },

    find: async (search) => {
      const { jobs, next } = await api.jobs(search);
      change((state) => withListed(state, jobs));
      return { ids: jobs.map(({ id }) => id), next };
    },
  };
}

function readRequests(storage: Storage): Running["requests"] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(REQUESTS_KEY) ?? "{}");
    return stored !== null && typeof stored === "object" ? (stored as Running["requests"]) : {};
  } catch {
    return {};
  }
}

/** Only what is needed to find the jobs again; the oldest owners leave. */
function writeRequests(storage: Storage, requests: Running["requests"]): void {
  const kept = Object.entries(requests).slice(-KEPT_REQUESTS);
  storage.setItem(REQUESTS_KEY, JSON.stringify(Object.fromEntries(kept)));
}
