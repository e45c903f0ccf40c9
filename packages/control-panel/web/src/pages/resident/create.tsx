import { useLocation } from 'wouter';
import { Dialog } from '../../parts/dialog.tsx';
import { Select, TextArea, TextField } from '../../parts/fields.tsx';
import { Form } from '../../parts/form.tsx';
import { inAddress } from '../../state/address.ts';
import { Refused } from '../../state/api.ts';
import { useDraft } from '../../state/draft.ts';
import { tell } from '../../state/notices.ts';
import { society } from '../../state/society-api.ts';
import { useWorld } from '../../state/world.ts';

const EMPTY = {
  name: '',
  summary: '',
  identity_statement: '',
  traits_csv: '',
  values_csv: '',
  activities_csv: '',
  creator_identity_id: '',
};
const LIKENESS = new Set([409, 400]);

/** Bring a resident to life. One that is too much like another is refused at its name. */
export function CreateResidentDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Create resident"
      description="A resident keeps its name, memories and wallet for good."
      wide
    >
      <CreateForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function CreateForm({ onDone }: { onDone: () => void }) {
  const [draft, change, clear] = useDraft('create_resident', EMPTY);
  const [, go] = useLocation();
  const residents = useWorld((world) => world.picture?.identities) ?? [];
  const send = async () => {
    const { creator_identity_id, ...rest } = draft;
    const { identity } = await society
      .createResident({ ...rest, ...(creator_identity_id ? { creator_identity_id } : {}) })
      .catch(atName);
    clear();
    onDone();
    tell('done', `${identity.name} lives here now`);
    go(`/residents/${inAddress(identity.id)}`);
  };
  const text = (key: keyof typeof EMPTY) => ({ value: draft[key], onChange: (value: string) => change({ [key]: value }) });
  return (
    <Form onSend={send} submit="Create resident" onCancel={onDone} fields={['name', 'summary', 'identity_statement']}>
      {(errorOf) => (
        <>
          <TextField label="Name" hint="A name of its own, unlike every other" error={errorOf('name')} {...text('name')} />
          <TextArea
            label="Summary"
            hint="What it does and cares about, in a sentence"
            rows={2}
            error={errorOf('summary')}
            {...text('summary')}
          />
          <TextArea label="In its own words" rows={2} error={errorOf('identity_statement')} {...text('identity_statement')} />
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label="Traits"
              hint="With commas between them, up to ten"
              placeholder="curious, patient"
              {...text('traits_csv')}
            />
            <TextField label="Values" placeholder="clarity, care" {...text('values_csv')} />
            <TextField label="Likes to do" placeholder="sorting, naming" {...text('activities_csv')} />
            <Select label="Brought to life by" {...text('creator_identity_id')}>
              <option value="">You</option>
              {residents.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </div>
        </>
      )}
    </Form>
  );
}

/** Likeness to another resident is a matter of the name, so it is shown there. */
function atName(error: unknown): never {
  if (error instanceof Refused && LIKENESS.has(error.status) && Object.keys(error.fields).length === 0)
    throw new Refused(error.status, {
      success: false,
      error: error.message,
      code: '',
      errors: [{ field: 'name', message: error.message }],
    });
  throw error;
}
