/** Texts of the settings, the examples and the tour. */

import { english } from "./counting";

export const tour = {
  settings: {
    title: "Settings",
    pages: { general: "General", shortcuts: "Shortcuts" },
    theme: "Theme",
    themes: { system: "As the system", dark: "Dark", light: "Light" },
    motion: "Less motion",
    motionHint: "Nothing slides or fades.",
    previews: "Live previews",
    previewsHint: "Nodes show the picture while it is denoised.",
    snap: "Snap to the grid",
    snapHint: "Boxes that are moved align with the dots.",
    tour: "Show the tour at the next start",
    tourHint: "A minute about what is where.",
  },
  examples: {
    title: "Examples",
    hint: "Each one opens in a tab of its own; the original stays as it is.",
    form: "Form",
    nodes: (count: number) => english.count(count, { one: "# node", other: "# nodes" }),
    loading: "Loading…",
    search: "Find an example",
  },
  tour: {
    label: "Tour",
    step: (at: number, of: number) => `${at} of ${of}`,
    next: "Next",
    back: "Back",
    skip: "Skip the tour",
    done: "Start",
    steps: {
      run: {
        title: "One button",
        text: "Run makes the picture: a small model is built in, so it takes seconds. Change a value and run again: only what depends on it is computed.",
      },
      inputs: {
        title: "What you turn",
        text: "Prompt, seed, steps: the workflow's named inputs. Any value of any node can become one, with a right-click.",
      },
      loop: {
        title: "The denoising loop, open",
        text: "This zone runs once a step. What it carries from step to step enters at its left edge and leaves at its right one. Put nodes of your own inside.",
      },
      add: {
        title: "Add anything",
        text: "Tab, a double-click, or a wire dropped on the empty canvas opens the palette. Sockets that fit light up while you draw a wire.",
      },
      help: {
        title: "Everything by name",
        text: "Ctrl+K finds every command, ? shows all shortcuts, F1 explains the node that is selected.",
      },
    },
  },
} as const;
