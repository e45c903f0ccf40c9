import { useState } from 'react';
import type { TaskDetail } from '../../../../src/protocol/tasks.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { TextArea, TextField } from '../../parts/fields.tsx';
import { type ErrorOf, Form } from '../../parts/form.tsx';
import { tell } from '../../state/notices.ts';
import { workApi } from '../../state/work-api.ts';
import { changesBetween, type Draft, draftOf, FIELDS, type Field } from './edit-draft.ts';

type Task = TaskDetail['task'];

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
  const change = (key: Field, value: string) => setDraft((former) => ({ ...former, [key]: value }));
  const save = async () => {
    const changes = changesBetween(first, draft);
    if (Object.keys(changes).length > 0) {
      await workApi.edit(task.id, changes);
      tell('done', `Changed ${task.id}`);
    }
    onClose();
  };
  return (
    <Form onSend={save} submit="Save changes" onCancel={onClose} fields={FIELDS}>
      {(errorOf) => <Fields local={task.command !== undefined} draft={draft} change={change} errorOf={errorOf} />}
    </Form>
  );
}

interface FieldsProps {
  /** A command of this machine instead of a prompt. */
  readonly local: boolean;
  readonly draft: Draft;
  readonly change: (key: Field, value: string) => void;
  readonly errorOf: ErrorOf;
}

function Fields({ local, draft, change, errorOf }: FieldsProps) {
  const given = (key: Field) => ({
    value: draft[key],
    onChange: (value: string) => change(key, value),
    error: errorOf(key),
  });
  return (
    <>
      {local ? <TextField label="Command" {...given('command')} /> : <TextArea label="Prompt" rows={6} {...given('prompt')} />}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label="Title" {...given('title')} />
        <TextField label="Depends on" hint="Ids, with commas between them" {...given('depends_on')} />
        <TextField label="Max budget" hint="US dollars" {...given('max_budget')} />
        <TextField label="Min budget" hint="US dollars" {...given('min_budget')} />
        <TextField label="Priority" hint="Higher runs first" {...given('priority')} />
        <TextField label="Resident" hint="Left empty, whoever is free" {...given('identity_id')} />
        <TextField label="Model" hint="Left empty, the default" {...given('model')} />
        <TextField label="Max tokens" {...given('max_tokens')} />
        <TextField label="Temperature" {...given('temperature')} />
        <TextField label="Timeout" hint="Seconds" {...given('timeout')} />
        <div className="sm:col-span-2">
          <TextField label="Expected file" hint="Relative to the workspace" {...given('expect_file')} />
        </div>
      </div>
    </>
  );
}
