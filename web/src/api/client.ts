/** Requests to the server. Every failure is an ApiError with a sentence for the user. */

import { type Literal, readContent, readJson, type Workflow, writeJson, writeWorkflow } from "../document";
import type {
  Accepted,
  CatalogueContent,
  Fault,
  FileEntry,
  FileList,
  JobDetail,
  JobList,
  ModelList,
  Queue,
  Upload,
  WorkflowEntry,
} from ".";

const ROOT = "/api/v1";

export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly status: number,
    readonly faults: readonly Fault[] = [],
  ) {
    super(message);
  }
}

/** A saved workflow with the number of its revision. */
export interface SavedWorkflow {
  readonly name: string;
  readonly revision: number;
  readonly workflow: Workflow;
}

export interface JobOptions {
  readonly inputs?: { readonly [name: string]: Literal };
  readonly sweep?: { readonly [name: string]: readonly Literal[] };
  readonly outputs?: readonly string[] | null;
  readonly priority?: number;
  readonly front?: boolean;
  readonly title?: string;
}

async function send(method: string, path: string, body?: BodyInit, type = "application/json"): Promise<Response> {
  let response: Response;
  try {
    const headers: HeadersInit = body === undefined ? {} : { "Content-Type": type };
    response = await fetch(ROOT + path, { method, headers, body: body ?? null });
  } catch {
    throw new ApiError(
      "The server cannot be reached. Your work is kept here and is saved when it is back.",
      "offline",
      0,
    );
  }
  if (response.ok) return response;
  throw await asError(response);
}

async function asError(response: Response): Promise<ApiError> {
  try {
    const problem = (await response.json()) as { error: string; code: string; faults?: Fault[] };
    return new ApiError(problem.error, problem.code, response.status, problem.faults ?? []);
  } catch {
    return new ApiError(`The server answered with ${response.status}.`, "unexpected", response.status);
  }
}

async function get<T>(path: string): Promise<T> {
  return (await (await send("GET", path)).json()) as T;
}

async function post<T>(path: string, body: string, method = "POST"): Promise<T> {
  return (await (await send(method, path, body)).json()) as T;
}

/** Where a name of the user's stands in an address. */
function part(name: string): string {
  return encodeURIComponent(name);
}

async function readFile(response: Response): Promise<SavedWorkflow> {
  const { name, revision, workflow } = readJson(await response.text()) as { [name: string]: Literal };
  const reading = readContent(workflow ?? null);
  if (!reading.ok) {
    const [first] = reading.faults;
    throw new ApiError(`${first?.where}: ${first?.what} ${first?.mend}`, "bad-document", 0);
  }
  return { name: String(name), revision: Number(revision), workflow: reading.workflow };
}

export const api = {
  catalogue: (): Promise<CatalogueContent> => get("/nodes"),

  check: async (workflow: Workflow): Promise<readonly Fault[]> => {
    const answer = await post<{ faults: Fault[] }>("/check", `{"workflow": ${writeWorkflow(workflow)}}`);
    return answer.faults;
  },

  workflows: async (): Promise<readonly WorkflowEntry[]> =>
    (await get<{ workflows: WorkflowEntry[] }>("/workflows")).workflows,

  examples: async (): Promise<readonly WorkflowEntry[]> =>
    (await get<{ workflows: WorkflowEntry[] }>("/examples")).workflows,

  open: async (name: string): Promise<SavedWorkflow> => readFile(await send("GET", `/workflows/${part(name)}`)),

  openExample: async (name: string): Promise<SavedWorkflow> => readFile(await send("GET", `/examples/${part(name)}`)),

  create: async (name: string, workflow: Workflow): Promise<SavedWorkflow> =>
    readFile(
      await send("POST", "/workflows", `{"name": ${JSON.stringify(name)}, "workflow": ${writeWorkflow(workflow)}}`),
    ),

  save: async (name: string, workflow: Workflow, revision: number): Promise<SavedWorkflow> =>
    readFile(
      await send(
        "PUT",
        `/workflows/${part(name)}`,
        `{"revision": ${revision}, "workflow": ${writeWorkflow(workflow)}}`,
      ),
    ),

  rename: async (name: string, other: string): Promise<void> => {
    await send("POST", `/workflows/${part(name)}/rename`, JSON.stringify({ name: other }));
  },

  remove: async (name: string): Promise<void> => {
    await send("DELETE", `/workflows/${part(name)}`);
  },

  run: (workflow: Workflow, { inputs, sweep, ...rest }: JobOptions = {}): Promise<Accepted> => {
    const fields = [
      `"workflow": ${writeWorkflow(workflow)}`,
      `"inputs": ${writeJson(inputs ?? {})}`,
      `"sweep": ${writeJson(sweep ?? {})}`,
      ...Object.entries(rest).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`),
    ];
    return post("/jobs", `{${fields.join(", ")}}`);
  },

  cancel: async (job: string): Promise<void> => {
    await send("POST", `/jobs/${part(job)}/cancel`, "{}");
  },

  retry: async (job: string): Promise<void> => {
    await send("POST", `/jobs/${part(job)}/retry`, "{}");
  },

  removeJob: async (job: string): Promise<void> => {
    await send("DELETE", `/jobs/${part(job)}`);
  },

  jobs: (limit = 50): Promise<JobList> => get(`/jobs?limit=${limit}`),

  job: (id: string): Promise<JobDetail> => get(`/jobs/${part(id)}`),

  /** The workflow that a job ran. */
  jobWorkflow: async (id: string): Promise<SavedWorkflow> => readFile(await send("GET", `/jobs/${part(id)}`)),

  queue: (paused: boolean): Promise<Queue> => post("/queue", JSON.stringify({ paused }), "PUT"),

  models: (): Promise<ModelList> => get("/models"),

  files: (kind: "output" | "upload", limit = 100): Promise<FileList> => get(`/files?kind=${kind}&limit=${limit}`),

  removeFile: async (digest: string): Promise<void> => {
    await send("DELETE", `/files/${digest}`);
  },

  upload: async (file: File): Promise<Upload> => {
    const type = file.type || "application/octet-stream";
    return (await (await send("POST", `/uploads?name=${part(file.name)}`, file, type)).json()) as Upload;
  },
};

export type Api = typeof api;

/** Address of a stored file's bytes, or of its thumbnail. */
export function fileUrl(digest: string, thumbnail?: number): string {
  return `${ROOT}/files/${digest.replace(/^sha256:/, "")}${thumbnail ? `?thumbnail=${thumbnail}` : ""}`;
}

export function downloadUrl({ digest, name }: FileEntry): string {
  return `${ROOT}/files/${digest}?download=${part(name)}`;
}

/** Address of a result's picture, from the engine's cache. */
export function resultUrl(
  job: string,
  node: string,
  output: string,
  iteration: readonly number[],
  path: readonly string[],
): string {
  const where = new URLSearchParams({ form: "image" });
  if (iteration.length > 0) where.set("iteration", iteration.join(","));
  if (path.length > 0) where.set("path", path.join(","));
  return `${ROOT}/jobs/${part(job)}/results/${part(node)}/${part(output)}?${where}`;
}
