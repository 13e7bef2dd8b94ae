/** Finds words that a user reads and that stand in the code, not among the texts. */

import ts from "typescript";

export interface Inline {
  readonly line: number;
  readonly text: string;
}

/** Attributes and properties whose strings are read or heard. */
const READ = new Set([
  "alt",
  "aria-label",
  "aria-roledescription",
  "aria-valuetext",
  "ariaLabel",
  "hint",
  "label",
  "placeholder",
  "text",
  "title",
]);

/** Functions whose second argument is told. */
const TELLING = new Set(["tell", "say", "edit", "change"]);

export function inlineTexts(file: string, source: string): readonly Inline[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: Inline[] = [];
  const report = (node: ts.Node, text: string): void => {
    if (!/\p{L}{2}/u.test(text)) return;
    found.push({ line: parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1, text: text.trim() });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) report(node, node.text);
    if (ts.isJsxExpression(node) && node.expression && !ts.isJsxAttribute(node.parent))
      strings(node.expression, report);
    if (ts.isJsxAttribute(node) && READ.has(node.name.getText()) && node.initializer) {
      if (ts.isStringLiteral(node.initializer)) report(node, node.initializer.text);
      else if (ts.isJsxExpression(node.initializer) && node.initializer.expression)
        strings(node.initializer.expression, report);
    }
    if (ts.isCallExpression(node) && TELLING.has(node.expression.getText()) && node.arguments[1])
      strings(node.arguments[1], report);
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/** The strings that an expression can give. */
function strings(node: ts.Expression, report: (node: ts.Node, text: string) => void): void {
  if (ts.isParenthesizedExpression(node)) strings(node.expression, report);
  else if (ts.isStringLiteralLike(node)) report(node, node.text);
  else if (ts.isTemplateExpression(node)) {
    report(node, [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(" "));
    for (const { expression } of node.templateSpans) strings(expression, report);
  } else if (ts.isConditionalExpression(node)) {
    strings(node.whenTrue, report);
    strings(node.whenFalse, report);
  } else if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isJoin = kind === ts.SyntaxKind.PlusToken;
    const isChoice = kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken;
    if (isJoin || isChoice) strings(node.left, report);
    if (isJoin || isChoice || kind === ts.SyntaxKind.AmpersandAmpersandToken) strings(node.right, report);
  }
}
