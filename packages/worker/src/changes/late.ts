import type { World } from '@vivarium/core';
import type { ProjectChanges } from '../pipeline/project-changes.ts';
import type { Runtime } from '../pipeline/runtime.ts';

interface Late {
  readonly world: World;
  readonly runtime: () => Omit<Runtime, 'changes'>;
  /** Hears that something moved that changes at the gates may wait for. */
  readonly moved: () => void;
}

/** What is done about changes to projects, loaded and begun with the first task that has a project. */
export function lateChanges(store: Runtime['store'], { world, runtime, moved }: Late) {
  let opening: Promise<ProjectChanges> | undefined;
  const open = async () => {
    const { openProjectChanges } = await import('./open.ts');
    return openProjectChanges(runtime(), { world, mayRun: () => world.switches.state() === 'running', moved });
  };
  const get = () => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  const silence = store.onEvent((_event, { task }) => {
    if (task.project !== undefined) void get().catch(() => undefined);
  });
  const close = async () => {
    silence();
    await (await opening?.catch(() => undefined))?.close();
  };
  return { get, close };
}
