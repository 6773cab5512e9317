import { answerCommands } from "./answers";
import { aroundCommands } from "./around";
import { arrangeCommands } from "./arrange";
import type { Command } from "./command";
import { objectCommands } from "./objects";
import { shapeCommands } from "./shapes";
import { toolCommands } from "./tools";
import { workCommands } from "./work";

export type { Command, CommandContext, Icon, Panel, Surroundings } from "./command";

export const commands: readonly Command[] = [
  ...toolCommands,
  ...workCommands,
  ...objectCommands,
  ...arrangeCommands,
  ...shapeCommands,
  ...aroundCommands,
  ...answerCommands,
];

export const commandNamed = (id: string): Command => {
  const command = commands.find((candidate) => candidate.id === id);
  if (!command) throw new Error(`There is no command named ${id}.`);
  return command;
};
