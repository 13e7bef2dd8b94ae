/** Finding commands by what was typed. */

import Fuse from "fuse.js";
import type { Command } from "../state/commands";

/** Commands by how well they fit; all, those used last first, when nothing was typed. */
export function findCommands(
  commands: readonly Command[],
  groupName: (command: Command) => string,
  typed: string,
  recent: readonly string[],
): readonly Command[] {
  const words = typed.trim();
  if (words === "") {
    const last = recent.flatMap((id) => commands.filter((command) => command.id === id));
    return [...last, ...commands.filter((command) => !recent.includes(command.id))];
  }
  const fuse = new Fuse(commands, {
    keys: [
      { name: "label", weight: 4 },
      { name: "group", weight: 1, getFn: groupName },
    ],
    threshold: 0.3,
    ignoreLocation: true,
  });
  const lower = words.toLowerCase();
  const found = fuse.search(words).map(({ item }) => item);
  const begins = ({ label }: Command): boolean => label.toLowerCase().startsWith(lower);
  return [...found.filter(begins), ...found.filter((command) => !begins(command))];
}
