/** What widgets ask their surroundings for: models, uploads, tokens, and how seeds go on. */

import { createContext, useContext, useEffect, useState } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import { api, type Carrying, type ModelEntry, type Upload } from "../api";
import type { Literal } from "../document";
import { inUnits, type Tokens } from "./chunks";
import { isStored } from "./pictures";
import { SEED_MODES, type SeedMode, seedKeyOf } from "./seeds";

export interface Known {
  /** undefined until they are asked for. */
  readonly models: readonly ModelEntry[] | undefined;
  /** What stored files are called, by their values `sha256:...`: those sent from this page, and those asked for. */
  readonly names: ReadonlyMap<string, string>;
  readonly seedModes: ReadonlyMap<string, SeedMode>;
}

export interface WidgetEnvironment {
  readonly known: StoreApi<Known>;
  readonly loadModels: () => void;
  /** Sends a file; its value for a workflow. Throws ApiError. */
  readonly upload: (file: File) => Promise<Upload>;
  /** Sends a file; its value, and the workflow that it carries. Throws ApiError. */
  readonly uploadCarrying: (file: File) => Promise<Carrying>;
  readonly askName: (value: string) => void;
  readonly countTokens: (model: string, text: string) => Promise<Tokens>;
  readonly setSeedMode: (key: string, mode: SeedMode) => void;
  /** Gives a workflow the seeds' modes of what it was called before. */
  readonly adoptSeedModes: (before: string, owner: string) => void;
}

const SEED_MODES_KEY = "latentloom.seed-modes";
/** Of the seeds whose mode was chosen last. */
const MOST_MODES = 400;

export function createWidgetEnvironment(): WidgetEnvironment {
  const known = createStore<Known>(() => ({ models: undefined, names: new Map(), seedModes: storedModes() }));
  const asked = new Set<string>();
  let loading = false;
  return {
    known,
    loadModels: () => {
      if (loading) return;
      loading = true;
      api
        .models()
        .then(({ models }) => known.setState({ models }))
        .catch(() => {
          loading = false; // the next picker that opens asks again
        });
    },
    upload: async (file) => remember({ upload: await api.upload(file) }).upload,
    uploadCarrying: async (file) => remember(await api.uploadCarrying(file)),
    askName: (value) => {
      if (asked.has(value)) return;
      asked.add(value);
      api
        .fileName(value)
        .then((name) => name !== undefined && setName(value, name))
        .catch(() => asked.delete(value)); // the next field that shows it asks again
    },
    countTokens: async (model, text) => {
      const { count, limit, chunks } = await api.tokens(model, text);
      return { count, limit, chunks: inUnits(text, chunks) };
    },
    setSeedMode: (key, mode) => putModes([[key, mode]]),
    adoptSeedModes: (before, owner) =>
      putModes(
        [...known.getState().seedModes].flatMap(([key, mode]) => {
          const moved = seedKeyOf(key, before, owner);
          return moved === undefined ? [] : [[moved, mode] as const];
        }),
      ),
  };

  function remember<T extends { readonly upload: Upload }>(sent: T): T {
    setName(sent.upload.value, sent.upload.name);
    return sent;
  }

  function setName(value: string, name: string): void {
    known.setState(({ names }) => ({ names: new Map(names).set(value, name) }));
  }

  function putModes(modes: readonly (readonly [string, SeedMode])[]): void {
    if (modes.length === 0) return;
    known.setState(({ seedModes }) => {
      const fresh = new Map(modes);
      const others = [...seedModes].filter(([key]) => !fresh.has(key)).slice(-MOST_MODES);
      return { seedModes: new Map([...others, ...fresh]) };
    });
    localStorage.setItem(SEED_MODES_KEY, JSON.stringify([...known.getState().seedModes]));
  }
}

function storedModes(): ReadonlyMap<string, SeedMode> {
  try {
    const stored = JSON.parse(localStorage.getItem(SEED_MODES_KEY) ?? "[]") as readonly [string, SeedMode][];
    return new Map(stored.filter(([, mode]) => SEED_MODES.includes(mode)));
  } catch {
    return new Map();
  }
}

const WidgetContext = createContext<WidgetEnvironment | null>(null);
export const WidgetProvider = WidgetContext.Provider;

export function useWidgets(): WidgetEnvironment {
  const environment = useContext(WidgetContext);
  if (!environment) throw new Error("The widgets' environment is not provided.");
  return environment;
}

export function useKnown<T>(choose: (known: Known) => T): T {
  return useStore(useWidgets().known, choose);
}

/** What a stored file is called; undefined while that is not known. */
export function useFileName(value: Literal): string | undefined {
  const { askName } = useWidgets();
  const name = useKnown(({ names }) => (isStored(value) ? names.get(value) : undefined));
  const isWanted = isStored(value) && name === undefined;
  useEffect(() => {
    if (isWanted) askName(value);
  }, [isWanted, value, askName]);
  return name;
}

/** How a seed goes on after a run. */
export function useSeedMode(key: string): readonly [SeedMode, (mode: SeedMode) => void] {
  const { setSeedMode } = useWidgets();
  const mode = useKnown(({ seedModes }) => seedModes.get(key) ?? "fixed");
  return [mode, (next) => setSeedMode(key, next)];
}

const PAUSE_MS = 250;

/** The tokens of a prompt, a moment after it was typed; undefined where nothing is known. */
export function useTokens(model: string | undefined, text: string): Tokens | undefined {
  const { countTokens } = useWidgets();
  const [tokens, setTokens] = useState<Tokens>();
  useEffect(() => {
    if (!model) return setTokens(undefined);
    let isWanted = true;
    const timer = setTimeout(() => {
      countTokens(model, text).then(
        (found) => isWanted && setTokens(found),
        () => isWanted && setTokens(undefined),
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [model, text, countTokens]);
  return tokens;
}
