import { type JSX, useRef } from "react";
import { texts } from "../texts";
import { piecesOf, type Tokens } from "./chunks";
import { useTokens } from "./environment";
import { ariaOf, type FieldProps } from "./field";

interface TextFieldProps extends FieldProps {
  /** The model whose tokens are counted; undefined for a text that is no prompt. */
  readonly model: string | undefined;
}

/**
 * Text of several lines that grows with what is typed.
 *
 * The same text stands behind it, unseen: it gives the field its height, and shows where the prompt is cut into chunks.
 */
export function TextField(props: TextFieldProps): JSX.Element {
  const { label, value, onChange, onEnd, isCompact, isDisabled, model } = props;
  const text = typeof value === "string" ? value : "";
  const tokens = useTokens(model, text);
  const behind = useRef<HTMLDivElement>(null);
  return (
    <div className="w-box w-text nodrag nowheel">
      {isCompact && <span className="w-name">{label}</span>}
      <div className="w-sheet">
        <div className="w-behind" aria-hidden="true" ref={behind}>
          <Pieces text={text} tokens={tokens} />
          {"\n"}
        </div>
        <textarea
          {...ariaOf(props)}
          disabled={isDisabled}
          rows={1}
          spellCheck={false}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onEnd}
          onScroll={(event) => {
            if (behind.current) behind.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      {tokens && <Meter tokens={tokens} />}
    </div>
  );
}

function Pieces({ text, tokens }: { readonly text: string; readonly tokens: Tokens | undefined }): JSX.Element {
  return (
    <>
      {piecesOf(text, tokens).map((piece, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a chunk is its place
        <span key={i} className="w-chunk" data-odd={i % 2 === 1}>
          {piece}
        </span>
      ))}
    </>
  );
}

function Meter({ tokens: { count, limit, chunks } }: { readonly tokens: Tokens }): JSX.Element {
  const room = limit * chunks.length;
  return (
    <span className="w-meter" data-many={chunks.length > 1} title={texts.tokens.hint(limit)}>
      {texts.tokens.count(count, room, chunks.length)}
    </span>
  );
}
