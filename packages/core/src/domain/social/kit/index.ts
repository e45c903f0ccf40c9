export { Amount, Ballot, Id, IdentityId, Nothing, Reason, Standing, Text, tokensUpTo } from './fields.ts';
export { poor, unknownIdentity } from './refusals.ts';
export { ANYONE, KEEPERS, PERSON, RESIDENT, RUNTIME, VOTERS } from './roles.ts';
export { type Action, type Evolve, type Subject, shared, stateless, subjectOn } from './subject.ts';
export type { Accepted, Context, Decision, Given, NameOf, Post, WorldOf } from './world.ts';
