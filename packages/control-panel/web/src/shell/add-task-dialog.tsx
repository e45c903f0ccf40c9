import { type FormEvent, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { Select, TextField } from '../parts/fields.tsx';
import { FormField } from '../parts/form-field.tsx';
import { api, Refused } from '../state/api.ts';
import { changesApi } from '../state/changes-api.ts';
import { useDraft } from '../state/draft.ts';
import { tell } from '../state/notices.ts';
import { useAnswer } from '../state/use-answer.ts';
import { EMPTY_DRAFT, type TaskDraft, taskOf } from './task-draft.ts';
import { useUi } from './ui.ts';

const setOpen = (adding: boolean): void => useUi.setState({ adding });

/** Add a task. What was typed stays in this browser until the server has taken it. */
export function AddTaskDialog() {
  const open = useUi((ui) => ui.adding);
  return (
    <Dialog open={open} onOpenChange={setOpen} title="Add task" wide>
      <AddTaskForm />
    </Dialog>
  );
}

function AddTaskForm() {
  const [draft, change, clear] = useDraft<TaskDraft>('add_task', EMPTY_DRAFT);
  const [refused, setRefused] = useState<Refused | undefined>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const { task_ids, known } = await api.addTask(taskOf(draft));
      clear();
      setOpen(false);
      tell('done', known.length > 0 ? `${task_ids[0]} already exists` : `Added ${task_ids[0]}`);
    } catch (error) {
      setRefused(error instanceof Refused ? error : undefined);
      setBusy(false);
    }
  };
  const errors = refused?.fields ?? {};
  return (
    <form
      onSubmit={submit}
      noValidate
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit();
      }}
      className="mt-4 flex flex-col gap-4"
    >
      <Fields draft={draft} change={change} errors={errors} />
      {refused && !Object.keys(errors).some((field) => SHOWN.has(field)) ? (
        <p role="alert" className="text-bad">
          {refused.message}
          {refused.fix ? <span className="block text-dim">{refused.fix}</span> : null}
        </p>
      ) : null}
      <div className="flex items-center justify-end gap-2">
        <span className="mr-auto hidden text-[12px] text-dim sm:inline">
          <kbd className="kbd">Ctrl</kbd> <kbd className="kbd">Enter</kbd> adds it
        </span>
        <button type="button" className="btn" onClick={() => setOpen(false)}>
          Close
        </button>
        <button type="submit" className="btn btn-go" disabled={busy}>
          Add task
        </button>
      </div>
    </form>
  );
}

const SHOWN: ReadonlySet<string> = new Set([
  ...['prompt', 'command', 'id', 'depends_on', 'max_budget', 'priority', 'expect_file'],
  ...['project', 'paths', 'kind'],
]);

interface FieldsProps {
  readonly draft: TaskDraft;
  readonly change: (part: Partial<TaskDraft>) => void;
  readonly errors: Readonly<Record<string, string>>;
}

function Fields({ draft, change, errors }: FieldsProps) {
  const text = (key: keyof TaskDraft, label: string, hint?: string, placeholder?: string) => (
    <FormField label={label} error={errorOf(errors, key)} {...(hint ? { hint } : {})}>
      {(given) => (
        <input
          {...given}
          className="field"
          value={draft[key]}
          placeholder={placeholder}
          onChange={(event) => change({ [key]: event.target.value })}
        />
      )}
    </FormField>
  );
  return (
    <>
      <FormField label="Prompt" hint="What a resident should do" error={errorOf(errors, 'prompt')}>
        {(given) => (
          <textarea
            {...given}
            rows={4}
            className="field resize-y"
            value={draft.prompt}
            onChange={(event) => change({ prompt: event.target.value })}
          />
        )}
      </FormField>
      <details className="rounded-lg" open={hasDetails(draft) || Object.keys(errors).some((field) => field !== 'prompt')}>
        <summary className="cursor-pointer text-[12.5px] font-medium text-dim">
          More: command, project, dependencies, budget…
        </summary>
        <div className="mt-3 grid gap-4 sm:grid-cols-2">
          <div className="sm:col-span-2">
            {text('command', 'Command', 'Runs locally, without a model and without a shell', 'echo hello')}
          </div>
          {text('id', 'Id', 'Left empty, one is made')}
          {text('depends_on', 'Depends on', 'Ids, with commas between them')}
          {text('max_budget', 'Max budget', 'US dollars', '0.10')}
          {text('priority', 'Priority', 'Higher runs first')}
          <div className="sm:col-span-2">
            {text('expect_file', 'Expected file', 'A file the work must leave behind, relative to the workspace')}
          </div>
          <ProjectFields draft={draft} change={change} errors={errors} />
        </div>
      </details>
    </>
  );
}

const KINDS = ['fix', 'feature', 'refactor', 'docs', 'test', 'chore'] as const;

/** Which project it changes, where in it, and how; only where residents may touch one. */
function ProjectFields({ draft, change, errors }: FieldsProps) {
  const { data } = useAnswer('projects', (signal) => changesApi.projects(signal));
  const names = data?.projects.map(({ name }) => name) ?? [];
  if (names.length === 0 && draft.project === '') return null;
  const known = draft.project === '' || names.includes(draft.project) ? names : [...names, draft.project];
  return (
    <>
      <Select
        label="Project"
        hint="A resident proposes a tested change to it"
        value={draft.project}
        onChange={(project) => change({ project })}
        error={errorOf(errors, 'project')}
      >
        <option value="">None</option>
        {known.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      {draft.project === '' ? null : (
        <>
          <Select label="Kind of change" value={draft.kind} onChange={(kind) => change({ kind })} error={errorOf(errors, 'kind')}>
            <option value="">Any</option>
            {KINDS.map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </Select>
          <div className="sm:col-span-2">
            <TextField
              label="Only these paths"
              hint="Globs within the project, with commas between them; left empty, wherever the project allows it"
              placeholder="src/**, test/**"
              value={draft.paths}
              onChange={(paths) => change({ paths })}
              error={errorOf(errors, 'paths')}
            />
          </div>
        </>
      )}
    </>
  );
}

function hasDetails({ prompt: _prompt, ...rest }: TaskDraft): boolean {
  return Object.values(rest).some((value) => value !== '');
}

/** The message for a field or for one of its parts, e.g. `depends_on.0`. */
function errorOf(errors: Readonly<Record<string, string>>, key: string): string | undefined {
  return errors[key] ?? Object.entries(errors).find(([field]) => field.startsWith(`${key}.`) || field.endsWith(`.${key}`))?.[1];
}
