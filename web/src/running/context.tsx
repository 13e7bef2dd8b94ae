/** The running state in React: each hook re-renders only with the part that it selects. */

import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { useStore } from "zustand";
import { ApiError, type Connection, type Fault, type Job, type JobOptions } from "../api";
import type { Workflow } from "../document";
import { currentJob, nodeRun, requested } from "./select";
import type { RunningService } from "./service";
import { isLive, type NodeRun, type Running } from "./state";

const RunningContext = createContext<RunningService | null>(null);

export function RunningProvider({ service, children }: { service: RunningService; children: ReactNode }): ReactNode {
  useEffect(() => service.start(), [service]);
  return <RunningContext value={service}>{children}</RunningContext>;
}

export function useRunningService(): RunningService {
  const service = useContext(RunningContext);
  if (!service) throw new Error("This part stands outside of <RunningProvider>.");
  return service;
}

export function useRunning<T>(select: (state: Running) => T): T {
  return useStore(useRunningService().store, select);
}

export function useJob(id: string): Job | undefined {
  return useRunning(({ jobs }) => jobs[id]);
}

export function useNodeRun(owner: string, key: string): NodeRun | undefined {
  return useRunning((state) => nodeRun(state, owner, key));
}

export function useConnection(): Connection {
  return useRunning(({ connection }) => connection);
}

export interface Run {
  /** The job that is shown; undefined before the first. */
  readonly job: Job | undefined;
  /** All jobs of the last request: several of a sweep. */
  readonly jobs: readonly string[];
  readonly isBusy: boolean;
  /** Between pressing Run and the server's answer. */
  readonly isSending: boolean;
  /** Why the last request was refused. */
  readonly error: string;
  readonly faults: readonly Fault[];
  readonly run: (workflow: Workflow, options?: JobOptions) => Promise<boolean>;
  /** Cancels every job of the last request that has not ended. */
  readonly cancel: () => Promise<void>;
}

interface Refusal {
  readonly error: string;
  readonly faults: readonly Fault[];
}

const NOT_REFUSED: Refusal = { error: "", faults: [] };

/** Running for one owner: an open workflow by its key, a form by its name. */
export function useRun(owner: string): Run {
  const service = useRunningService();
  const jobs = useRunning((state) => requested(state, owner));
  const job = useRunning((state) => currentJob(state, owner));
  const [isSending, setIsSending] = useState(false);
  const [refusal, setRefusal] = useState(NOT_REFUSED);

  // After a reload the ids are known, and nothing else.
  useEffect(() => {
    const known = requested(service.store.getState(), owner);
    if (known.length > 0) void service.show(owner, known);
  }, [service, owner]);

  const attempt = async (action: () => Promise<unknown>): Promise<boolean> => {
    setRefusal(NOT_REFUSED);
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setRefusal({ error: error.message, faults: error.faults });
      return false;
    }
  };

  return {
    job,
    jobs,
    isSending,
    isBusy: job !== undefined && isLive(job),
    ...refusal,
    run: async (workflow, options) => {
      setIsSending(true);
      const isAccepted = await attempt(() => service.run(owner, workflow, options));
      setIsSending(false);
      return isAccepted;
    },
    cancel: async () => {
      const known = service.store.getState().jobs;
      const live = jobs.filter((id) => known[id] && isLive(known[id]));
      await attempt(() => Promise.all(live.map(service.cancel)));
    },
  };
}
