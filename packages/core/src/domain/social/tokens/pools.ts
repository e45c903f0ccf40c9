import { z } from 'zod';
import { refuse } from '../../../contract/refusals.ts';
import { walletAccount } from '../../economy/accounts.ts';
import { idFrom } from '../../economy/hash.ts';
import { Postings } from '../../economy/postings.ts';
import { Amount, ANYONE, Id, IdentityId, poor, RESIDENT, subjectOn, Text } from '../kit/index.ts';
import { NUMBERS } from '../kit/numbers.ts';
import { plain } from '../kit/text.ts';

const { action, on, subject } = subjectOn<PoolSlice>();

export interface Pool {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly creator_id: string;
  readonly created_at: string;
  readonly contributors: Map<string, number>;
  readonly withdrawals: {
    readonly identity_id: string;
    readonly amount: number;
    readonly purpose: string;
    readonly timestamp: string;
  }[];
}

export interface PoolSlice {
  readonly pools: Map<string, Pool>;
}

const WITHDRAWALS = 50;
const poolAccount = (pool_id: string): string => `pool:${pool_id}`;

const Create = z.strictObject({ name: Text(80), description: Text(600, 0).default('') });
const Give = z.strictObject({ pool_id: Id, amount: Amount });
const Draw = z.strictObject({ pool_id: Id, amount: Amount, purpose: Text(600, 3) });
const OfPool = z.object({ pool_id: Id });
const Moved = OfPool.extend({ amount: z.int() });
const notFound = (id: string) => refuse('pool_not_found', `There is no pool ${id}`);

const acts = {
  create_pool: action(ANYONE, Create, OfPool, (world, { name, description }, { actor, key }) => {
    if (plain(name) === '') return refuse('invalid_name', 'A name needs letters or digits');
    if ([...world.society.pools.values()].some((pool) => plain(pool.name) === plain(name)))
      return refuse('pool_exists', 'Choose another name');
    const data = { id: idFrom('pool', key), name, description, creator_id: actor };
    return { ok: true, event: { kind: 'pool_created', memo: name, data, subjects: ['pools'] }, answer: { pool_id: data.id } };
  }),
  contribute_pool: action(RESIDENT, Give, Moved, (world, { pool_id, amount }, { actor }) => {
    const pool = world.society.pools.get(pool_id);
    if (!pool) return notFound(pool_id);
    const left = NUMBERS.pool_max_contribution - (pool.contributors.get(actor) ?? 0);
    if (amount > left) return refuse('exceeds_contribution_limit', `You may still give ${left} to this pool`);
    const booking = new Postings(world.tokens);
    const from = walletAccount(actor, 'free');
    if (booking.balance(from) < amount) return poor(booking.balance(from), amount);
    booking.move(from, poolAccount(pool_id), amount);
    const data = { pool_id, identity_id: actor, amount };
    const subjects = [`pool:${pool_id}:${actor}`];
    return {
      ok: true,
      event: { kind: 'pool_contributed', memo: `to ${pool.name}`, data, subjects, booking },
      answer: { pool_id, amount },
    };
  }),
  draw_pool: action(RESIDENT, Draw, Moved, (world, { pool_id, amount, purpose }, { actor }) => {
    const pool = world.society.pools.get(pool_id);
    if (!pool) return notFound(pool_id);
    if (amount > NUMBERS.pool_max_draw) return refuse('exceeds_draw_limit', `At most ${NUMBERS.pool_max_draw} at a time`);
    const booking = new Postings(world.tokens);
    const held = booking.balance(poolAccount(pool_id));
    if (held < amount) return refuse('insufficient_pool_balance', `The pool holds ${held}`);
    const received = booking.credit(poolAccount(pool_id), actor, amount);
    const data = { pool_id, identity_id: actor, amount, purpose };
    return {
      ok: true,
      event: { kind: 'pool_drawn', memo: purpose, data, subjects: [`pool:${pool_id}`], booking },
      answer: { pool_id, amount: received },
    };
  }),
};

const events = {
  pool_created: on(
    z.object({ id: Id, name: z.string(), description: z.string(), creator_id: Id }),
    ({ pools }, data, { timestamp }) => {
      pools.set(data.id, { ...data, created_at: timestamp, contributors: new Map(), withdrawals: [] });
    },
  ),
  pool_contributed: on(Give.extend({ identity_id: IdentityId }), ({ pools }, { pool_id, identity_id, amount }) => {
    const contributors = pools.get(pool_id)?.contributors;
    contributors?.set(identity_id, (contributors.get(identity_id) ?? 0) + amount);
  }),
  pool_drawn: on(Draw.extend({ identity_id: IdentityId }), ({ pools }, { pool_id, ...draw }, { timestamp }) => {
    const withdrawals = pools.get(pool_id)?.withdrawals;
    withdrawals?.push({ ...draw, timestamp });
    if (withdrawals && withdrawals.length > WITHDRAWALS) withdrawals.shift();
  }),
};

export const POOLS = subject({ name: 'pools', empty: (): PoolSlice => ({ pools: new Map() }), acts, events });
