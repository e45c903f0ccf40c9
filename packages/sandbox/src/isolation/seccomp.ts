/**
 * What no sandbox may ask of the kernel: memory that belongs to no process and no folder, so that no limit would see it
 * (memfd, System V shared memory and messages), keyrings, which no namespace parts, and doors to the kernel that tests do not need.
 */
const DENIED = {
  x64: {
    architecture: 0xc000003e,
    // memfd_create, memfd_secret, shmget, msgget, add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd, io_uring ×3, pidfd_getfd
    calls: [319, 447, 29, 68, 248, 249, 250, 321, 298, 323, 425, 426, 427, 438],
  },
  arm64: { architecture: 0xc00000b7, calls: [279, 447, 194, 186, 217, 218, 219, 280, 241, 282, 425, 426, 427, 438] },
} as const;

const LOAD = 0x20;
const EQUAL = 0x15;
const AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
/** As on a kernel without the call, so that honest programs take their other way. */
const NO_SUCH_CALL = 0x00050000 + 38;
/** Calls of the second x86-64 interface carry this bit. */
const X32 = 0x40000000;

/** The filter as the kernel reads it; undefined for an architecture that has none here. */
export function seccompFilter(arch: string = process.arch): Buffer | undefined {
  if (arch !== 'x64' && arch !== 'arm64') return undefined;
  const { architecture, calls } = DENIED[arch];
  const denials = calls.length + 1;
  return Buffer.concat([
    instruction(LOAD, 4),
    instruction(EQUAL, architecture, 0, denials + 2),
    instruction(LOAD, 0),
    instruction(AT_LEAST, X32, denials),
    ...calls.map((call, index) => instruction(EQUAL, call, denials - 1 - index)),
    instruction(RETURN, ALLOW),
    instruction(RETURN, NO_SUCH_CALL),
  ]);
}

function instruction(code: number, value: number, whenTrue = 0, whenFalse = 0): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(whenTrue, 2);
  bytes.writeUInt8(whenFalse, 3);
  bytes.writeUInt32LE(value, 4);
  return bytes;
}
