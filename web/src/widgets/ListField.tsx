import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { type JSX, useState } from "react";
import { isList, type Literal } from "../document";
import { texts } from "../texts";
import { ariaOf, type FieldProps } from "./field";
import { firstElement, moved, readElement, readList, showList } from "./lists";
import type { Limits } from "./numbers";

interface ListFieldProps extends FieldProps {
  readonly element: Limits;
}

/** A list: on a node one line with commas, in a form a row for each element. */
export function ListField(props: ListFieldProps): JSX.Element {
  return props.isCompact || !isFlat(props.value) ? <ListLine {...props} /> : <ListRows {...props} />;
}

/** Whether no element is a list itself. */
function isFlat(value: Literal): boolean {
  return value === null || (isList(value) && value.every((part) => part === null || typeof part !== "object"));
}

/** What cannot be read stays in the field and is marked. */
function ListLine(props: ListFieldProps): JSX.Element {
  const { label, value, element, onChange, onEnd, isCompact, isDisabled } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null ? undefined : readList(typed, element);
  const finish = (): void => {
    if (typed !== null && read === undefined) return;
    if (read !== undefined && typed !== showList(value)) onChange(read);
    setTyped(null);
    onEnd();
  };
  return (
    <span className="w-box w-line nodrag">
      {isCompact && <span className="w-name">{label}</span>}
      <input
        {...ariaOf(props)}
        aria-invalid={(typed !== null && read === undefined) || props.fault !== "" || undefined}
        disabled={isDisabled}
        placeholder={texts.list.placeholder}
        spellCheck={false}
        autoComplete="off"
        value={typed ?? showList(value)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={finish}
        onKeyDown={(event) => event.key === "Enter" && finish()}
      />
    </span>
  );
}

function ListRows({ label, value, element, onChange, onEnd, isDisabled }: ListFieldProps): JSX.Element {
  const items = isList(value) ? value : [];
  const put = (next: readonly Literal[]): void => {
    onChange(next);
    onEnd();
  };
  return (
    <fieldset className="w-rows nodrag" aria-label={label} disabled={isDisabled}>
      {items.map((item, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an element is its place
        <span className="w-box" key={i}>
          <Element
            item={item}
            place={i + 1}
            element={element}
            onEnd={onEnd}
            onChange={(next) => onChange(items.with(i, next))}
          />
          <RowButton label={texts.list.up(i + 1)} isDisabled={i === 0} onClick={() => put(moved(items, i, i - 1))}>
            <ArrowUp size={13} />
          </RowButton>
          <RowButton
            label={texts.list.down(i + 1)}
            isDisabled={i === items.length - 1}
            onClick={() => put(moved(items, i, i + 1))}
          >
            <ArrowDown size={13} />
          </RowButton>
          <RowButton label={texts.list.remove(i + 1)} onClick={() => put(items.filter((_, j) => j !== i))}>
            <X size={13} />
          </RowButton>
        </span>
      ))}
      {items.length === 0 && <p className="w-empty">{texts.list.empty}</p>}
      <button type="button" className="w-button" onClick={() => put([...items, items.at(-1) ?? firstElement(element)])}>
        <Plus size={13} /> {texts.list.add}
      </button>
    </fieldset>
  );
}

interface ElementProps {
  readonly item: Literal;
  readonly place: number;
  readonly element: Limits;
  readonly onChange: (item: Literal) => void;
  readonly onEnd: () => void;
}

function Element({ item, place, element, onChange, onEnd }: ElementProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null ? undefined : readElement(typed, element);
  return (
    <input
      aria-label={texts.list.item(place)}
      aria-invalid={(typed !== null && read === undefined) || undefined}
      spellCheck={false}
      autoComplete="off"
      value={typed ?? String(item)}
      onChange={(event) => {
        setTyped(event.target.value);
        const next = readElement(event.target.value, element);
        if (next !== undefined) onChange(next);
      }}
      onBlur={() => {
        setTyped(null);
        onEnd();
      }}
    />
  );
}

interface RowButtonProps {
  readonly label: string;
  readonly isDisabled?: boolean;
  readonly onClick: () => void;
  readonly children: JSX.Element;
}

function RowButton({ label, isDisabled, onClick, children }: RowButtonProps): JSX.Element {
  return (
    <button type="button" className="w-button" aria-label={label} title={label} disabled={isDisabled} onClick={onClick}>
      {children}
    </button>
  );
}
