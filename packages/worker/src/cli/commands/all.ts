import { addAdd } from './add.ts';
import { addBudget } from './budget.ts';
import { addDecisions } from './decisions.ts';
import { addDoctor } from './doctor.ts';
import { addEconomy } from './economy.ts';
import { addList } from './list.ts';
import { addRun } from './run.ts';
import { addShow } from './show.ts';
import { addStatus } from './status.ts';
import { addSwitches } from './switches.ts';

/** Every command, in the order of the help. */
export const ALL_COMMANDS = [
  addAdd,
  addRun,
  addList,
  addShow,
  addStatus,
  addDecisions,
  addSwitches,
  addDoctor,
  addBudget,
  addEconomy,
] as const;
