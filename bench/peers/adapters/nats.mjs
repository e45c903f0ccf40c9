import { connect, nanos } from 'nats';
import { startNats } from '../servers.mjs';

const open = (port) => connect({ servers: `127.0.0.1:${port}` });

/** A stream on disk with one durable consumer that all workers pull from. */
export const nats = () => ({
  server: startNats,
  async producer({ port }) {
    const nc = await open(port);
    const manager = await nc.jetstreamManager();
    await manager.streams.add({ name: 'bench', subjects: ['bench'], storage: 'file', retention: 'workqueue' });
    const consumer = { durable_name: 'w', ack_policy: 'explicit', ack_wait: nanos(60_000), max_ack_pending: -1 };
    await manager.consumers.add('bench', consumer);
    const js = nc.jetstream();
    return {
      add: (items) => Promise.all(items.map((item) => js.publish('bench', JSON.stringify(item)))),
      close: () => nc.close(),
    };
  },
  /** The server confirms every acknowledgement before a job counts as done, as our settlements are confirmed. */
  async worker({ port }, concurrency, { begun, done }) {
    const nc = await open(port);
    const consumer = await nc.jetstream().consumers.get('bench', 'w');
    return async () => {
      const running = new Set();
      for await (const message of await consumer.consume({ max_messages: concurrency })) {
        begun(message.json());
        const ack = message.ackAck().then(() => done(message.json()));
        running.add(ack);
        ack.finally(() => running.delete(ack));
        if (running.size >= concurrency) await Promise.race(running);
      }
    };
  },
});
