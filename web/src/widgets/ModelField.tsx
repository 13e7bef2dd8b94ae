import { Box } from "lucide-react";
import { type JSX, useEffect } from "react";
import type { ModelEntry } from "../api";
import { texts } from "../texts";
import { useKnown, useWidgets } from "./environment";
import type { FieldProps } from "./field";
import { type Choice, Picker } from "./Picker";

/** A model of the model folders, with its kind and size. */
export function ModelField(props: FieldProps): JSX.Element {
  const { loadModels } = useWidgets();
  const models = useKnown((known) => known.models);
  useEffect(loadModels, [loadModels]);
  return (
    <Picker
      {...props}
      choices={models?.map(asChoice) ?? []}
      note={models ? texts.models.hint : texts.models.loading}
      onOpen={loadModels}
    />
  );
}

function asChoice({ name, kind, bytes }: ModelEntry): Choice {
  return { value: name, detail: `${familyOf(kind)} · ${showBytes(bytes)}`, picture: <Box size={14} aria-hidden /> };
}

/** `StableDiffusionXLPipeline` -> `Stable Diffusion XL`. */
export function familyOf(kind: string): string {
  return kind.replace(/Pipeline$/, "").replace(/([a-z])([A-Z])/g, "$1 $2") || texts.models.unknown;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

export function showBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const value = bytes / 1000 ** power;
  return `${value.toFixed(power > 0 && value < 10 ? 1 : 0)} ${UNITS[power]}`;
}
