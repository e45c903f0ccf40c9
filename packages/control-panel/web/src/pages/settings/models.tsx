import { Cpu } from 'lucide-react';
import { Card, Loading, Trouble } from '../../parts/card.tsx';
import { useAnswer } from '../../state/use-answer.ts';
import { workApi } from '../../state/work-api.ts';

/** Models a task may name, and names that only lead to another. */
export function Models() {
  const { data, trouble, again } = useAnswer('models', (signal) => workApi.models(signal));
  return (
    <Card title="Models" icon={Cpu}>
      {trouble && !data ? <Trouble text={trouble.message} fix={trouble.fix} onRetry={again} /> : null}
      {!data && !trouble ? <Loading label="Loading the models" /> : null}
      <ul className="flex flex-col gap-2 px-4 pb-4 text-[12.5px]">
        {data?.models.map(({ id, provider, roles, context_tokens, price }) => (
          <li key={id} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3">
            <span className="flex min-w-0 flex-wrap items-center gap-x-2">
              <code className="break-all font-mono">{id}</code>
              {roles.map((role) => (
                <span key={role} className="rounded-full bg-leafbg px-2 text-[11.5px] text-leaf">
                  {role}
                </span>
              ))}
            </span>
            <span className="num text-right">
              {price ? (
                `$${price.input_usd_per_million} in, $${price.output_usd_per_million} out`
              ) : (
                <span className="text-warn">no price</span>
              )}
            </span>
            <span className="col-span-2 text-dim">
              {provider}
              {context_tokens ? ` · ${context_tokens.toLocaleString()} tokens of context` : ''}
            </span>
          </li>
        ))}
        {data?.retired.map(({ id, model, because }) => (
          <li key={id} className="border-t border-line pt-2">
            <code className={`break-all font-mono ${because ? 'text-dim line-through' : ''}`}>{id}</code>{' '}
            <span className={`text-[11.5px] font-medium ${because ? 'text-warn' : 'text-dim'}`}>
              {because ? 'Retired' : 'Short name'}
            </span>
            <span className="block text-dim">
              goes to <code className="font-mono">{model}</code>
              {because ? `. ${because}` : ''}
            </span>
          </li>
        ))}
        {data ? (
          <li className="border-t border-line pt-2 text-dim">Prices per million tokens, from {data.prices_from}.</li>
        ) : null}
      </ul>
    </Card>
  );
}
