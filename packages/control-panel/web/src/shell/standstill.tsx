import { CircleStop, Drama, Pause } from 'lucide-react';
import { useWorld } from '../state/world.ts';

/** Says, for as long as it lasts, that nothing moves and why. */
export function Standstill() {
  const state = useWorld((world) => world.picture?.switch);
  if (state === undefined || state.state === 'running') return null;
  const halted = state.state === 'halted';
  const Icon = halted ? CircleStop : Pause;
  return (
    <p
      role="status"
      className={`flex items-center gap-2 border-b border-line bg-panel px-4 py-1.5 text-[12.5px] md:px-6 ${halted ? 'text-bad' : 'text-warn'}`}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <span>
        {halted
          ? 'Halted: nothing runs and nothing starts until you resume.'
          : 'Paused: running work finishes, nothing new starts until you resume.'}
        {state.reason ? <span className="text-dim"> {state.reason}</span> : null}
      </span>
    </p>
  );
}

/** Says on every page of a scripted world what it is. */
export function DemoLabel() {
  const label = useWorld((world) => world.picture?.settings.demo);
  if (!label) return null;
  return (
    <p className="flex items-center gap-2 border-b border-line bg-leafbg px-4 py-1.5 text-[12.5px] md:px-6">
      <Drama aria-hidden className="size-3.5 shrink-0 text-leaf" />
      <span>{label}</span>
    </p>
  );
}
