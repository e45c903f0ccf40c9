export { fieldProblems, refuseFaulty, type TaskFault } from './fault.ts';
export { type Intake, openIntake, readTask } from './intake.ts';
export { schemaFaults, schemaProblems } from './output-schema.ts';
export { judgeTask } from './safety.ts';
export { tasksOfBytes, tasksOfText } from './task-file.ts';
