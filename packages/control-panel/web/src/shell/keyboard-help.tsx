import type { ReactNode } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { PLACES } from './places.ts';
import { useUi } from './ui.ts';

const DEEDS: readonly (readonly [readonly string[], string])[] = [
  [['Ctrl K', '/'], 'Find a task, a page or a deed'],
  [['c'], 'Add a task'],
  [['?'], 'This help'],
  [['Esc'], 'Close what is open'],
];
const INBOX: readonly (readonly [readonly string[], string])[] = [
  [['j', 'k'], 'Next, previous'],
  [['a'], 'Approve, retry, or look at a change'],
  [['r'], 'Reject with a reason, or reply'],
  [['x'], 'Select for many at once'],
  [['o'], 'Open the task'],
];

const CHANGE: readonly (readonly [readonly string[], string])[] = [
  [['j', 'k'], 'Next, previous file'],
  [['s'], 'Seen'],
  [['d'], 'One column or two'],
  [['a'], 'Approve, once every file that asks you is seen'],
];

/** Every key the panel listens to. */
export default function KeyboardHelp() {
  const open = useUi((ui) => ui.helping);
  return (
    <Dialog open={open} onOpenChange={(helping) => useUi.setState({ helping })} title="Keyboard" wide>
      <div className="mt-4 grid gap-6 sm:grid-cols-2">
        <div className="flex flex-col gap-6">
          <Keys title="Everywhere" rows={DEEDS} />
          <Keys title="In “Needs you”" rows={INBOX} />
          <Keys title="In a change" rows={CHANGE} />
        </div>
        <Keys title="Go to" rows={PLACES.map(({ key, name }) => [[`g ${key}`], name] as const)} />
      </div>
    </Dialog>
  );
}

function Keys({ title, rows }: { title: string; rows: readonly (readonly [readonly string[], ReactNode])[] }) {
  return (
    <section>
      <h3 className="mb-1.5 text-[12.5px] font-medium text-dim">{title}</h3>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-3 gap-y-1.5">
        {rows.map(([keys, deed], index) => (
          <div key={index} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd key={key} className="kbd whitespace-nowrap">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{deed}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
