import { type FormEvent, useEffect, useState } from 'react';
import type { KeyState } from '../../../src/protocol/running.ts';
import { api, Refused } from '../state/api.ts';
import { attempt, tell } from '../state/notices.ts';
import { FormField } from './form-field.tsx';

/** Set or remove the Groq key. What is typed goes to the server and nowhere else; it is never shown again. */
export function GroqKey() {
  const [state, setState] = useState<KeyState | undefined>();
  const [key, setKey] = useState('');
  const [error, setError] = useState<string | undefined>();
  useEffect(() => {
    api.key().then(setState, () => undefined);
  }, []);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      setState(await api.saveKey(key));
      setKey('');
      setError(undefined);
      tell('done', 'The key is stored');
    } catch (refused) {
      setError(refused instanceof Refused ? (refused.fields['api_key'] ?? refused.message) : 'The key was not stored');
    }
  };
  return (
    <form onSubmit={save} noValidate className="mt-3 flex flex-col gap-2 border-t border-line pt-3">
      {state?.configured ? (
        <p className="text-dim">
          Groq key in use: <span className="font-mono">{state.masked_key}</span>{' '}
          {state.source === 'env' ? '(from the environment)' : null}
        </p>
      ) : null}
      <FormField label="Groq key" error={error}>
        {(given) => (
          <input
            {...given}
            type="password"
            autoComplete="off"
            className="field"
            placeholder="gsk_…"
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        )}
      </FormField>
      <div className="flex gap-2">
        <button type="submit" className="btn">
          Save key
        </button>
        {state?.source === 'security_file' ? (
          <button
            type="button"
            className="btn btn-bad"
            onClick={() => attempt(async () => setState(await api.removeKey()), 'The key is removed')}
          >
            Remove key
          </button>
        ) : null}
      </div>
    </form>
  );
}
