import { afterEach, expect, test, vi } from "vitest";
import type { Api, EventBody, Job, JobDetail } from "../../src/api";
import { createRunning, type RunningService } from "../../src/running/service";

afterEach(() => vi.unstubAllGlobals());

class Socket {
  static readonly OPEN = 1;
  static last: Socket;
  readonly readyState = Socket.OPEN;
  onmessage: ((event: { data: string }) => void) | undefined;
  constructor() {
    Socket.last = this;
  }
  send(): void {}
}

/** A service of a server that answers about jobs when the test says so, and the ways to speak for the server. */
function listening(): { service: RunningService; hear: (event: object) => void; answers: ((job: Job) => void)[] } {
  vi.stubGlobal("WebSocket", Socket);
  vi.stubGlobal("location", { protocol: "http:", host: "here" });
  const answers: ((job: Job) => void)[] = [];
  const job = () =>
    new Promise<JobDetail>((resolve) =>
      answers.push((told) => resolve({ ...told, nodes: [] } as unknown as JobDetail)),
    );
  const storage = { getItem: () => null, setItem: () => {} } as unknown as Storage;
  const service = createRunning({ job } as unknown as Api, storage);
  service.start();
  return { service, answers, hear: (event) => Socket.last.onmessage?.({ data: JSON.stringify(event) }) };
}

function job(state: Job["state"]): Job {
  return { id: "one", state, attempts: 1, progress: { done: 0, total: 1 } } as Job;
}

const QUEUE = { queue: { paused: false, queued: 0, running: 1 }, engine: { state: "ready" } } as unknown as EventBody;

test("an answer that was overtaken by the end of its job does not make it run for ever", async () => {
  const { service, answers, hear } = listening();
  hear({ ...QUEUE, type: "snapshot", seq: 1, jobs: [job("running")] });
  hear({ type: "job", seq: 2, job: job("done") });
  const [first, ...later] = answers;
  for (const answer of later) answer(job("done"));
  await vi.waitFor(() => expect(service.store.getState().runs.one?.isPartial).toBe(false));
  first?.(job("running"));
  await vi.waitFor(() => expect(answers.length).toBeGreaterThan(later.length + 1));
  expect(service.store.getState().jobs.one?.state).toBe("done");
});
