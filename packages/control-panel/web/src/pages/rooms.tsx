import type { RoomRow } from '../../../src/protocol/talk.ts';
import { Frame } from '../parts/frame.tsx';
import { Reading } from '../parts/reading.tsx';
import { PageTitle, When } from '../parts/small.tsx';
import { Split, SplitLink } from '../parts/split.tsx';
import { inAddress } from '../state/address.ts';
import { useRead } from '../state/society.ts';
import { society } from '../state/society-api.ts';
import { iconOf } from './rooms/icons.ts';
import { Room } from './rooms/room.tsx';

const FIRST = 'town_hall';

/** Where residents talk, and the person with them. */
export default function RoomsPage({ id }: { id?: string }) {
  const rooms = useRead('rooms', (signal) => society.rooms(signal), ['rooms']);
  const shown = id ?? rooms.data?.rooms.find(({ message_count }) => message_count > 0)?.id ?? FIRST;
  const list = (
    <section className="card overflow-hidden" aria-label="All rooms">
      <Reading read={rooms} label="Loading rooms">
        {(data) => (
          <ul className="flex flex-col py-1">
            {data.rooms.map((room) => (
              <li key={room.id}>
                <Frame>
                  <RoomLink room={room} here={room.id === shown} />
                </Frame>
              </li>
            ))}
          </ul>
        )}
      </Reading>
    </section>
  );
  return (
    <>
      <PageTitle>Rooms</PageTitle>
      <Split list={list} open={id !== undefined} back="/rooms" backName="All rooms">
        <Room key={shown} id={shown} room={rooms.data?.rooms.find((room) => room.id === shown)} />
      </Split>
    </>
  );
}

function RoomLink({ room, here }: { room: RoomRow; here: boolean }) {
  const Icon = iconOf(room.id);
  return (
    <SplitLink href={`/rooms/${inAddress(room.id)}`} here={here}>
      <Icon aria-hidden className="size-4 shrink-0 text-dim" />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="truncate font-medium">{room.name}</span>
          {room.latest_timestamp ? <When at={room.latest_timestamp} className="ml-auto text-[12px]" /> : null}
        </span>
        <span className="block truncate text-[12.5px] text-dim">
          {room.latest_preview || room.description || 'Nobody spoke yet'}
        </span>
      </span>
    </SplitLink>
  );
}
