import { type JSX, type ReactNode, useId, useState } from "react";
import { ShortcutTable } from "../commands/ShortcutTable";
import { useEditor, usePreferences } from "../state/editor";
import { texts } from "../texts";
import { Dialog } from "../widgets";
import type { Preferences } from "./preferences";

const PAGES = ["general", "shortcuts"] as const;
export type SettingsPage = (typeof PAGES)[number];

interface SettingsDialogProps {
  readonly first: SettingsPage;
  readonly onClose: () => void;
}

export function SettingsDialog({ first, onClose }: SettingsDialogProps): JSX.Element {
  const [page, setPage] = useState<SettingsPage>(first);
  return (
    <Dialog title={texts.settings.title} size="medium" onClose={onClose}>
      <div className="settings">
        <fieldset className="w-modes" aria-label={texts.settings.title}>
          {PAGES.map((each) => (
            <button key={each} type="button" aria-pressed={each === page} onClick={() => setPage(each)}>
              {texts.settings.pages[each]}
            </button>
          ))}
        </fieldset>
        {page === "general" ? <General /> : <ShortcutTable />}
      </div>
    </Dialog>
  );
}

const THEMES = ["system", "dark", "light"] as const;

function General(): JSX.Element {
  const { preferences } = useEditor();
  const now = usePreferences((all) => all);
  const put = (some: Partial<Preferences>): void => preferences.setState(some);
  const words = texts.settings;
  return (
    <>
      <Row name={words.theme}>
        {(id) => (
          <fieldset className="w-modes" aria-labelledby={id}>
            {THEMES.map((theme) => (
              <button key={theme} type="button" aria-pressed={theme === now.theme} onClick={() => put({ theme })}>
                {words.themes[theme]}
              </button>
            ))}
          </fieldset>
        )}
      </Row>
      <Switch
        name={words.motion}
        hint={words.motionHint}
        isOn={now.motion === "reduced"}
        onChange={(isOn) => put({ motion: isOn ? "reduced" : "system" })}
      />
      <Switch
        name={words.previews}
        hint={words.previewsHint}
        isOn={now.hasPreviews}
        onChange={(hasPreviews) => put({ hasPreviews })}
      />
      <Switch
        name={words.snap}
        hint={words.snapHint}
        isOn={now.isSnapping}
        onChange={(isSnapping) => put({ isSnapping })}
      />
      <Switch
        name={words.tour}
        hint={words.tourHint}
        isOn={!now.isTourDone}
        onChange={(isOn) => put({ isTourDone: !isOn })}
      />
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly hint?: string;
  readonly children: (id: string) => ReactNode;
}

function Row({ name, hint, children }: RowProps): JSX.Element {
  const id = useId();
  return (
    <div className="settings-row">
      <span>
        <span id={id}>{name}</span>
        {hint && <small>{hint}</small>}
      </span>
      {children(id)}
    </div>
  );
}

interface SwitchProps {
  readonly name: string;
  readonly hint: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Switch({ name, hint, isOn, onChange }: SwitchProps): JSX.Element {
  return (
    <Row name={name} hint={hint}>
      {(id) => (
        <label className="w-toggle">
          <input
            type="checkbox"
            role="switch"
            aria-checked={isOn}
            aria-labelledby={id}
            checked={isOn}
            onChange={(event) => onChange(event.target.checked)}
          />
          <span className="w-track" aria-hidden="true" />
        </label>
      )}
    </Row>
  );
}
