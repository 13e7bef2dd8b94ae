/** The pictures of the gallery: read page by page, searched by name and by prompt, new ones as they are made. */

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, api, type FileEntry } from "../api";
import { useRunning } from "../running";
import { filesOf, merged } from "./files";

const PAGE = 100;
const TYPING_MS = 200;

export interface GallerySearch {
  readonly kind: FileEntry["kind"];
  readonly q: string;
}

interface Page {
  readonly files: readonly FileEntry[];
  readonly nextFiles: string | null;
  readonly nextJobs: string | null;
}

/** A page of files, and of what jobs made whose prompt has the words. */
async function read({ kind, q }: GallerySearch, from?: Page): Promise<Page> {
  const readsJobs = kind === "output" && q !== "" && (!from || from.nextJobs !== null);
  const [files, jobs] = await Promise.all([
    !from || from.nextFiles !== null
      ? api.files({ kind, q, limit: PAGE, ...(from?.nextFiles ? { before: from.nextFiles } : {}) })
      : { files: [], next: null },
    readsJobs
      ? api.jobs({ q, limit: PAGE, ...(from?.nextJobs ? { before: from.nextJobs } : {}) })
      : { jobs: [], next: null },
  ]);
  return {
    files: merged(from?.files ?? [], files.files, jobs.jobs.flatMap(filesOf)),
    nextFiles: files.next,
    nextJobs: jobs.next,
  };
}

export interface Gallery {
  readonly files: readonly FileEntry[];
  readonly hasMore: boolean;
  readonly isReading: boolean;
  readonly error: string;
  readonly readMore: () => void;
  readonly remove: (file: FileEntry) => Promise<void>;
}

const EMPTY: Page = { files: [], nextFiles: null, nextJobs: null };

export function useGallery(search: GallerySearch): Gallery {
  const [page, setPage] = useState(EMPTY);
  const [isReading, setReading] = useState(true);
  const [error, setError] = useState("");
  const asked = useRef(0);
  const { kind, q } = search;

  const take = useCallback(async (reading: () => Promise<Page>): Promise<void> => {
    asked.current += 1;
    const number = asked.current;
    setReading(true);
    try {
      const read = await reading();
      if (number === asked.current) {
        setPage(read);
        setError("");
      }
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      if (number === asked.current) setError(failure.message);
    } finally {
      if (number === asked.current) setReading(false);
    }
  }, []);

  useEffect(() => {
    const timer = setTimeout(() => void take(() => read({ kind, q })), q === "" ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  }, [kind, q, take]);

  // What has just been made stands in front; what was read before stays.
  const ended = useRunning(({ jobs }) => Object.values(jobs).filter(({ state }) => state === "done").length);
  const [seen, setSeen] = useState(ended);
  useEffect(() => {
    if (ended === seen) return;
    setSeen(ended);
    void take(async () => {
      const fresh = await read({ kind, q });
      return page.files.length > PAGE ? { ...page, files: merged(page.files, fresh.files) } : fresh;
    });
  }, [ended, seen, kind, q, page, take]);

  const hasMore = page.nextFiles !== null || page.nextJobs !== null;
  return {
    files: page.files,
    hasMore,
    isReading,
    error,
    readMore: () => {
      if (hasMore && !isReading) void take(() => read({ kind, q }, page));
    },
    remove: async (file) => {
      try {
        await api.removeFile(file.digest);
        setPage((now) => ({ ...now, files: now.files.filter(({ digest }) => digest !== file.digest) }));
      } catch (failure) {
        if (!(failure instanceof ApiError)) throw failure;
        setError(failure.message);
      }
    },
  };
}
