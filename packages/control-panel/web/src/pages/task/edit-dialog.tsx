import { type FormEvent, useState } from 'react';
import type { TaskDetail } from '../../../../src/protocol.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FormField } from '../../parts/form-field.tsx';
import { Refused } from '../../state/api.ts';
import { tell } from '../../state/notices.ts';
import { workApi } from '../../state/work-api.ts';

type Task = TaskDetail['task'];

const NUMBERS = ['max_budget', 'min_budget', 'priority', 'max_tokens', 'temperature', 'timeout'] as const;
const TEXTS = ['prompt', 'command', 'title', 'model', 'identity_id', 'expect_file'] as const;
type Field = (typeof NUMBERS)[number] | (typeof TEXTS)[number] | 'depends_on';
type Draft = Readonly<Record<Field, string>>;

/** Change a task that still waits. The contract's messages stand at the fields. */
export function EditDialog({ task, open, onClose }: { task: Task; open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={`Edit ${task.id}`} wide>
      <EditForm task={task} onClose={onClose} />
    </Dialog>
  );
}

function EditForm({ task, onClose }: { task: Task; onClose: () => void }) {
  const [first] = useState(() => draftOf(task));
  const [draft, setDraft] = useState(first);
  const [refused, setRefused] = useState<Refused | undefined>();
  const changed = changesBetween(first, draft);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await workApi.edit(task.id, changed);
      tell('done', `Changed ${task.id}`);
      onClose();
    } catch (error) {
      setRefused(error instanceof Refused ? error : undefined);
    }
  };
  const errors = refused?.fields ?? {};
  const input = (key: Field, label: string, hint?: string) => (
    <FormField label={label} error={errorAt(errors, key)} {...(hint ? { hint } : {})}>
      {(given) => (
        <input
          {...given}
          className="field"
          value={draft[key]}
          onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
        />
      )}
    </FormField>
  );
  return (
    <form onSubmit={submit} noValidate className="mt-4 flex flex-col gap-4">
      {task.command ? (
        input('command', 'Command')
      ) : (
        <FormField label="Prompt" error={errorAt(errors, 'prompt')}>
          {(given) => (
            <textarea
              {...given}
              rows={6}
              className="field resize-y"
              value={draft.prompt}
              onChange={(event) => setDraft({ ...draft, prompt: event.target.value })}
            />
          )}
        </FormField>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        {input('title', 'Title')}
        {input('depends_on', 'Depends on', 'Ids, with commas between them')}
        {input('max_budget', 'Max budget', 'US dollars')}
        {input('min_budget', 'Min budget', 'US dollars')}
        {input('priority', 'Priority', 'Higher runs first')}
        {input('identity_id', 'Resident', 'Left empty, whoever is free')}
        {input('model', 'Model', 'Left empty, the default')}
        {input('max_tokens', 'Max tokens')}
        {input('temperature', 'Temperature')}
        {input('timeout', 'Timeout', 'Seconds')}
        <div className="sm:col-span-2">{input('expect_file', 'Expected file', 'Relative to the workspace')}</div>
      </div>
      {refused && Object.keys(errors).every((field) => !(field in first)) ? (
        <p role="alert" className="text-bad">
          {refused.message}
          {refused.fix ? <span className="block text-dim">{refused.fix}</span> : null}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <button type="button" className="btn" onClick={onClose}>
          Close
        </button>
        <button type="submit" className="btn btn-go" disabled={Object.keys(changed).length === 0}>
          Save changes
        </button>
      </div>
    </form>
  );
}

function draftOf(task: Task): Draft {
  const text = (key: (typeof NUMBERS)[number] | (typeof TEXTS)[number]) => String(task[key] ?? '');
  const entries = [...NUMBERS, ...TEXTS].map((key) => [key, text(key)] as const);
  return { ...(Object.fromEntries(entries) as Draft), depends_on: task.depends_on.join(', ') };
}

/** What differs, as the contract wants it; a field made empty goes back to its default. */
function changesBetween(from: Draft, to: Draft): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(to)) {
    const text = value.trim();
    if (text === from[key as Field].trim()) continue;
    if (key === 'depends_on') changes[key] = text;
    else if (text === '') changes[key] = null;
    else changes[key] = (NUMBERS as readonly string[]).includes(key) ? numberOr(text) : text;
  }
  return changes;
}

function numberOr(text: string): number | string {
  const number = Number(text.replace(/^\$/, '').replace(',', '.'));
  return Number.isFinite(number) ? number : text;
}

function errorAt(errors: Readonly<Record<string, string>>, key: string): string | undefined {
  return errors[key] ?? Object.entries(errors).find(([field]) => field.startsWith(`${key}.`))?.[1];
}
