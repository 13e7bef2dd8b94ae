import type { JSX } from "react";
import ReactMarkdown from "react-markdown";

/** Markdown as it reads; links open beside the editor. */
export function MarkdownText({ text }: { readonly text: string }): JSX.Element {
  return (
    <div className="markdown">
      <ReactMarkdown
        components={{
          a: ({ href, children }) => (
            <a href={href} target="_blank" rel="noreferrer">
              {children}
            </a>
          ),
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
