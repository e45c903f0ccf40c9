import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { better, defineQueue, defineWorker } from 'plainjob';

const logger = { error() {}, warn() {}, info() {}, debug() {} };

export const plainjob = (synced) => {
  const open = ({ file }) => {
    const database = new Database(file);
    const queue = defineQueue({ connection: better(database), logger });
    // The library sets NORMAL, which loses commits in a power cut; FULL is what our own rows promise.
    if (synced) database.pragma('synchronous = FULL');
    return queue;
  };
  return {
    async server() {
      const folder = mkdtempSync(join(tmpdir(), 'viv-plainjob-'));
      return { file: join(folder, 'jobs.db'), stop: async () => rmSync(folder, { recursive: true, force: true }) };
    },
    async producer(address) {
      const queue = open(address);
      return { add: async (items) => items.map((item) => queue.add('job', item)), close: async () => queue.close() };
    },
    async worker(address, _concurrency, { begun, done }) {
      const queue = open(address);
      const job = async ({ data }) => {
        const item = JSON.parse(data);
        begun(item);
        done(item);
      };
      return () => defineWorker('job', job, { queue, logger, pollIntervall: 10 }).start();
    },
  };
};
