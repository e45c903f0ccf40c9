/** Money inside the fold is whole nano-dollars, so that sums never drift. Records carry US dollars. */
const NANO = 1e9;

/** The largest sum that whole numbers hold exactly: about nine million dollars. */
const LARGEST = Number.MAX_SAFE_INTEGER / NANO;

export const toNano = (usd: number): number => Math.round(Math.min(usd, LARGEST) * NANO);
/** For what may be spent: never a nano-dollar more than asked for. */
export const floorNano = (usd: number): number => Math.floor(Math.min(usd, LARGEST) * NANO + 1e-6);
/** For what may become due: never a nano-dollar less. */
export const ceilNano = (usd: number): number => Math.ceil(Math.min(usd, LARGEST) * NANO - 1e-6);
export const toUsd = (nano: number): number => nano / NANO;
