import { Plus, X } from "lucide-react";
import { type JSX, type MouseEvent, useEffect, useRef } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/shallow";
import { EMPTY_WORKFLOW } from "../document";
import { closeWorkflow } from "../state/closing";
import { type Editor, useEditor, useUi } from "../state/editor";
import { renameSaved } from "../state/library";
import { edit, isUntouched, nameOfTab, newTab, openTab, type Tab } from "../state/tabs";
import { texts } from "../texts";
import { NameField } from "../widgets/NameField";

const words = texts.tabs;

/** The open workflows. */
export function TabStrip(): JSX.Element {
  const editor = useEditor();
  const isOpening = useUi((ui) => ui.isOpening);
  const { tabs, active } = useStore(
    editor.tabs,
    useShallow((state) => ({ tabs: state.tabs, active: state.active })),
  );
  return (
    <nav className="tabs" aria-label={words.list}>
      {tabs.map((tab) =>
        isOpening && isUntouched(tab) ? (
          <span key={tab.key} className="tab waiting" data-active />
        ) : (
          <TabView key={tab.key} tab={tab} isActive={tab.key === active} />
        ),
      )}
      <button
        type="button"
        className="button"
        aria-label={words.add}
        onClick={() => openTab(editor.tabs, newTab({ ...EMPTY_WORKFLOW }))}
      >
        <Plus size={15} />
      </button>
    </nav>
  );
}

function TabView({ tab, isActive }: { readonly tab: Tab; readonly isActive: boolean }): JSX.Element {
  const editor = useEditor();
  const naming = `tab ${tab.key}`;
  const isNaming = useUi((ui) => ui.naming === naming);
  const title = nameOfTab(tab) || words.untitled;
  const view = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (isActive) view.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [isActive]);
  const show = (): void => editor.tabs.setState({ active: tab.key });
  const rename = (): void => {
    show();
    editor.ui.setState({ naming });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: all of it can be done by the buttons and by commands, too.
    <span
      ref={view}
      className="tab"
      data-active={isActive}
      onAuxClick={(event) => event.button === 1 && void closeWorkflow(editor, tab.key)}
      onContextMenu={(event) => openTabMenu(editor, event, tab, rename)}
    >
      {isNaming ? (
        <NameField
          className="tab-name"
          label={words.name}
          value={nameOfTab(tab)}
          placeholder={words.untitled}
          onName={(name) => renameTab(editor, tab, name)}
          onEnd={() => editor.ui.setState({ naming: "" })}
        />
      ) : (
        <button
          type="button"
          className="tab-name"
          aria-current={isActive}
          title={words.nameHint}
          onClick={show}
          onDoubleClick={rename}
        >
          <span>{title}</span>
          <SaveMark tab={tab} />
        </button>
      )}
      <button
        type="button"
        className="tab-close"
        aria-label={words.close(title)}
        onClick={() => void closeWorkflow(editor, tab.key)}
      >
        <X size={12} />
      </button>
    </span>
  );
}

/** What is saved gets another name on the server; anything else another title. */
function renameTab(editor: Editor, { name }: Tab, other: string): void {
  if (name === "") edit(editor.tabs, texts.edits.title, (workflow) => ({ ...workflow, title: other }));
  else if (other !== "") void renameSaved(editor, name, other);
}

function openTabMenu(editor: Editor, event: MouseEvent, tab: Tab, rename: () => void): void {
  event.preventDefault();
  const { tabs } = editor.tabs.getState();
  const duplicate = (): void => {
    const title = words.copyOf(nameOfTab(tab) || words.untitled);
    openTab(editor.tabs, newTab({ ...tab.workflow, title }, { saving: "changed" }));
  };
  const closeOthers = async (): Promise<void> => {
    for (const { key } of tabs) if (key !== tab.key) await closeWorkflow(editor, key);
  };
  const items = [
    { kind: "action", label: words.menu.rename, act: rename },
    { kind: "action", label: words.menu.duplicate, act: duplicate },
    { kind: "line" },
    { kind: "action", label: words.menu.close, act: () => void closeWorkflow(editor, tab.key) },
    {
      kind: "action",
      label: words.menu.closeOthers,
      isDisabled: tabs.length < 2,
      act: () => void closeOthers(),
    },
  ] as const;
  editor.ui.setState({ menu: { screen: { x: event.clientX, y: event.clientY }, items } });
}

function SaveMark({ tab: { saving, saveError } }: { readonly tab: Tab }): JSX.Element | null {
  return saving === "saved" ? null : (
    <i className="save-mark" data-state={saving} title={saveError || words.states[saving]} />
  );
}
