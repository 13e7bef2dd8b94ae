/** Parts of the page that its first screen does not need. */

import { type ComponentType, type JSX, lazy, Suspense } from "react";

/** When the first screen stands, all the rest is fetched too: nothing has to wait for it, or for a server that is gone. */
const AFTER_MS = 1_500;
const RETRY_MS = 2_000;

/** A component that comes with a file of its own. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const fetched = fetchLater(load);
  const Part = lazy(async () => ({ default: await fetched() }));
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each part, beside the imports.
  return function Later(props: Props): JSX.Element {
    return (
      <Suspense fallback={null}>
        <Part {...props} />
      </Suspense>
    );
  };
}

/** What comes with a file of its own, by a function that gives it; asked for a second time it is there. */
export function fetchLater<T>(load: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  const ask = (): Promise<T> => {
    asked ??= untilThere(load);
    return asked;
  };
  whenQuiet(() => void ask());
  return ask;
}

async function untilThere<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

/** Safari knows no idle callbacks, and the tests of functions no window. */
function whenQuiet(act: () => void): void {
  if (typeof window === "undefined") return;
  setTimeout(() => (window.requestIdleCallback ? window.requestIdleCallback(act) : act()), AFTER_MS);
}
