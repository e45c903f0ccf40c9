/** A process that lands the approved change of a place, or takes it back. */
import { landOnce, openAt, placeIn, restoreOnce } from './place.ts';

const [what = '', folder = ''] = process.argv.slice(2);
const world = await openAt(placeIn(folder));
const end = await (what === 'restore' ? restoreOnce : landOnce)(world);
await world.close();
process.stdout.write(`${end}\n`);
