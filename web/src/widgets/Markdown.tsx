import { later } from "./later";

/** Markdown as it reads. */
export const Markdown = later(async () => (await import("./MarkdownText")).MarkdownText);
