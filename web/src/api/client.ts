/** Requests to the server. Every failure is an ApiError with a sentence for the user. */

import { type Literal, readContent, readJson, setDefault, type Workflow, writeJson, writeWorkflow } from "../document";
import { texts } from "../texts";
import type {
  Accepted,
  CallList,
  CatalogueContent,
  Fault,
  FileEntry,
  FileList,
  Job,
  JobDetail,
  JobList,
  ModelList,
  Queue,
  Statistics,
  TokensAnswer,
  Upload,
  Version,
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

export interface Carrying {
  readonly upload: Upload;
  readonly workflow: Workflow | undefined;
}

export interface JobOptions {
  readonly inputs?: { readonly [name: string]: Literal };
  readonly sweep?: { readonly [name: string]: readonly Literal[] };
  readonly outputs?: readonly string[] | null;
  readonly priority?: number;
  readonly front?: boolean;
  readonly title?: string;
}

/** What a list of jobs is narrowed to; `before` reads on where an answer's `next` says. */
export interface JobSearch {
  readonly q?: string;
  readonly state?: Job["state"];
  readonly group?: string;
  readonly before?: string;
  readonly limit?: number;
}

export interface FileSearch {
  readonly kind?: FileEntry["kind"];
  readonly q?: string;
  readonly digest?: string;
  readonly before?: string;
  readonly limit?: number;
}

/** A place in the queue. */
export interface JobMove {
  readonly priority?: number;
  /** The queued job to run in front of. */
  readonly before?: string;
}

/** What a job ran, and what it was given: enough to run it again, every digit of a seed included. */
export interface JobRecord {
  readonly workflow: Workflow;
  readonly inputs: { readonly [name: string]: Literal };
}

async function send(method: string, path: string, body?: BodyInit, type = "application/json"): Promise<Response> {
  let response: Response;
  try {
    const headers: HeadersInit = body === undefined ? {} : { "Content-Type": type };
    response = await fetch(ROOT + path, { method, headers, body: body ?? null });
  } catch {
    throw new ApiError(texts.server.away, "offline", 0);
  }
  if (response.ok) return response;
  throw await asError(response);
}

async function asError(response: Response): Promise<ApiError> {
  try {
    const problem = (await response.json()) as { error: string; code: string; faults?: Fault[] };
    return new ApiError(problem.error, problem.code, response.status, problem.faults ?? []);
  } catch {
    return new ApiError(texts.server.answered(response.status), "unexpected", response.status);
  }
}

async function get<T>(path: string): Promise<T> {
  return (await (await send("GET", path)).json()) as T;
}

async function post<T>(path: string, body: string, method = "POST"): Promise<T> {
  return (await (await send(method, path, body)).json()) as T;
}

function query(search: { readonly [name: string]: string | number | undefined }): string {
  const given = Object.entries(search).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

/** Where a name of the user's stands in an address. */
function part(name: string): string {
  return encodeURIComponent(name);
}

async function sendFile(file: File): Promise<string> {
  const type = file.type || "application/octet-stream";
  return (await send("POST", `/uploads?name=${part(file.name)}`, file, type)).text();
}

/** The workflow in a picture's record, with the inputs that it was run with as its defaults. */
function recordedWorkflow(record: Literal): Workflow | undefined {
  if (record === null || typeof record !== "object") return undefined;
  const { workflow, inputs } = record as {
    readonly workflow?: Literal;
    readonly inputs?: { readonly [name: string]: Literal };
  };
  const reading = readContent(workflow ?? null);
  if (!reading.ok) return undefined;
  return Object.entries(inputs ?? {}).reduce(
    (now, [name, value]) => setDefault(now, "", name, value),
    reading.workflow,
  );
}

async function readFile(response: Response): Promise<SavedWorkflow> {
  const { name, revision, workflow } = readJson(await response.text()) as { [name: string]: Literal };
  return { name: String(name), revision: Number(revision), workflow: readDocument(workflow) };
}

function readDocument(content: Literal | undefined): Workflow {
  const reading = readContent(content ?? null);
  if (reading.ok) return reading.workflow;
  const [first] = reading.faults;
  throw new ApiError(`${first?.where}: ${first?.what} ${first?.mend}`, "bad-document", 0);
}

async function readRecord(response: Response): Promise<JobRecord> {
  const { workflow, inputs } = readJson(await response.text()) as { [name: string]: Literal };
  return { workflow: readDocument(workflow), inputs: inputs as JobRecord["inputs"] };
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

  rename: async (name: string, other: string): Promise<SavedWorkflow> =>
    readFile(await send("POST", `/workflows/${part(name)}/rename`, JSON.stringify({ name: other }))),

  remove: async (name: string): Promise<void> => {
    await send("DELETE", `/workflows/${part(name)}`);
  },

  /** The revisions of a workflow that are kept, newest first. */
  versions: async (name: string): Promise<readonly Version[]> =>
    (await get<{ versions: Version[] }>(`/workflows/${part(name)}/versions`)).versions,

  version: async (name: string, revision: number): Promise<SavedWorkflow> =>
    readFile(await send("GET", `/workflows/${part(name)}/versions/${revision}`)),

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

  moveJob: (job: string, move: JobMove): Promise<Job> => post(`/jobs/${part(job)}`, JSON.stringify(move), "PATCH"),

  jobs: (search: JobSearch = {}): Promise<JobList> => get(`/jobs${query({ ...search })}`),

  job: (id: string): Promise<JobDetail> => get(`/jobs/${part(id)}`),

  jobRecord: async (id: string): Promise<JobRecord> => readRecord(await send("GET", `/jobs/${part(id)}`)),

  /** The calls of a job whose results can be asked for. */
  calls: (id: string): Promise<CallList> => get(`/jobs/${part(id)}/calls`),

  queue: (paused: boolean): Promise<Queue> => post("/queue", JSON.stringify({ paused }), "PUT"),

  models: (): Promise<ModelList> => get("/models"),

  tokens: (model: string, text: string): Promise<TokensAnswer> => post("/tokens", JSON.stringify({ model, text })),

  files: (search: FileSearch = {}): Promise<FileList> => get(`/files${query({ ...search })}`),

  /** What a stored file is called, by its value; undefined where there is none. */
  fileName: async (value: string): Promise<string | undefined> => {
    const { files } = await api.files({ digest: digestOf(value), limit: 1 });
    return files[0]?.name;
  },

  resultPicture: async (place: ResultPlace): Promise<Blob> => (await send("GET", resultPath(place, "image"))).blob(),

  resultStatistics: (place: ResultPlace): Promise<Statistics> => get(resultPath(place, "statistics")),

  resultText: async (place: ResultPlace): Promise<string> =>
    (await get<{ text: string }>(resultPath(place, "text"))).text,

  removeFile: async (digest: string): Promise<void> => {
    await send("DELETE", `/files/${digest}`);
  },

  upload: async (file: File): Promise<Upload> => JSON.parse(await sendFile(file)) as Upload,

  /** Sends a file, and reads the workflow that it carries, its numbers as they were written. */
  uploadCarrying: async (file: File): Promise<Carrying> => {
    const text = await sendFile(file);
    const { record } = readJson(text) as { readonly record?: Literal };
    return { upload: JSON.parse(text) as Upload, workflow: recordedWorkflow(record ?? null) };
  },
};

export type Api = typeof api;

/** The digest in a file's value; a digest is itself. */
function digestOf(value: string): string {
  return value.replace(/^sha256:/, "");
}

/** Address of a stored file's bytes, or of its thumbnail. */
export function fileUrl(value: string, thumbnail?: number): string {
  return `${ROOT}/files/${digestOf(value)}${thumbnail ? `?thumbnail=${thumbnail}` : ""}`;
}

export function downloadUrl({ digest, name }: FileEntry): string {
  return `${ROOT}/files/${digest}?download=${part(name)}`;
}

/** One output of one call of a job. */
export interface ResultPlace {
  readonly job: string;
  readonly node: string;
  readonly output: string;
  readonly path?: readonly string[];
  readonly iterations?: readonly number[];
  /** Which value, of an output that holds several. */
  readonly index?: number;
}

/** Address of a result, from the engine's cache: nothing is computed for it. */
export function resultUrl(place: ResultPlace): string {
  return ROOT + resultPath(place, "image");
}

function resultPath(
  { job, node, output, path = [], iterations = [], index = 0 }: ResultPlace,
  form: "image" | "text" | "statistics",
): string {
  const where = { form, iteration: iterations.join(","), path: path.join(","), index: index || undefined };
  return `/jobs/${part(job)}/results/${part(node)}/${part(output)}${query(where)}`;
}
