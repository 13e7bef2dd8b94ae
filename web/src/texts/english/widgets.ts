/** Texts of the value widgets. */

import { english } from "./counting";

export const widgets = {
  reset: (value: string) => `Back to the default: ${value}`,
  range: (low: string, high: string, unit: string) => {
    const tail = unit && ` ${unit}`;
    if (low && high) return `${low} to ${high}${tail}`;
    if (low) return `from ${low}${tail}`;
    return high ? `up to ${high}${tail}` : "";
  },
  step: (step: string) => `in steps of ${step}`,
  seed: {
    after: "After a run",
    another: "Another seed",
    modes: { fixed: "Fixed", random: "Random", increase: "Increase" },
    hints: {
      fixed: "The seed stays: the same picture again.",
      random: "Every run has a seed of its own.",
      increase: "Every run takes the next seed.",
    },
  },
  tokens: {
    count: (count: number, room: number, chunks: number) =>
      `${count} / ${room}${chunks > 1 ? ` · ${english.count(chunks, { other: "# chunks" })}` : ""}`,
    hint: (limit: number) =>
      `Tokens of this text. The text encoder reads ${limit} at a time; a longer prompt is cut where the shade changes.`,
  },
  models: {
    loading: "Looking into the model folders…",
    hint: "Models are folders in diffusers layout, under the model folders that the server was started with.",
    unknown: "Unknown kind",
  },
  file: {
    choose: "Choose a file",
    drop: "Choose, drop or paste a picture",
    sending: "Sending…",
    crop: "Crop",
    paint: "Paint a mask",
    wrong: "This is no picture that can be read. PNG, JPEG and WebP can.",
  },
  crop: {
    title: "Crop the picture",
    ratio: "Shape",
    free: "Free",
    original: "Original",
    size: (width: number, height: number) => `${width} × ${height} px`,
    apply: "Crop",
    hint: "Drag the frame or its edges. Arrow keys move it, with Shift by eight pixels.",
    area: "The part that stays",
  },
  mask: {
    title: "Paint a mask",
    hint: "White is the part that is painted anew. Arrow keys move the brush, Space paints.",
    area: "The mask",
    brush: "Brush",
    eraser: "Eraser",
    size: "Size",
    feather: "Softness",
    undo: "Undo",
    redo: "Redo",
    clear: "Clear",
    fill: "Fill",
    invert: "Invert",
    width: "Width",
    height: "Height",
    apply: "Use this mask",
    unused: "What you painted is not used yet.",
    discard: "Throw it away",
  },
  curve: {
    title: (name: string) => `Curve: ${name}`,
    edit: "Edit the curve",
    graph: "Values by step",
    point: (step: number, of: number, value: string) => `step ${step} of ${of}: ${value}`,
    points: "Steps",
    from: "From",
    to: "To",
    shape: "Shape",
    shapes: { constant: "Constant", linear: "Linear", cosine: "Cosine", "ramp-in": "Ramp in", pulse: "Pulse" },
    value: (step: number) => `Value of step ${step}`,
    hint: "Draw across the graph. Left and right choose a step, up and down change it.",
    summary: (count: number) => english.count(count, { one: "# value", other: "# values" }),
  },
  list: {
    add: "Add",
    item: (place: number) => `Element ${place}`,
    remove: (place: number) => `Remove element ${place}`,
    up: (place: number) => `Move element ${place} up`,
    down: (place: number) => `Move element ${place} down`,
    placeholder: "a, b, c",
    empty: "The list is empty.",
  },
} as const;
