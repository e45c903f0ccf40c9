export function compileWhenStale(): Promise<(name: string, ...rest: string[]) => string[]>;
