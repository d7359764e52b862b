import { Injectable } from '@nestjs/common';
import { IsString } from 'class-validator';
import { BusClient, busHeaders } from '#lgsp/bus';
import { startNats, type TestNats } from '#lgsp/bus/testing';
import { loadConfig } from '#lgsp/config';
import { createLogger } from '#lgsp/telemetry';
import {
  ConnectorConfig,
  defineConnector,
  operation,
  startConnector,
  type AdapterOf,
  type RunningConnector,
} from '#lgsp/kit';

/** A connector that offers two versions of a command: what was one text is now a title and a text. */

class Note {
  @IsString() text: string;
}
class TitledNote extends Note {
  @IsString() title: string;
}
class Kept {
  @IsString() kept: string;
}

const shared = {
  kind: 'command',
  idempotency: 'the key is the number of the note',
  summary: { en: 'Keeps a note', vi: 'Lưu ghi chú' },
  output: Kept,
  timeoutMs: 5_000,
  sensitivity: 'public',
} as const;

const notes = defineConnector({
  name: 'notes',
  version: '2.0.0',
  owner: 'test',
  summary: { en: 'Notes', vi: 'Ghi chú' },
  operations: {
    keepNote: operation({
      ...shared,
      input: TitledNote,
      example: { input: { title: 'a', text: 'b' }, output: { kept: 'a: b' } },
    }),
    keepNoteV1: operation({
      ...shared,
      version: '1.3.0',
      deprecatedSince: '2026-06-01',
      input: Note,
      example: { input: { text: 'b' }, output: { kept: 'b' } },
    }),
  },
});

@Injectable()
class NotesAdapter implements AdapterOf<typeof notes> {
  keepNote = async ({ title, text }: TitledNote) => ({ kept: `${title}: ${text}` });
  keepNoteOutcome = async () => ({ kept: 'the present one' });
  keepNoteV1 = async ({ text }: Note) => ({ kept: text });
  keepNoteV1Outcome = async () => ({ kept: 'the earlier one' });
}

let nats: TestNats;
let connector: RunningConnector;
let client: BusClient;
beforeAll(async () => {
  nats = await startNats();
  const config = loadConfig(ConnectorConfig, { LGSP_NATS_URL: nats.url });
  const log = createLogger({ app: 'notes', level: 'silent' });
  connector = await startConnector(
    { definition: notes, adapter: NotesAdapter, config: ConnectorConfig },
    { config, log },
  );
  client = new BusClient(await nats.connect());
});
afterAll(async () => {
  await connector.stop();
  await nats.stop();
});

const call = (subject: string, input: object): Promise<object> =>
  client.call(`lgsp.notes.${subject}`, input, Date.now() + 5_000, { [busHeaders.idempotencyKey]: 'k' });

it('answers each version by a method of its own, with its own rules', async () => {
  expect(await call('v1.keep-note', { text: 'b' })).toEqual({ kept: 'b' });
  expect(await call('v2.keep-note', { title: 'a', text: 'b' })).toEqual({ kept: 'a: b' });
  await expect(call('v2.keep-note', { text: 'b' })).rejects.toMatchObject({ errors: [{ path: '/title' }] });
  await expect(call('v1.keep-note', { title: 'a', text: 'b' })).rejects.toMatchObject({ errors: [{ path: '/title' }] });
});

it('says of each what became of it', async () => {
  expect(await call('v1.keep-note.outcome', { text: 'b' })).toEqual({ kept: 'the earlier one' });
  expect(await call('v2.keep-note.outcome', { title: 'a', text: 'b' })).toEqual({ kept: 'the present one' });
});
