import { type FormEvent, useState } from 'react';
import { Refused } from './api.ts';

/** Sends a form, once at a time. `refused` is the server's no until something was taken. */
export function useSubmit(onSend: () => Promise<void>) {
  const [refused, setRefused] = useState<Refused | undefined>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      await onSend();
      setRefused(undefined);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setRefused(error);
    } finally {
      setBusy(false);
    }
  };
  return { submit, busy, refused };
}
