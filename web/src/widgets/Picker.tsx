import { Check, ChevronsUpDown } from "lucide-react";
import { Popover } from "radix-ui";
import { type JSX, type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { texts } from "../texts";
import { ariaOf, type FieldProps } from "./field";
import { hasWords } from "./wanted";

export interface Choice {
  readonly value: string;
  readonly detail?: string;
  /** Drawn before the name. */
  readonly picture?: ReactNode;
}

interface PickerProps extends FieldProps {
  readonly choices: readonly Choice[];
  readonly note?: string;
  readonly onOpen?: () => void;
}

/** Fewer choices are seen at a glance. */
const SEARCHED_FROM = 8;

/** One of several named values: a button that opens a list, with a search where the list is long. */
export function Picker(props: PickerProps): JSX.Element {
  const { label, value, choices, onOpen, isCompact, isDisabled } = props;
  const [isOpen, setOpen] = useState(false);
  const [first, setFirst] = useState("");
  const now = typeof value === "string" ? value : "";
  const isUnknown = now !== "" && choices.length > 0 && !choices.some((choice) => choice.value === now);
  const open = (search: string): void => {
    setFirst(search);
    onOpen?.();
    setOpen(true);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open("");
    } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      open(event.key);
    }
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={(next) => (next ? open("") : setOpen(false))}>
      <Popover.Trigger asChild>
        <button
          type="button"
          role="combobox"
          className="w-box w-choice nodrag"
          {...ariaOf(props)}
          aria-label={`${label}: ${now || texts.nothing}`}
          aria-expanded={isOpen}
          aria-haspopup="listbox"
          disabled={isDisabled}
          onKeyDown={onKeyDown}
        >
          {isCompact && <span className="w-name">{label}</span>}
          <span className="w-value" data-unknown={isUnknown}>
            {now || "–"}
          </span>
          <ChevronsUpDown size={12} aria-hidden="true" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="w-popover"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onOpenAutoFocus={goOnTyping}
        >
          <List {...props} now={now} first={first} onClose={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** The letter that opened the list is not selected, or the next one would take its place. */
function goOnTyping(event: Event): void {
  const search = (event.currentTarget as HTMLElement).querySelector("input");
  event.preventDefault();
  search?.focus();
  search?.setSelectionRange(search.value.length, search.value.length);
}

interface ListProps extends PickerProps {
  readonly now: string;
  readonly first: string;
  readonly onClose: () => void;
}

function List({ label, choices, note, now, first, onChange, onEnd, onClose }: ListProps): JSX.Element {
  const [search, setSearch] = useState(first);
  const found = ranked(choices, search);
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      found.findIndex(({ value }) => value === now),
    ),
  );
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const active = Math.min(at, found.length - 1);
  const choose = (choice: Choice | undefined): void => {
    if (!choice) return;
    if (choice.value !== now) onChange(choice.value);
    onEnd();
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: found.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      const place = Math.min(Math.max(next, 0), found.length - 1);
      setAt(place);
      list.current?.children[place]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[active]);
    }
  };
  return (
    <>
      <input
        className={choices.length >= SEARCHED_FROM || first ? "w-search" : "w-search unseen"}
        type="search"
        aria-label={texts.search(label)}
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
        placeholder={texts.searchHint}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="w-list" role="listbox" aria-label={label} id={`${id}-list`} ref={list}>
        {found.map((choice, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the search field above
          <div
            key={choice.value}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            className="w-option"
            aria-selected={choice.value === now}
            data-active={i === active}
            onPointerMove={() => setAt(i)}
            onClick={() => choose(choice)}
          >
            {choice.picture}
            <span className="w-option-name">{choice.value}</span>
            {choice.detail && <span className="w-option-detail">{choice.detail}</span>}
            {choice.value === now && <Check size={13} aria-hidden="true" />}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="w-empty">{texts.noneFound}</p>}
      {note && <p className="w-note">{note}</p>}
    </>
  );
}

/** What a search finds: names that begin with it first. */
function ranked(choices: readonly Choice[], search: string): readonly Choice[] {
  const found = choices.filter(({ value, detail = "" }) => hasWords(`${value} ${detail}`, search));
  const begins = (choice: Choice): boolean => choice.value.toLowerCase().startsWith(search.trim().toLowerCase());
  return [...found.filter(begins), ...found.filter((choice) => !begins(choice))];
}
