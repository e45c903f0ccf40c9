export { type ActivityLog, type Note, openActivityLog } from './activity-log.ts';
export { type Audit, openAudit } from './audit.ts';
