/** How a socket type looks: a colour for what it is, a shape for its kind. Lists have a second outline. */

import type { Catalogue, TypeExpr } from "../catalogue";

/** Pictures and tensors are round, small values square, models and schedules diamonds. */
export type Shape = "circle" | "square" | "diamond";

export interface Look {
  readonly colour: string;
  readonly shape: Shape;
  readonly isList: boolean;
}

const KNOWN: Readonly<Record<string, readonly [colour: string, shape: Shape]>> = {
  Image: ["image", "circle"],
  EncodedImage: ["image", "square"],
  Mask: ["mask", "circle"],
  Heat: ["random", "circle"],
  Latent: ["latent", "circle"],
  Embedding: ["embedding", "circle"],
  Prediction: ["prediction", "circle"],
  Tokens: ["text", "circle"],
  Timestep: ["schedule", "square"],
  NoiseSchedule: ["schedule", "diamond"],
  Scheduler: ["schedule", "diamond"],
  SchedulerState: ["schedule", "circle"],
  RandomState: ["random", "circle"],
  str: ["text", "square"],
  Path: ["other", "square"],
  int: ["number", "square"],
  float: ["number", "square"],
  bool: ["truth", "square"],
  Tokenizer: ["model", "diamond"],
  TextEncoder: ["model", "diamond"],
  Denoiser: ["model", "diamond"],
  Autoencoder: ["model", "diamond"],
};

export function lookOf(type: TypeExpr | undefined, catalogue: Catalogue): Look {
  const known = type && Object.hasOwn(KNOWN, type.name) ? KNOWN[type.name] : undefined;
  const isList = (type?.depth ?? 0) > 0;
  if (known) return { colour: `var(--type-${known[0]})`, shape: known[1], isList };
  const given = type && catalogue.content.types[type.name]?.colour;
  return { colour: given || "var(--type-other)", shape: "circle", isList };
}

const CATEGORIES: Readonly<Record<string, string>> = {
  text: "embedding",
  latent: "latent",
  image: "image",
  denoise: "prediction",
  schedule: "schedule",
  noise: "random",
  model: "model",
  autoencoder: "image",
  math: "number",
  list: "number",
  logic: "truth",
  value: "text",
  loop: "truth",
};

/** The colour of a node's category. */
export function categoryColour(category: string): string {
  return `var(--type-${CATEGORIES[category.split("/")[0] ?? ""] ?? "other"})`;
}
