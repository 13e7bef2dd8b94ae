/** Files as pictures that can be shown and dragged. */

import type { DragEvent } from "react";
import { downloadUrl, type FileEntry, type Job } from "../api";

/** What a drag of a file carries: the value by which an input names it, `sha256:` and the digest. */
export const FILE_DRAG = "application/x-latentloom-file";

export function fileValue({ digest }: Pick<FileEntry, "digest">): string {
  return `sha256:${digest}`;
}

export function isPicture({ media_type }: FileEntry): boolean {
  return media_type.startsWith("image/");
}

/** Fills a drag so that the canvas takes the file as an input, and the desktop as a download. */
export function dragFile(event: DragEvent, file: FileEntry): void {
  const address = new URL(downloadUrl(file), location.href).href;
  event.dataTransfer.effectAllowed = "copy";
  event.dataTransfer.setData(FILE_DRAG, fileValue(file));
  event.dataTransfer.setData("text/uri-list", address);
  event.dataTransfer.setData("DownloadURL", `${file.media_type}:${file.name}:${address}`);
}

/** All files that a job made, in the order of its outputs. */
export function filesOf({ outputs }: Job): FileEntry[] {
  return Object.values(outputs).flat();
}

/** Files of several sources, newest first, each content once. */
export function merged(...sources: readonly (readonly FileEntry[])[]): FileEntry[] {
  const newest = sources.flat().sort((a, b) => b.created - a.created);
  return [...new Map(newest.map((file) => [`${file.kind} ${file.digest}`, file])).values()];
}
