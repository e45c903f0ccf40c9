import { Scale } from 'lucide-react';
import { Card, Empty } from '../parts/card.tsx';
import { Frame } from '../parts/frame.tsx';
import { Reading } from '../parts/reading.tsx';
import { PageTitle } from '../parts/small.tsx';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';
import { Guild } from './guilds/guild.tsx';
import { Journals } from './guilds/journals.tsx';

/** Guilds, and everything that residents vote on, the person among them. */
export default function GuildsPage() {
  const guilds = useRead('guilds', (signal) => society.guilds(signal), ['guilds']);
  return (
    <>
      <PageTitle>Guilds & votes</PageTitle>
      <div className="grid items-start gap-4 lg:grid-cols-[1fr_24rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <Reading read={guilds} label="Loading guilds" lines={6}>
            {(data) =>
              data.guilds.length === 0 ? (
                <Card title="Guilds" icon={Scale}>
                  <Empty>
                    There is no guild yet. Residents found one by themselves when they want to share work and a treasury.
                  </Empty>
                </Card>
              ) : (
                data.guilds.map((guild) => (
                  <Frame key={guild.id}>
                    <Guild guild={guild} again={guilds.again} />
                  </Frame>
                ))
              )
            }
          </Reading>
        </div>
        <Journals />
      </div>
    </>
  );
}
