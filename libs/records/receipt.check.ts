import { keyFault, readEvidenceJwk, type EvidenceKey } from './evidence.key';
import type { Finding } from './finding';
import { leafHash, rootByProof } from './merkle';
import type { ProvenRecord, Receipt } from './receipt';
import { headText, isSigned, parseSignedHead, type SignedHead } from './record.batch';
import { parseSeal, type SignedSeal } from './seal';
import { sealFault } from './seal.check';
import { bodyHash, parseRecord, type TransactionRecord } from './transaction.record';

/** The bytes of a body that the caller kept. */
export interface KeptBodies {
  request?: Uint8Array;
  answer?: Uint8Array;
}

export interface CheckedReceipt {
  findings: Finding[];
  id?: string;
  records: TransactionRecord[];
  /** The record that says how the transaction ended. */
  ending?: TransactionRecord;
  seal?: SignedSeal;
}

/**
 * Proves a receipt, offline.
 * @param known public keys from elsewhere; those in the receipt are believed when there are none
 */
export function checkReceipt(
  text: string,
  known: ReadonlyMap<string, EvidenceKey> | undefined,
  bodies: KeptBodies = {},
): CheckedReceipt {
  let receipt: Receipt;
  let own: Map<string, EvidenceKey>;
  try {
    receipt = readReceipt(text);
    own = new Map(receipt.keys.map((jwk) => [jwk.kid, readEvidenceJwk({ ...jwk })]));
  } catch (error) {
    return { findings: [{ fault: 'bad-receipt', detail: (error as Error).message }], records: [] };
  }
  const keys = known ?? own;
  const findings: Finding[] = known ? unlikeKeys(own, known) : [];
  const records = receipt.records.flatMap((proven) => {
    const { record, faults } = checkRecord(proven, receipt.id, keys);
    findings.push(...faults);
    return record ? [record] : [];
  });
  const { id } = receipt;
  const ending = records.find(({ final }) => final);
  if (!ending) findings.push({ fault: 'missing-outcome', id });
  if (records[0]?.kind === 'command' && !records.some(({ step }) => step === 'intent'))
    findings.push({ fault: 'missing-intent', id });
  findings.push(...bodyFindings(id, records, ending, bodies));
  const seal = receipt.seal === undefined ? undefined : checkSeal(receipt.seal, keys, findings);
  return { findings, id, records, ending, seal };
}

/** Keys of the receipt that are not those which are known. */
function unlikeKeys(own: ReadonlyMap<string, EvidenceKey>, known: ReadonlyMap<string, EvidenceKey>): Finding[] {
  return [...own.values()].flatMap(({ kid, x, recorder }): Finding[] => {
    const key = known.get(kid);
    if (!key) return [{ fault: 'unknown-key', recorder, detail: kid }];
    return key.x === x && key.recorder === recorder ? [] : [{ fault: 'changed-key', recorder, detail: kid }];
  });
}

function checkSeal(text: string, keys: ReadonlyMap<string, EvidenceKey>, findings: Finding[]): SignedSeal | undefined {
  try {
    const seal = parseSeal(text);
    const fault = sealFault(seal, keys);
    if (!fault) return seal;
    findings.push(fault);
  } catch (error) {
    findings.push({ fault: 'changed-seal', detail: (error as Error).message });
  }
  return undefined;
}

function checkRecord(
  { text, index, proof, head: signed }: ProvenRecord,
  id: string,
  keys: ReadonlyMap<string, EvidenceKey>,
): { record?: TransactionRecord; faults: Finding[] } {
  let head: SignedHead;
  try {
    head = parseSignedHead(signed);
  } catch {
    return { faults: [{ fault: 'not-a-batch', id, detail: 'the head of its batch' }] };
  }
  const where = { id, recorder: head.recorder, batch: head.number, index };
  const fault = keyFault(head, keys);
  if (fault) return { faults: [{ fault, ...where, detail: head.key }] };
  if (!isSigned(headText(head), head.signature, keys.get(head.key)!.publicKey))
    return { faults: [{ fault: 'wrong-signature', ...where }] };
  const hashes = proof.map((hash) => Buffer.from(hash, 'hex'));
  const root = rootByProof(leafHash(text), index, head.count, hashes);
  if (root?.toString('hex') !== head.root || head.leaves !== undefined)
    return { faults: [{ fault: 'wrong-proof', ...where }] };
  try {
    const record = parseRecord(text);
    return record.id === id ? { record, faults: [] } : { faults: [{ fault: 'other-transaction', ...where }] };
  } catch (error) {
    return { faults: [{ fault: 'bad-receipt', ...where, detail: (error as Error).message }] };
  }
}

function bodyFindings(
  id: string,
  records: readonly TransactionRecord[],
  ending: TransactionRecord | undefined,
  { request, answer }: KeptBodies,
): Finding[] {
  const findings: Finding[] = [];
  const isOther = (record: TransactionRecord, body: Uint8Array, recorded: string | undefined): boolean =>
    bodyHash(Buffer.from(record.salt, 'base64url'), body) !== recorded;
  if (request && (records.length === 0 || records.some((record) => isOther(record, request, record.requestHash))))
    findings.push({ fault: 'other-body', id, detail: 'the request' });
  // The answer that was given may have been recorded after it was known how the transaction ended.
  const endings = records.filter(({ final, outcome }) => final && outcome === ending?.outcome);
  if (answer && endings.every((record) => isOther(record, answer, record.answerHash)))
    findings.push({ fault: 'other-body', id, detail: 'the answer' });
  return findings;
}

const hexHash = /^[0-9a-f]{64}$/;

/** @throws Error naming what is not as it must be */
function readReceipt(text: string): Receipt {
  const value = JSON.parse(text) as Partial<Record<keyof Receipt, unknown>> | null;
  if (typeof value !== 'object' || value === null) throw new Error('it is no object');
  const unknown = Object.keys(value).find((name) => !['v', 'id', 'records', 'keys', 'seal'].includes(name));
  if (unknown !== undefined) throw new Error(`unknown member ${unknown}`);
  if (value.v !== 1) throw new Error(`a receipt of unknown version ${String(value.v)}`);
  if (typeof value.id !== 'string') throw new Error('it names no transaction');
  if (value.seal !== undefined && typeof value.seal !== 'string') throw new Error('its seal is no text');
  if (!Array.isArray(value.records) || !Array.isArray(value.keys)) throw new Error('it lists no records or no keys');
  if (!value.records.every(isProvenRecord)) throw new Error('a record is not as it must be');
  return value as unknown as Receipt;
}

function isProvenRecord(value: unknown): value is ProvenRecord {
  const { text, index, proof, head, ...rest } = (value ?? {}) as Partial<ProvenRecord>;
  const isText = typeof text === 'string' && typeof head === 'string' && Number.isSafeInteger(index);
  const isProof = Array.isArray(proof) && proof.every((hash) => typeof hash === 'string' && hexHash.test(hash));
  return isText && isProof && index! >= 0 && Object.keys(rest).length === 0;
}
