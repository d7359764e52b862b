/** A backlog of asynchronous commands: which jobs there are, and how they are handed in. */
import { Pool } from 'undici';
import { Trouble } from '../../../deploy/local/say.mjs';
import { bodyOf } from './bodies.mjs';

/**
 * @typedef {object} Job
 * @property {number} nth
 * @property {number} client its first has most of the jobs
 * @property {string} [dossier] whose jobs must be sent in their order
 * @property {number} place among those of its dossier
 * @property {boolean} fails at its first sending
 */

/** Size of a body: a declaration of a birth is about so large. */
const bodyBytes = 1_000;
const answerMs = 30_000;
const againMs = 100;
/** Longest time in which none is accepted. */
const stuckMs = 60_000;

/**
 * The jobs in the order in which they are handed in: first those of the greedy client, since this is worst for the others. Each
 * unit is one dossier's jobs, or one job without a dossier.
 * @param {{jobs: number, clients: number, greedyShare: number, dossierShare: number, perDossier: number, failEvery: number}} options
 * @returns {Job[][]}
 */
export function unitsOf({ jobs, clients, greedyShare, dossierShare, perDossier, failEvery }) {
  const greedy = clients === 1 ? jobs : Math.round(jobs * greedyShare);
  const clientOf = (/** @type {number} */ nth) => (nth < greedy ? 0 : 1 + ((nth - greedy) % (clients - 1)));
  /** @type {Map<number, Job[]>} dossiers that are being filled, by client */
  const open = new Map();
  const units = [];
  let inDossiers = 0;
  for (let nth = 0; nth < jobs; nth++) {
    const client = clientOf(nth);
    const job = { nth, client, place: 0, fails: nth % failEvery === failEvery - 1 };
    const unit = open.get(client);
    if (unit) {
      unit.push({ ...job, dossier: unit[0].dossier, place: unit.length });
      if (unit.length === perDossier) open.delete(client);
    } else if (inDossiers >= nth * dossierShare) units.push([job]);
    else {
      const begun = [{ ...job, dossier: `H24.11-261101-${String(nth).padStart(7, '0')}` }];
      inDossiers += perDossier;
      units.push(begun);
      if (perDossier > 1) open.set(client, begun);
    }
  }
  return units;
}

/**
 * Hands all jobs in by HTTP, a dossier's one after the other, until each is accepted.
 * @param {Job[][]} units
 * @param {{address: URL, path: string, tokens: string[], connections: number, tell: (accepted: number, perSecond: number) => void}} to
 * @returns {Promise<{transactions: string[], seconds: number, refused: Record<string, number>}>} transactions by number of the job
 */
export async function handIn(units, { address, path, tokens, connections, tell }) {
  const pool = new Pool(address.origin, { connections, pipelining: 1 });
  const rest = bodyOf(bodyBytes).slice(1);
  const transactions = [];
  /** @type {Record<string, number>} */
  const refused = {};
  const startedAt = performance.now();
  let next = 0;
  let accepted = 0;
  const one = async (/** @type {Job} */ { nth, client, dossier, fails }) => {
    const headers = {
      authorization: `Bearer ${tokens[client]}`,
      'content-type': 'application/json',
      'idempotency-key': `job-${nth}`,
      prefer: 'respond-async',
      ...(dossier && { 'lgsp-dossier': dossier }),
    };
    const body = `{"nth":${nth},"fails":${fails},${rest}`;
    for (const until = Date.now() + stuckMs; ;) {
      const answer = await pool.request({ method: 'POST', path, headers, body, headersTimeout: answerMs });
      const text = await answer.body.text();
      const id = answer.headers['lgsp-transaction-id'];
      if (answer.statusCode === 202) {
        transactions[nth] = /** @type {string} */ (id);
        return tell(++accepted, (accepted * 1_000) / (performance.now() - startedAt));
      }
      refused[answer.statusCode] = (refused[answer.statusCode] ?? 0) + 1;
      if (Date.now() > until) throw new Trouble(`job ${nth} is not accepted: ${answer.statusCode} ${text}`);
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  };
  const work = async () => {
    for (let unit = units[next++]; unit; unit = units[next++]) for (const job of unit) await one(job);
  };
  await Promise.all(Array.from({ length: connections }, work));
  await pool.close();
  return { transactions, seconds: (performance.now() - startedAt) / 1_000, refused };
}
