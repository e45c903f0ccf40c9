import { AudioLines } from 'lucide-react';
import { Card } from '../../parts/card.tsx';
import { Plain } from '../../parts/small.tsx';
import { useAnswer } from '../../state/use-answer.ts';
import { workApi } from '../../state/work-api.ts';

const EVERY_MS = 1_000;

/** What the model says at this moment, where its provider streams; nothing is shown before it begins. */
export function Live({ id }: { id: string }) {
  const { data } = useAnswer(`live ${id}`, (signal) => workApi.live(id, signal), EVERY_MS);
  if (!data?.running || data.text === '') return null;
  const cut = data.chars > data.text.length;
  return (
    <Card title="Being written" icon={AudioLines} aside={<span className="text-[12.5px] text-dim">{data.chars} characters</span>}>
      <div className="px-4 pb-4" aria-live="off">
        <Plain>{cut ? `… ${data.text}` : data.text}</Plain>
      </div>
    </Card>
  );
}
