/**
 * What a picture tells about how it was made: the record inside a PNG file, an iTXt chunk with the keyword
 * `latentloom`. The server writes it; other files have none, and then the job itself is asked.
 */

import { type ApiError, api, type FileEntry, fileUrl, type JobRecord } from "../api";
import { type Literal, readContent, readJson } from "../document";

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const KEYWORD = "latentloom";

export interface PictureRecord extends JobRecord {
  readonly versions: { readonly [name: string]: string };
  readonly models: { readonly [component: string]: string };
  readonly device: string;
  readonly dtype: string;
}

/** The text of the record in a PNG file; undefined for what has none. */
export function recordText(file: ArrayBuffer): string | undefined {
  const bytes = new Uint8Array(file);
  const view = new DataView(file);
  if (!PNG.every((byte, i) => bytes[i] === byte)) return undefined;
  for (let at = PNG.length; at + 12 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at);
    const content = bytes.subarray(at + 8, end);
    if (
      ascii(bytes.subarray(at + 4, at + 8)) === "iTXt" &&
      ascii(content.subarray(0, KEYWORD.length + 1)) === `${KEYWORD}\0`
    ) {
      const isCompressed = content[KEYWORD.length + 1] !== 0;
      const language = content.indexOf(0, KEYWORD.length + 3);
      const translated = content.indexOf(0, language + 1);
      return isCompressed || language < 0 || translated < 0
        ? undefined
        : new TextDecoder().decode(content.subarray(translated + 1));
    }
    at = end + 4;
  }
  return undefined;
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** A record as it stands in a file; undefined where the workflow cannot be read. */
export function readRecord(text: string): PictureRecord | undefined {
  try {
    const { workflow, inputs, versions, models, device, dtype } = readJson(text) as { [name: string]: Literal };
    const reading = readContent(workflow ?? null);
    if (!reading.ok) return undefined;
    return {
      workflow: reading.workflow,
      inputs: (inputs ?? {}) as PictureRecord["inputs"],
      versions: (versions ?? {}) as PictureRecord["versions"],
      models: (models ?? {}) as PictureRecord["models"],
      device: String(device ?? ""),
      dtype: String(dtype ?? ""),
    };
  } catch {
    return undefined;
  }
}

/** What is known of how a file was made: from its job where that is still there, else from the file itself. */
export async function recordOf(file: FileEntry): Promise<PictureRecord | undefined> {
  const inside = file.media_type === "image/png" ? await insideOf(file.digest) : undefined;
  const asked = file.job === null ? undefined : await jobRecord(file.job);
  if (!asked) return inside;
  // The job has the document with its files as uploads; the picture has the versions, and all inputs.
  const nothing = { versions: {}, models: {}, device: "", dtype: "" };
  return { ...nothing, ...inside, workflow: asked.workflow, inputs: { ...inside?.inputs, ...asked.inputs } };
}

async function insideOf(digest: string): Promise<PictureRecord | undefined> {
  const response = await fetch(fileUrl(digest));
  const text = response.ok ? recordText(await response.arrayBuffer()) : undefined;
  return text === undefined ? undefined : readRecord(text);
}

async function jobRecord(id: string): Promise<JobRecord | undefined> {
  try {
    return await api.jobRecord(id);
  } catch (error) {
    if ((error as ApiError).status === 404) return undefined;
    throw error;
  }
}
