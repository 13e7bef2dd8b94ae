/** Texts of the step slider. */

import { english } from "./counting";

export const steps = {
  panel: "Steps",
  loop: "Loop",
  branch: "Branch",
  reading: "Reading …",
  none: "No loop of this job has run yet.",
  previous: "Previous iteration",
  next: "Next iteration",
  play: "Play",
  pause: "Pause",
  iteration: "Iteration",
  of: (count: number) => `of ${count}`,
  at: (at: number, count: number) => `${at} of ${count}`,
  picture: (title: string, label: string, iteration: number) => `${title}, ${label}, iteration ${iteration}`,
  lookAt: (title: string) => `Look at ${title}`,
  showNode: "Show the node",
  /** What the picture of a type shows. */
  shows: {
    Prediction: "The final picture, as this prediction says it",
    Heat: "From dark, the least here, to light, the most here",
  } as { readonly [type: string]: string },
  scale: (least: string, most: string) => `Colours from ${least}, dark, to ${most}, light`,
  range: (least: string, most: string) => `${least} to ${most}`,
  mean: (value: string) => `mean ${value}`,
  deviation: (value: string) => `deviation ${value}`,
  notFinite: (count: number) => `${english.number(count)} not finite`,
} as const;
