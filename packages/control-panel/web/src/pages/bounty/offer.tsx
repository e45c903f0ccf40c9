import { useLocation } from 'wouter';
import { Dialog } from '../../parts/dialog.tsx';
import { Select, TextArea, TextField } from '../../parts/fields.tsx';
import { Form } from '../../parts/form.tsx';
import { inAddress } from '../../state/address.ts';
import { useDraft } from '../../state/draft.ts';
import { tell } from '../../state/notices.ts';
import { numberOr } from '../../state/number.ts';
import { society } from '../../state/society-api.ts';

const EMPTY = { title: '', description: '', reward: '50', slots: '2', bid_hours: '', game_mode: 'hybrid' };

/** Offer a bounty; the reward goes into escrow at once. */
export function OfferBountyDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Offer bounty"
      description="The reward waits in escrow until you pay it out or cancel."
      wide
    >
      <OfferForm onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function OfferForm({ onDone }: { onDone: () => void }) {
  const [draft, change, clear] = useDraft('offer_bounty', EMPTY);
  const [, go] = useLocation();
  const send = async () => {
    const { reward, slots, bid_hours, ...rest } = draft;
    const numbers = { ...given('reward', reward), ...given('slots', slots), ...given('bid_hours', bid_hours) };
    const { bounty } = await society.offerBounty({ ...rest, ...numbers });
    clear();
    onDone();
    tell('done', `Offered “${bounty.title}”`);
    go(`/bounties/${inAddress(bounty.id)}`);
  };
  const text = (key: keyof typeof EMPTY) => ({ value: draft[key], onChange: (value: string) => change({ [key]: value }) });
  return (
    <Form onSend={send} submit="Offer bounty" onCancel={onDone} fields={['title', 'description', 'reward', 'slots', 'bid_hours']}>
      {(errorOf) => (
        <>
          <TextField label="Title" error={errorOf('title')} {...text('title')} />
          <TextArea
            label="What is wanted"
            hint="Say what would show that it is done"
            error={errorOf('description')}
            {...text('description')}
          />
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField label="Reward" hint="Whole tokens" numeric error={errorOf('reward')} {...text('reward')} />
            <TextField label="Places" hint="Later work is worth less" numeric error={errorOf('slots')} {...text('slots')} />
            <TextField
              label="Sealed bids for"
              hint="Hours, then the lowest price has it; empty: whoever claims it first"
              numeric
              error={errorOf('bid_hours')}
              {...text('bid_hours')}
            />
            <Select label="Played as" {...text('game_mode')}>
              <option value="hybrid">Either way</option>
              <option value="coop">Together</option>
              <option value="pvp">Against each other</option>
            </Select>
          </div>
        </>
      )}
    </Form>
  );
}

/** What was typed, as a number where it is one; the contract's own message answers the rest. */
export function given(key: string, typed: string): Record<string, number | string> {
  const text = typed.trim();
  if (text === '') return {};
  return { [key]: numberOr(text) };
}
