export function projectsIn(root: string): string[];
export function missingPackage(root?: string): string | undefined;
