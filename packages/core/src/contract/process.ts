import { z } from 'zod';

/**
 * What tells one process from every other that ever had its pid, and who can see it: a pid means something within one PID
 * namespace of one boot only, and a start time within one time namespace. Fields are empty where the system has no /proc.
 */
export const ProcessIdentity = z.object({
  pid: z.number().int(),
  process_start: z.string().describe('start time of the process in clock ticks, from /proc/<pid>/stat'),
  boot_id: z.string(),
  host: z.string(),
  pid_ns: z.string().default('').describe('PID namespace in which `pid` counts, from /proc/self/ns/pid'),
  time_ns: z.string().default('').describe('time namespace by whose clock it was written, from /proc/self/ns/time'),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;
