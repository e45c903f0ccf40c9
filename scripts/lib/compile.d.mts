type NodeArguments = (name: string, ...rest: readonly string[]) => string[];

export function compileWhenStale(): Promise<NodeArguments>;
export const programNow: NodeArguments;
export function scriptNow(file: string, ...rest: readonly string[]): string[];
