import { type Refused, refuse } from '../../../contract/refusals.ts';

export function poor(balance: number, cost: number): Refused {
  return refuse(
    'insufficient_tokens',
    `This costs ${cost} tokens and you have ${balance}; earn by approved work or ask for less`,
  );
}

export function unknownIdentity(id: string): Refused {
  return refuse('identity_not_found', `No resident has the id ${id}; name one by its id`);
}
