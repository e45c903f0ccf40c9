import { addAdd } from './add.ts';
import { addBounty } from './bounty.ts';
import { addBudget } from './budget.ts';
import { addChange } from './change.ts';
import { addCheckpoint } from './checkpoint.ts';
import { addDecisions } from './decisions.ts';
import { addDispute } from './dispute.ts';
import { addDoctor } from './doctor.ts';
import { addExecutor } from './executor.ts';
import { addGate } from './gate.ts';
import { addGuild } from './guild.ts';
import { addHat } from './hat.ts';
import { addJournal } from './journal.ts';
import { addLedger } from './ledger.ts';
import { addList } from './list.ts';
import { addMail } from './mail.ts';
import { addProject } from './project.ts';
import { addResident } from './resident.ts';
import { addRoom } from './room.ts';
import { addRun } from './run.ts';
import { addShow } from './show.ts';
import { addSkill } from './skill.ts';
import { addStatus } from './status.ts';
import { addSwitches } from './switches.ts';
import { addWallet } from './wallet.ts';

/** Every command, in the order of the help. */
export const ALL_COMMANDS = [
  addAdd,
  addRun,
  addList,
  addShow,
  addStatus,
  addSkill,
  addDecisions,
  addProject,
  addChange,
  addCheckpoint,
  addExecutor,
  addGate,
  addSwitches,
  addDoctor,
  addBudget,
  addResident,
  addWallet,
  addLedger,
  addGuild,
  addBounty,
  addJournal,
  addDispute,
  addHat,
  addRoom,
  addMail,
] as const;
