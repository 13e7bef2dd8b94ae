/** What a person likes, kept in this browser. */

import * as z from "zod/mini";
import { createStore, type StoreApi } from "zustand/vanilla";

const SCHEMA = z.object({
  theme: z.catch(z.enum(["system", "dark", "light"]), "system"),
  motion: z.catch(z.enum(["system", "reduced"]), "system"),
  /** Pictures of what is being denoised. */
  hasPreviews: z.catch(z.boolean(), true),
  isSnapping: z.catch(z.boolean(), true),
  /** Shortcuts that differ from the usual ones, by command; empty for one that has none. */
  shortcuts: z.catch(z.record(z.string(), z.string()), {}),
  /** Ids of the commands that were used last from the palette, newest first. */
  recent: z.catch(z.array(z.string()), []),
  isTourDone: z.catch(z.boolean(), false),
});

export type Preferences = Readonly<z.infer<typeof SCHEMA>>;
export type PreferencesStore = StoreApi<Preferences>;

const KEY = "latentloom.preferences";
const DARK = "(prefers-color-scheme: dark)";

/** Reads what was kept, keeps what changes, and shows theme and motion on the page. */
export function createPreferences(storage: Storage): PreferencesStore {
  const store = createStore<Preferences>(() => read(storage));
  show(store.getState());
  matchMedia(DARK).addEventListener("change", () => show(store.getState()));
  store.subscribe((now) => {
    storage.setItem(KEY, JSON.stringify(now));
    show(now);
  });
  return store;
}

/** A kept value that is damaged, or of another version, is as if it was never set. */
function read(storage: Storage): Preferences {
  try {
    return SCHEMA.parse(JSON.parse(storage.getItem(KEY) ?? "{}"));
  } catch {
    return SCHEMA.parse({});
  }
}

function show({ theme, motion }: Preferences): void {
  const { dataset } = document.documentElement;
  dataset.theme = shownTheme(theme);
  dataset.motion = motion;
}

/** Whether nothing should slide or fade, as the person or the system wishes. */
export function isStill({ motion }: Preferences): boolean {
  return motion === "reduced" || matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function shownTheme(theme: Preferences["theme"]): "dark" | "light" {
  if (theme !== "system") return theme;
  return matchMedia(DARK).matches ? "dark" : "light";
}
