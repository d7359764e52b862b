import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BusConnection } from '#lgsp/bus';
import { openEvidenceKeys, openLedgerStream } from '#lgsp/recorder';
import type { Logger } from '#lgsp/telemetry';
import { BookWriter } from './apply/book.writer';
import { readPosition } from './apply/position';
import { Archive } from './archive/archive';
import { rebuild } from './archive/rebuild';
import type { LedgerConfig } from './ledger.config';
import type { Database, Writer } from './store/database';
import { openDatabase } from './store/open.database';

/** What a task of the ledger works with: nobody else writes the book meanwhile. */
interface Desk {
  config: LedgerConfig;
  log: Logger;
  database: Database;
  writer: Writer;
  connection: BusConnection;
}

/** How long a task waits for a writer to leave, and before it asks again, in milliseconds. */
const writerWithinMs = 5_000;
const writerRetryMs = 250;

type Task = (desk: Desk, args: string[]) => Promise<void>;

/**
 * What the ledger's program does beside serving, named as its first argument, while no ledger runs (`npm run ledger -- <task>`):
 * `rebuild` makes the book anew from the stream; `archive` puts old months into files now; `restore <month> [<file>]` brings one back.
 */
const tasks: Record<string, Task> = {
  async rebuild({ database, writer, connection, log }) {
    const [stream, keys] = await Promise.all([openLedgerStream(connection), openEvidenceKeys(connection)]);
    const rebuilt = await rebuild({ database, writer, stream, keys, log });
    log.info(rebuilt, 'the book is made anew');
  },
  async archive(desk) {
    const book = await bookOf(desk);
    if (book.isBehind) throw new Error('the stream holds what is not in the book yet: let a ledger catch up first');
    const months = await archiveOf(desk).run(book);
    desk.log.info({ months }, months.length === 0 ? 'no month is old enough' : 'months are archived');
  },
  async restore(desk, [month = '', file]) {
    if (!/^\d{4}-\d{2}$/.test(month)) throw new Error('restore takes the month, such as 2025-10');
    await archiveOf(desk).restore(await bookOf(desk), month, file);
  },
};

/** Does a task. @throws Error when there is none of this name, or a ledger writes the book */
export async function runLedgerTask(name: string, args: string[], config: LedgerConfig, log: Logger): Promise<void> {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) throw new Error(`there is no task "${name}": it is one of ${Object.keys(tasks).join(', ')}`);
  const database = await openDatabase(config, log);
  try {
    const writer = await writerOf(database);
    try {
      const connection = await BusConnection.open({ ...config.bus, name: 'ledger', log });
      try {
        await task({ config, log, database, writer, connection }, args);
      } finally {
        await connection.close();
      }
    } finally {
      await writer.release();
    }
  } finally {
    await database.close();
  }
}

/** A ledger that was stopped just now may still have it. @throws Error while another process writes the book */
async function writerOf(database: Database): Promise<Writer> {
  const deadline = Date.now() + writerWithinMs;
  for (;;) {
    const writer = await database.becomeWriter();
    if (writer) return writer;
    if (Date.now() > deadline) throw new Error('a ledger writes the book: stop it first');
    await pause(writerRetryMs);
  }
}

function archiveOf({ config, database, log }: Desk): Archive {
  return new Archive(database, { folder: join(config.folder, 'archive'), onlineMonths: config.onlineMonths }, log);
}

async function bookOf({ writer, connection }: Desk): Promise<BookWriter> {
  const state = await (await openLedgerStream(connection)).state();
  return BookWriter.open(writer, writer, await readPosition(writer, state), state.last);
}
