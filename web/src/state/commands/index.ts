/** Everything that can be done by name: in menus, by shortcut, in the command palette. */

import { CURSOR } from "../../cursor/commands";
import { texts } from "../../texts";
import { ARRANGING } from "./arranging";
import type { Command, CommandId, Deed } from "./command";
import { EDITING } from "./editing";
import { GRAPHS } from "./graphs";
import { LOOKS } from "./looks";
import { RUNNING } from "./running";
import { VIEWING } from "./viewing";
import { HELP, WORKFLOWS } from "./windows";
import { WIRES } from "./wires";

export { arrangeAll } from "./arranging";
export type { Command, CommandId } from "./command";
export { chosenColour, colourChosen } from "./looks";

const DEEDS: readonly Deed[] = [
  ...EDITING,
  ...CURSOR,
  ...GRAPHS,
  ...ARRANGING,
  ...WIRES,
  ...LOOKS,
  ...RUNNING,
  ...VIEWING,
  ...WORKFLOWS,
  ...HELP,
];

export const COMMANDS: readonly Command[] = DEEDS.map((deed) => ({ ...deed, label: texts.commands.labels[deed.id] }));

const BY_ID: ReadonlyMap<string, Command> = new Map(COMMANDS.map((command) => [command.id, command]));

export function commandOf(id: CommandId): Command {
  const command = BY_ID.get(id);
  if (!command) throw new Error(`There is no command ${id}.`);
  return command;
}
