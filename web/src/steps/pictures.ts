/** Pictures of results, kept in the browser: each is asked for once, and the least recently used leave. */

import { type Api, ApiError, type ResultPlace } from "../api";

export type StepPicture =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly message: string };

export interface StepPictures {
  readonly get: (place: ResultPlace) => Promise<StepPicture>;
  /** Asks for pictures that will probably be wanted. */
  readonly prefetch: (places: readonly ResultPlace[]) => void;
  /** Frees the pictures; none can be asked for after this. */
  readonly close: () => void;
}

const KEPT = 600;

export function createPictures(api: Pick<Api, "resultPicture">, kept = KEPT): StepPictures {
  const known = new Map<string, Promise<StepPicture>>();

  const free = (picture: Promise<StepPicture>): void => {
    void picture.then((made) => made.ok && URL.revokeObjectURL(made.url));
  };
  const read = async (key: string, place: ResultPlace): Promise<StepPicture> => {
    try {
      return { ok: true, url: URL.createObjectURL(await api.resultPicture(place)) };
    } catch (error) {
      // It may be known later: a job that runs goes on, an engine that was lost comes back.
      known.delete(key);
      if (!(error instanceof ApiError)) throw error;
      return { ok: false, message: error.message };
    }
  };
  const get = (place: ResultPlace): Promise<StepPicture> => {
    const key = pictureKey(place);
    const picture = known.get(key) ?? read(key, place);
    known.delete(key);
    known.set(key, picture);
    const [oldest] = known;
    if (known.size > kept && oldest) {
      known.delete(oldest[0]);
      free(oldest[1]);
    }
    return picture;
  };
  return {
    get,
    prefetch: (places) => {
      for (const place of places) void get(place);
    },
    close: () => {
      for (const picture of known.values()) free(picture);
      known.clear();
    },
  };
}

export function pictureKey({ job, node, output, path = [], iterations = [], index = 0 }: ResultPlace): string {
  return [job, path.join("/"), node, output, iterations.join(","), index].join(" ");
}
