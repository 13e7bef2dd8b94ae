import { Dices, Pin, Plus } from "lucide-react";
import type { ComponentType, JSX } from "react";
import { texts } from "../texts";
import { useSeedMode } from "./environment";
import type { FieldProps } from "./field";
import { NumberField } from "./NumberField";
import type { Limits } from "./numbers";
import { randomSeed, SEED_MODES, type SeedMode } from "./seeds";

interface SeedFieldProps extends FieldProps {
  readonly limits: Limits;
  /** Under which its mode is remembered, of `seedKey`. */
  readonly seedName: string;
}

const ICONS: Readonly<Record<SeedMode, ComponentType<{ readonly size: number }>>> = {
  fixed: Pin,
  random: Dices,
  increase: Plus,
};

/** A seed, what it becomes after a run, and a die for another one now. */
export function SeedField(props: SeedFieldProps): JSX.Element {
  const { value, onChange, onEnd, isCompact, isDisabled, seedName, limits } = props;
  const [mode, setMode] = useSeedMode(seedName);
  const choose = (next: SeedMode): void => {
    setMode(next);
    onChange(value); // so that the document has a seed that can move on
    onEnd();
  };
  const roll = (): void => {
    onChange(randomSeed());
    onEnd();
  };
  const next = SEED_MODES[(SEED_MODES.indexOf(mode) + 1) % SEED_MODES.length] ?? "fixed";
  const Icon = ICONS[mode];
  return (
    <span className="w-join nodrag">
      <NumberField {...props} limits={limits} unit="" widget="" />
      {isCompact ? (
        <button
          type="button"
          className="w-button"
          disabled={isDisabled}
          aria-label={`${texts.seed.after}: ${texts.seed.modes[mode]}`}
          title={`${texts.seed.after}: ${texts.seed.modes[mode]}`}
          data-active={mode !== "fixed"}
          onClick={() => choose(next)}
        >
          <Icon size={13} />
        </button>
      ) : (
        <ModeGroup mode={mode} isDisabled={isDisabled} onChoose={choose} />
      )}
      <button
        type="button"
        className="w-button"
        disabled={isDisabled}
        aria-label={texts.seed.another}
        title={texts.seed.another}
        onClick={roll}
      >
        <Dices size={isCompact ? 13 : 15} />
      </button>
    </span>
  );
}

interface ModeGroupProps {
  readonly mode: SeedMode;
  readonly isDisabled: boolean;
  readonly onChoose: (mode: SeedMode) => void;
}

function ModeGroup({ mode, isDisabled, onChoose }: ModeGroupProps): JSX.Element {
  return (
    <fieldset className="w-modes" disabled={isDisabled} aria-label={texts.seed.after}>
      {SEED_MODES.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === mode}
          title={texts.seed.hints[each]}
          onClick={() => onChoose(each)}
        >
          {texts.seed.modes[each]}
        </button>
      ))}
    </fieldset>
  );
}
