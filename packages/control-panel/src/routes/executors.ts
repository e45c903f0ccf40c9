import { BUILT_IN } from '@vivarium/core';
import { done, route } from '../http/route.ts';
import { ExecutorList, type ExecutorRow } from '../protocol/projects.ts';
import type { World } from '../world/world.ts';

/** Who can do the hands-on work of changes. */
export function executorRoutes({ config }: World) {
  return [
    route({
      method: 'get',
      path: '/api/executors',
      entry: 'list_executors',
      answer: ExecutorList,
      run: async () => {
        const { readExecutors } = await import('@vivarium/changes');
        const { ready, profiles, findings } = readExecutors(config);
        const rows = [...profiles].map(([name, { protocol, package: of, tried, folder }]): ExecutorRow => {
          const wrong = findings.some(({ executor }) => executor === name);
          return {
            ...{ name, state: ready.has(name) ? 'ready' : wrong ? 'wrong' : 'no_folder', protocol, tried },
            ...(of === undefined ? {} : { package: of }),
            ...(folder === undefined ? {} : { folder }),
          };
        });
        const own: ExecutorRow = { name: BUILT_IN, state: 'ready', tried: [] };
        return done({ executors: [own, ...rows], findings: [...findings] });
      },
    }),
  ];
}
