type NodeArguments = (name: string, ...rest: readonly string[]) => string[];

export function compileWhenStale(): Promise<NodeArguments>;
export function compiledNow(): Promise<boolean>;
export const programNow: NodeArguments;
export function scriptNow(file: string, ...rest: readonly string[]): string[];
