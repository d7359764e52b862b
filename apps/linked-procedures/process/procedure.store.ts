import { createHash } from 'node:crypto';
import { KeyValueStore, type BusConnection, type Stored } from '#lgsp/bus';
import { BusError } from '#lgsp/errors';
import type { JobSeal } from '#lgsp/jobs';
import type { Findings } from '../plan/step.plan';
import type { BirthWithCard } from '../linked-procedures.messages';
import type { ProcedureRecord } from './procedure.record';

/** What lies sealed beside a procedure: what the caller gave, and in whose name. */
export interface GivenInput {
  headers: Record<string, string | undefined>;
  input: BirthWithCard;
}

interface Sealed {
  /** Base64. */
  sealed: string;
}

/** Where a procedure lies that is looked for by another name. */
interface Pointer {
  place: string;
}

/** After its last change; longer than anybody may leave one open. */
const keptMs = 180 * 86_400_000;

const hashOf = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

/** A client has one procedure for a dossier. */
export const placeOfDossier = (client: string, dossier: string): string => `of.${hashOf(client, dossier)}`;
const linkedKey = (client: string, dossier: string): string => `linked.${hashOf(client, dossier)}`;
const idKey = (id: string): string => `id.${id}`;

/**
 * The linked procedures, durable on the bus: the record of each, written with compare-and-set; what may not be read there,
 * sealed; and the other names by which one is found.
 */
export class ProcedureStore {
  private constructor(
    private readonly records: KeyValueStore<ProcedureRecord>,
    private readonly inputs: KeyValueStore<Sealed>,
    private readonly pointers: KeyValueStore<Pointer>,
    private readonly seal: JobSeal,
  ) {}

  static async open(connection: BusConnection, seal: JobSeal): Promise<ProcedureStore> {
    const bucket = <T>(name: string, description: string): Promise<KeyValueStore<T>> =>
      KeyValueStore.open<T>(connection, { bucket: name, description, ttlMs: keptMs });
    const [records, inputs, pointers] = await Promise.all([
      bucket<ProcedureRecord>('PROCEDURES', 'linked procedures and where they stand'),
      bucket<Sealed>('PROCEDURE_INPUTS', 'what linked procedures were given, sealed, until they end'),
      bucket<Pointer>('PROCEDURE_NAMES', 'linked procedures by id and by their other dossier code'),
    ]);
    return new ProcedureStore(records, inputs, pointers, seal);
  }

  get(place: string): Promise<Stored<ProcedureRecord> | undefined> {
    return this.records.get(place);
  }

  /** Writes a new one, or in the place of one that ended; false when somebody else was faster. */
  async create(record: ProcedureRecord, given: GivenInput, replaces?: number): Promise<boolean> {
    const place = placeOfDossier(record.client, record.dossier);
    // Before the record: so there is none whose input is missing, or that is not found.
    await this.keepInput(record.id, given);
    await this.name(record, place);
    if (replaces !== undefined) return (await this.records.update(place, record, replaces)) !== undefined;
    return (await this.records.create(place, record)) !== undefined;
  }

  /** False when somebody else changed it since. */
  async update(record: ProcedureRecord, revision: number): Promise<number | undefined> {
    return this.records.update(placeOfDossier(record.client, record.dossier), record, revision);
  }

  /** Has it found by its id and by the other code of its dossier. */
  async name({ id, client, linkedDossier }: ProcedureRecord, place: string): Promise<void> {
    await this.pointers.put(idKey(id), { place });
    if (linkedDossier !== undefined) await this.pointers.put(linkedKey(client, linkedDossier), { place });
  }

  /** By either code of its dossier. */
  async find(client: string, dossier: string): Promise<Stored<ProcedureRecord> | undefined> {
    const direct = await this.get(placeOfDossier(client, dossier));
    return direct ?? this.follow(await this.pointers.get(linkedKey(client, dossier)));
  }

  async byId(id: string): Promise<Stored<ProcedureRecord> | undefined> {
    const found = await this.follow(await this.pointers.get(idKey(id)));
    return found?.value.id === id ? found : undefined;
  }

  async all(): Promise<ProcedureRecord[]> {
    return [...(await this.records.all()).values()];
  }

  watch(listener: (place: string, record: ProcedureRecord | undefined) => void): Promise<void> {
    return this.records.watch((place, stored) => listener(place, stored?.value));
  }

  async keepInput(id: string, given: GivenInput): Promise<void> {
    await this.inputs.put(id, { sealed: this.seal.seal(bytesOf(given), id).toString('base64') });
  }

  /** @throws BusError `internal` when it is gone, or sealed with another key */
  async inputOf(id: string): Promise<GivenInput> {
    const stored = await this.inputs.get(id);
    if (!stored) throw new BusError('internal', { cause: new Error(`the input of the procedure ${id} is gone`) });
    return parsed(this.seal.open(Buffer.from(stored.value.sealed, 'base64'), id)) as GivenInput;
  }

  /** Nobody needs it any more. */
  dropInput(id: string): Promise<void> {
    return this.inputs.delete(id);
  }

  sealFindings(id: string, found: Findings): string {
    return this.seal.seal(bytesOf(found), `${id}.found`).toString('base64');
  }

  openFindings({ id, found }: ProcedureRecord): Findings {
    const lies = found === undefined ? undefined : this.seal.open(Buffer.from(found, 'base64'), `${id}.found`);
    return lies === undefined ? {} : (parsed(lies) as Findings);
  }

  private async follow(pointer: Stored<Pointer> | undefined): Promise<Stored<ProcedureRecord> | undefined> {
    return pointer && this.get(pointer.value.place);
  }
}

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const parsed = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));
