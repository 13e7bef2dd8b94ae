import { FileText } from "lucide-react";
import { type JSX, useEffect, useState } from "react";
import { ApiError, api, type WorkflowEntry } from "../api";
import { useEditor } from "../state/editor";
import { newTab, openTab } from "../state/tabs";
import { tell } from "../state/ui";
import { texts } from "../texts";
import { Dialog } from "../widgets";
import { SearchField } from "../widgets/SearchField";
import { hasWords } from "../widgets/wanted";

/** The example workflows, with what they make. */
export function ExamplesDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const editor = useEditor();
  const [entries, setEntries] = useState<readonly WorkflowEntry[]>();
  const [error, setError] = useState("");
  const [typed, setTyped] = useState("");
  useEffect(() => {
    api.examples().then(setEntries, (problem) => setError(problem instanceof ApiError ? problem.message : ""));
  }, []);
  const open = async ({ name }: WorkflowEntry): Promise<void> => {
    try {
      const { workflow } = await api.openExample(name);
      openTab(editor.tabs, newTab(workflow));
      onClose();
    } catch (problem) {
      if (!(problem instanceof ApiError)) throw problem;
      tell(editor.ui, problem.message);
    }
  };
  const found = entries?.filter(({ title, description }) => hasWords(`${title} ${description}`, typed));
  return (
    <Dialog title={texts.examples.title} size="large" onClose={onClose}>
      <div className="examples-head">
        <span className="w-hint">{texts.examples.hint}</span>
        <SearchField label={texts.examples.search} typed={typed} onType={setTyped} />
      </div>
      {error && <p role="alert">{error}</p>}
      {!entries && !error && <p className="muted">{texts.examples.loading}</p>}
      {found?.length === 0 && <p className="muted">{texts.noneFound}</p>}
      <ul className="examples">
        {found?.map((entry) => (
          <li key={entry.name}>
            <button type="button" onClick={() => void open(entry)}>
              <Picture name={entry.name} />
              <strong>{entry.title || entry.name}</strong>
              <span>{entry.description}</span>
            </button>
            <a href={`/form/${encodeURIComponent(entry.name)}`}>
              <FileText size={13} aria-hidden="true" /> {texts.examples.form}
            </a>
            <small>{texts.examples.nodes(entry.nodes)}</small>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** A picture that was made ahead of time; an example without one has a plain field. */
function Picture({ name }: { readonly name: string }): JSX.Element {
  const [isMissing, setMissing] = useState(false);
  return isMissing ? (
    <span className="example-picture" />
  ) : (
    <img
      className="example-picture"
      src={`/examples/${encodeURIComponent(name)}.webp`}
      alt=""
      loading="lazy"
      onError={() => setMissing(true)}
    />
  );
}
