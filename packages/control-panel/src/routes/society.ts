import type { World } from '../world/world.ts';
import { bountyRoutes } from './bounties.ts';
import { communityRoutes } from './community.ts';
import { libraryRoutes } from './library.ts';
import { mailRoutes } from './mail.ts';
import { requestRoutes } from './requests.ts';
import { residentRoutes } from './residents.ts';
import { roomRoutes } from './rooms.ts';

/** Everything about residents and what they do together. */
export function societyRoutes(world: World) {
  return [
    ...residentRoutes(world),
    ...roomRoutes(world),
    ...mailRoutes(world),
    ...requestRoutes(world),
    ...bountyRoutes(world),
    ...communityRoutes(world),
    ...libraryRoutes(world),
  ];
}
