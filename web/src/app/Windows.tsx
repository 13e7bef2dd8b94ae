import type { JSX } from "react";
import { CheatSheet, CommandPalette } from "../commands";
import { SettingsDialog } from "../settings";
import { useEditor, useUi } from "../state/editor";
import type { WindowName } from "../state/ui";
import { ExamplesDialog } from "../tour";
import { SaveDialog } from "./SaveDialog";
import { SweepWindow } from "./SweepWindow";

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
