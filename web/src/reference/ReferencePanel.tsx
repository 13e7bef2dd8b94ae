import { X } from "lucide-react";
import { type JSX, useEffect } from "react";
import type { InputSpec, NodeSpec } from "../api";
import { type Catalogue, parseType, signatureOf } from "../catalogue";
import { homes, isLoop, type Workflow } from "../document";
import { useEditor, useServer, useTab, useUi } from "../state/editor";
import { texts } from "../texts";
import { categoryColour, lookOf } from "../theme/sockets";
import { Markdown } from "../widgets";
import { defaultText, limitsOf, readDoc } from "./docs";
import { LoopPage } from "./LoopPage";
import { TypeSearch } from "./TypeSearch";

/** What a node does, takes and gives: made from the catalogue, beside the canvas. It follows the selection. */
export function ReferencePanel(): JSX.Element | null {
  const editor = useEditor();
  const shown = useUi((ui) => ui.reference);
  const selected = useTab(({ workflow, selection }) => typeOfSelected(workflow, selection));
  useEffect(() => {
    if (selected && editor.ui.getState().reference !== null) editor.ui.setState({ reference: selected });
  }, [selected, editor]);
  if (shown === null) return null;
  return (
    <aside
      className="reference"
      aria-label={texts.reference.title}
      onKeyDown={(event) => event.key === "Escape" && editor.ui.setState({ reference: null })}
    >
      <header>
        <TypeSearch />
        <button
          type="button"
          className="button"
          aria-label={texts.close}
          title={texts.close}
          onClick={() => editor.ui.setState({ reference: null })}
        >
          <X size={15} />
        </button>
      </header>
      <div className="reference-page" key={shown}>
        <Page type={shown} />
      </div>
    </aside>
  );
}

/** The type of the one node that is selected. */
function typeOfSelected(workflow: Workflow, selection: ReadonlySet<string>): string {
  const [id = ""] = selection;
  const node = selection.size === 1 ? homes(workflow).get(id)?.node : undefined;
  return node?.type ?? "";
}

function Page({ type }: { readonly type: string }): JSX.Element {
  const catalogue = useServer((server) => server.catalogue);
  const workflow = useTab((tab) => tab.workflow);
  const spec = catalogue.nodes.get(type) ?? subgraphSpec(catalogue, workflow, type);
  if (type === "") return <p className="muted">{texts.reference.none}</p>;
  if (type === "loop") return <LoopPage />;
  return spec ? <NodePage spec={spec} catalogue={catalogue} /> : <p>{texts.reference.missing(type)}</p>;
}

/** A subgraph as if it were a node of the catalogue. */
function subgraphSpec(catalogue: Catalogue, workflow: Workflow, type: string): NodeSpec | undefined {
  if (!Object.hasOwn(workflow.subgraphs, type)) return undefined;
  const node = [...homes(workflow).values()].find((home) => !isLoop(home.node) && home.node.type === type)?.node;
  if (!node) return undefined;
  const { title, category, doc, inputs, outputs } = signatureOf(catalogue, workflow, node);
  const rest = { version: 1, variadic: null, pure: true, conversion: false, plugin: "", module: "" };
  return { type, title, category, doc, inputs: [...inputs], outputs: [...outputs], ...rest };
}

interface NodePageProps {
  readonly spec: NodeSpec;
  readonly catalogue: Catalogue;
}

function NodePage({ spec, catalogue }: NodePageProps): JSX.Element {
  const { summary, details, sources } = readDoc(spec.doc);
  const words = texts.reference;
  const isForeign = spec.plugin !== "" && spec.plugin !== "latentloom";
  return (
    <>
      <p
        className="reference-category"
        style={{ "--category": categoryColour(spec.category) } as Record<string, string>}
      >
        {spec.category}
      </p>
      <h2>{spec.title}</h2>
      <p className="reference-type">
        <code>{spec.type}</code> {words.version(spec.version)}
        {isForeign && `, ${words.plugin(spec.plugin)}`}
      </p>
      <Markdown text={summary} />
      {details && <Markdown text={details} />}
      {!spec.pure && <p className="reference-note">{words.impure}</p>}
      {spec.conversion && <p className="reference-note">{words.conversion}</p>}
      {(spec.inputs.length > 0 || spec.variadic) && <h3>{words.inputs}</h3>}
      <dl>
        {spec.inputs.map((input) => (
          <InputEntry key={input.name} input={input} catalogue={catalogue} />
        ))}
        {spec.variadic && <InputEntry input={{ ...spec.variadic, name: "…" }} catalogue={catalogue} isFurther />}
      </dl>
      {spec.outputs.length > 0 && <h3>{words.outputs}</h3>}
      <dl>
        {spec.outputs.map(({ name, type, doc }) => (
          <div key={name}>
            <dt>
              {name} <TypeChip type={type} catalogue={catalogue} />
            </dt>
            <dd>
              <Markdown text={doc || catalogue.content.types[parseType(type).name]?.doc.split("\n")[0] || ""} />
            </dd>
          </div>
        ))}
      </dl>
      {sources.length > 0 && (
        <>
          <h3>{words.sources}</h3>
          <ul className="reference-sources">
            {sources.map((source) => (
              <li key={source}>
                <Markdown text={source} />
              </li>
            ))}
          </ul>
        </>
      )}
      <Related spec={spec} catalogue={catalogue} />
    </>
  );
}

interface InputEntryProps {
  readonly input: InputSpec;
  readonly catalogue: Catalogue;
  readonly isFurther?: boolean;
}

function InputEntry({ input, catalogue, isFurther = false }: InputEntryProps): JSX.Element {
  const words = texts.reference;
  const given = defaultText(input);
  const facts = [
    isFurther ? words.further : input.required ? words.required : given ? words.isDefault(given) : words.optional,
    limitsOf(input),
    input.lazy ? words.lazy : "",
  ].filter(Boolean);
  return (
    <div>
      <dt>
        {input.name} <TypeChip type={input.type} catalogue={catalogue} />
      </dt>
      <dd>
        {input.doc && <Markdown text={input.doc} />}
        <small>{facts.join(" · ")}</small>
        {input.choices && (
          <small>
            {words.choices}{" "}
            {input.choices.map((choice) => (
              <code key={choice}>{choice}</code>
            ))}
          </small>
        )}
      </dd>
    </div>
  );
}

function TypeChip({ type, catalogue }: { readonly type: string; readonly catalogue: Catalogue }): JSX.Element {
  const expression = parseType(type);
  const { colour, shape } = lookOf(expression, catalogue);
  return (
    <span className="type-chip" title={catalogue.content.types[expression.name]?.doc}>
      <i data-shape={shape} style={{ "--type": colour } as Record<string, string>} />
      {type}
    </span>
  );
}

function Related({ spec, catalogue }: NodePageProps): JSX.Element | null {
  const editor = useEditor();
  const others = [...catalogue.nodes.values()].filter(
    ({ type, category, conversion }) => category === spec.category && type !== spec.type && !conversion,
  );
  if (others.length === 0) return null;
  return (
    <>
      <h3>{texts.reference.related}</h3>
      <div className="reference-related">
        {others.map(({ type, title }) => (
          <button key={type} type="button" className="w-button" onClick={() => editor.ui.setState({ reference: type })}>
            {title}
          </button>
        ))}
      </div>
    </>
  );
}
