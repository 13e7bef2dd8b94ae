import { ExternalLink, RotateCcw } from "lucide-react";
import { type JSX, useEffect, useState } from "react";
import { ApiError, api, type Version } from "../api";
import { showAge, showTime } from "../results/format";
import { useEditor } from "../state/editor";
import { openVersion, restoreVersion } from "../state/library";
import { tell } from "../state/ui";
import { texts } from "../texts";

const words = texts.library.version;

interface VersionsProps {
  readonly name: string;
  /** The newest one; when it changes the list is read again. */
  readonly revision: number;
}

/** The revisions of a workflow that are kept: to look at, or to go back to. */
export function Versions({ name, revision }: VersionsProps): JSX.Element {
  const editor = useEditor();
  const [versions, setVersions] = useState<readonly Version[]>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision makes the list longer.
  useEffect(() => {
    api.versions(name).then(setVersions, (error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      tell(editor.ui, error.message);
    });
  }, [editor, name, revision]);
  if (!versions) return <p className="muted">{texts.library.loading}</p>;
  return (
    <ol className="versions" aria-label={words.list(name)}>
      {versions.map(({ revision: number, modified }, i) => (
        <li key={number}>
          <span title={showTime(modified)}>
            {words.number(number)}{" "}
            <small className="muted">{i === 0 ? words.now : showAge(modified, Date.now() / 1000)}</small>
          </span>
          {i > 0 && (
            <>
              <button
                type="button"
                className="button"
                aria-label={`${words.open}: ${words.number(number)}`}
                title={words.openHint}
                onClick={() => void openVersion(editor, name, number)}
              >
                <ExternalLink size={13} />
              </button>
              <button
                type="button"
                className="button"
                aria-label={`${words.restore}: ${words.number(number)}`}
                title={words.restoreHint}
                onClick={() => void restoreVersion(editor, name, number)}
              >
                <RotateCcw size={13} />
              </button>
            </>
          )}
        </li>
      ))}
    </ol>
  );
}
