import { Tokens, Who } from '../../parts/small.tsx';

/** What one resident gets for one place. */
export function PayoutRow({ place, identity, amount }: { place: number; identity: string; amount: number }) {
  return (
    <li className="flex items-center gap-3">
      <span className="w-14 text-[12.5px] text-dim">Place {place}</span>
      <Who id={identity} />
      <span className="ml-auto">
        <Tokens amount={amount} signed />
      </span>
    </li>
  );
}
