import { useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { api } from '../state/api.ts';
import { attempt } from '../state/notices.ts';
import { useWorld } from '../state/world.ts';
import { useUi } from './ui.ts';

const setOpen = (halting: boolean): void => useUi.setState({ halting });

/** The one question before everything stops. */
export function HaltDialog() {
  const open = useUi((ui) => ui.halting);
  const running = useWorld((world) => world.picture?.atWork.size ?? 0);
  const [busy, setBusy] = useState(false);
  const halt = async () => {
    setBusy(true);
    if (await attempt(() => api.control('halt'), 'Halted')) setOpen(false);
    setBusy(false);
  };
  const now =
    running === 0
      ? 'Nothing is running at the moment.'
      : running === 1
        ? 'One task is running.'
        : `${running} tasks are running.`;
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Halt everything?"
      description={`${now} Residents stop at once: running calls are aborted, commands are ended, their tasks go back to the queue, and nothing starts until you resume.`}
    >
      <div className="mt-5 flex justify-end gap-2">
        <button type="button" className="btn" onClick={() => setOpen(false)}>
          Keep going
        </button>
        <button type="button" className="btn btn-bad" disabled={busy} onClick={halt}>
          Halt
        </button>
      </div>
    </Dialog>
  );
}
