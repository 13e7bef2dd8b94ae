import type { JSX } from "react";
import { CommandPalette } from "../commands";
import { useEditor, useUi } from "../state/editor";
import type { WindowName } from "../state/ui";
import { later } from "../widgets";
import { SaveDialog } from "./SaveDialog";

const CheatSheet = later(async () => (await import("../commands/CheatSheet")).CheatSheet);
const SettingsDialog = later(async () => (await import("../settings/SettingsDialog")).SettingsDialog);
const ExamplesDialog = later(async () => (await import("../tour/ExamplesDialog")).ExamplesDialog);
const SweepWindow = later(async () => (await import("./SweepWindow")).SweepWindow);

/** The window that is open over everything. */
export function Windows(): JSX.Element | null {
  const { ui } = useEditor();
  const name = useUi((now) => now.window);
  const show = (window: WindowName): void => ui.setState({ window });
  const close = (): void => show("");
  switch (name) {
    case "commands":
      return <CommandPalette onClose={close} />;
    case "shortcuts":
      return <CheatSheet onClose={close} onChange={() => show("settings-shortcuts")} />;
    case "settings":
    case "settings-shortcuts":
      return <SettingsDialog key={name} first={name === "settings" ? "general" : "shortcuts"} onClose={close} />;
    case "examples":
      return <ExamplesDialog onClose={close} />;
    case "save":
      return <SaveDialog onClose={close} />;
    case "sweep":
      return <SweepWindow onClose={close} />;
    case "":
      return null;
  }
}
