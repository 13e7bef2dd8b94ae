/** Addresses of forms: `/form/NAME`, or `/?view=form&workflow=NAME`. */

export function formOf({ pathname, search }: Pick<Location, "pathname" | "search">): string | undefined {
  const named = /^\/form\/([^/]+)\/?$/.exec(pathname)?.[1];
  if (named !== undefined) return decoded(named);
  const query = new URLSearchParams(search);
  return query.get("view") === "form" ? (query.get("workflow") ?? undefined) : undefined;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

export function formAddress(name: string): string {
  return `/form/${encodeURIComponent(name)}`;
}
