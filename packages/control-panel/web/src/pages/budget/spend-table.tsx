import { type ReactNode, useState } from 'react';
import type { SpendRow } from '../../../../src/protocol/money.ts';
import { usd } from '../../state/format.ts';

const FIRST = 8;

/** Sums with a bar that compares them; the first few, until more are asked for. */
export function SpendTable(props: { head: string; rows: readonly SpendRow[]; name: (key: string) => ReactNode }) {
  const { head, rows, name } = props;
  const [all, setAll] = useState(false);
  const most = Math.max(...rows.map(({ cost_usd }) => cost_usd), 1e-9);
  const cell = 'py-1.5 text-right num';
  return (
    <div className="px-4 pb-3">
      <table className="w-full table-fixed text-[12.5px]">
        <thead>
          <tr className="border-b border-line text-dim">
            <th scope="col" className="pb-1.5 text-left font-medium">
              {head}
            </th>
            <th scope="col" className="w-[24%] pb-1.5 max-sm:hidden">
              <span className="sr-only">Part</span>
            </th>
            <th scope="col" className="w-16 pb-1.5 text-right font-medium">
              Calls
            </th>
            <th scope="col" className="w-24 pb-1.5 text-right font-medium max-sm:hidden">
              Tokens
            </th>
            <th scope="col" className="w-20 pb-1.5 text-right font-medium">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {(all ? rows : rows.slice(0, FIRST)).map((row) => (
            <tr key={row.key} className="border-b border-line/60 last:border-0">
              <td className="break-words py-1.5 pr-3">{name(row.key)}</td>
              <td className="pr-3 max-sm:hidden">
                <svg aria-hidden="true" viewBox="0 0 100 6" preserveAspectRatio="none" className="h-1.5 w-full">
                  <rect width={(row.cost_usd / most) * 100} height="6" rx="1" className="fill-leaf opacity-70" />
                </svg>
              </td>
              <td className={cell}>
                {row.calls.toLocaleString()}
                {row.failed > 0 ? <span className="block text-[11.5px] font-normal text-bad">{row.failed} failed</span> : null}
              </td>
              <td className={`${cell} font-normal text-dim max-sm:hidden`}>
                {(row.input_tokens + row.output_tokens).toLocaleString()}
              </td>
              <td className={`${cell} pl-3`}>{usd(row.cost_usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > FIRST ? (
        <button type="button" className="mt-2 text-[12.5px] text-leaf hover:underline" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${rows.length}`}
        </button>
      ) : null}
    </div>
  );
}
