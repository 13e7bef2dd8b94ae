import { type JSX, type MouseEvent, useEffect, useState } from "react";
import type { WorkflowEntry } from "../api";
import { formAddress } from "../form/route";
import { type Editor, useEditor, useLibrary, useUi } from "../state/editor";
import { copySaved, deleteSaved, loadLibrary, openExample, openSaved, renameSaved } from "../state/library";
import type { MenuItem } from "../state/ui";
import { texts } from "../texts";
import { NameField } from "../widgets/NameField";
import { SearchField } from "../widgets/SearchField";
import { hasWords } from "../widgets/wanted";
import { MoreButton } from "./MoreButton";
import { Versions } from "./Versions";

const words = texts.library;
/** As many as are seen at a glance need no search. */
const FEW = 8;

/** The saved workflows and the examples. */
export function WorkflowsPanel(): JSX.Element {
  const editor = useEditor();
  const saved = useLibrary((library) => library.saved);
  const examples = useLibrary((library) => library.examples) ?? [];
  const [typed, setTyped] = useState("");
  useEffect(() => void loadLibrary(editor), [editor]);
  const found = (saved ?? []).filter((entry) => fits(entry, typed));
  return (
    <div className="workflows-panel">
      <h2>{words.yours}</h2>
      {(saved?.length ?? 0) > FEW && <SearchField label={words.search} typed={typed} onType={setTyped} />}
      {saved?.length === 0 && <p className="muted">{words.none}</p>}
      {saved && saved.length > 0 && found.length === 0 && <p className="muted">{words.noneFits}</p>}
      {found.map((entry) => (
        <SavedEntry key={entry.name} entry={entry} />
      ))}
      <h2>{words.examples}</h2>
      {examples.map((entry) => (
        <EntryButton key={entry.name} entry={entry} onOpen={() => void openExample(editor, entry.name)} />
      ))}
    </div>
  );
}

function fits({ name, title, description }: WorkflowEntry, typed: string): boolean {
  return hasWords(`${name} ${title} ${description}`, typed);
}

function SavedEntry({ entry }: { readonly entry: WorkflowEntry }): JSX.Element {
  const editor = useEditor();
  const { name } = entry;
  const naming = `workflow ${name}`;
  const isNaming = useUi((ui) => ui.naming === naming);
  const [isOpen, setOpen] = useState(false);
  const items = (): MenuItem[] => entryMenu(editor, name, naming, () => setOpen(!isOpen));
  const showMenu = (event: MouseEvent): void => {
    event.preventDefault();
    editor.ui.setState({ menu: { screen: { x: event.clientX, y: event.clientY }, items: items() } });
  };
  if (isNaming) {
    return (
      <NameField
        label={words.name(name)}
        value={name}
        onName={(other) => other && void renameSaved(editor, name, other)}
        onEnd={() => editor.ui.setState({ naming: "" })}
      />
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button in it opens the same menu.
    <div className="saved-entry" onContextMenu={showMenu}>
      <EntryButton
        entry={entry}
        onOpen={() => void openSaved(editor, name)}
        onName={() => editor.ui.setState({ naming })}
      />
      <MoreButton label={words.actions(name)} items={items} />
      {isOpen && <Versions name={name} revision={entry.revision} />}
    </div>
  );
}

function entryMenu(editor: Editor, name: string, naming: string, onVersions: () => void): MenuItem[] {
  return [
    { kind: "action", label: words.open, act: () => void openSaved(editor, name) },
    { kind: "action", label: words.form, act: () => void window.open(formAddress(name), "_blank") },
    { kind: "line" },
    { kind: "action", label: words.rename, shortcut: "F2", act: () => editor.ui.setState({ naming }) },
    { kind: "action", label: words.copy, act: () => void copySaved(editor, name) },
    { kind: "action", label: words.versions, act: onVersions },
    { kind: "line" },
    { kind: "action", label: words.remove, act: () => void deleteSaved(editor, name) },
  ];
}

interface EntryButtonProps {
  readonly entry: WorkflowEntry;
  readonly onOpen: () => void;
  readonly onName?: () => void;
}

function EntryButton({ entry, onOpen, onName }: EntryButtonProps): JSX.Element {
  const { name, title, description, nodes } = entry;
  return (
    <button
      type="button"
      className="workflow-entry"
      onClick={onOpen}
      title={description}
      onKeyDown={(event) => event.key === "F2" && onName?.()}
    >
      <span>{onName ? name : title || name}</span>
      <small className="muted">{texts.examples.nodes(nodes)}</small>
      <p>{[onName && title !== name ? title : "", description].filter(Boolean).join(". ")}</p>
    </button>
  );
}
