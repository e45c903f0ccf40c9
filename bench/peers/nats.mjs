import { connect, nanos } from 'nats';

/** A stream on disk with one durable consumer that all workers pull from; an empty job is a message acknowledged by us. */
export async function fillNats(port, want) {
  const nc = await connect({ servers: `127.0.0.1:${port}` });
  const manager = await nc.jetstreamManager();
  await manager.streams.add({ name: 'bench', subjects: ['bench'], storage: 'file', retention: 'workqueue' });
  await manager.consumers.add('bench', {
    durable_name: 'w',
    ack_policy: 'explicit',
    ack_wait: nanos(60_000),
    max_ack_pending: -1,
  });
  const js = nc.jetstream();
  for (let from = 0; from < want; from += 500)
    await Promise.all(
      Array.from({ length: Math.min(500, want - from) }, (_, n) => js.publish('bench', JSON.stringify({ n: from + n }))),
    );
  await nc.close();
}

/** Every acknowledgement is confirmed by the server before the next message is counted as done, as our settlements are. */
export async function prepareNats(port, concurrency, finished) {
  const nc = await connect({ servers: `127.0.0.1:${port}` });
  const consumer = await nc.jetstream().consumers.get('bench', 'w');
  return async () => {
    const messages = await consumer.consume({ max_messages: concurrency });
    const running = new Set();
    for await (const message of messages) {
      const ack = message.ackAck().then(finished);
      running.add(ack);
      ack.finally(() => running.delete(ack));
      if (running.size >= concurrency) await Promise.race(running);
    }
  };
}
