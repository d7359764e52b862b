import { BusError, type Outcome, type Text } from '#lgsp/errors';
import type { TransactionRecord } from '#lgsp/records';
import type { Sql } from '../store/database';

/** A command whose outcome is not final, as it stands in the book, and how often it was asked about. */
export interface OpenCommand {
  /** Its newest record, without what its end tells. */
  facts: Omit<TransactionRecord, 'step' | 'final' | 'outcome' | 'code'>;
  outcome: Outcome;
  code?: string;
  asked: number;
}

interface Row extends Record<string, unknown> {
  id: string;
  outcome: Outcome;
  code: string | null;
  asked: number;
}

const columns = `id::text, (extract(epoch from at) * 1000)::bigint as "receivedAt", environment, client, agency, officer, dossier,
  linked_dossier as "linkedDossier", procedure, system, operation, version, kind, mode, idempotency,
  (extract(epoch from deadline) * 1000)::bigint as deadline, (extract(epoch from sent_at) * 1000)::bigint as "sentAt",
  (extract(epoch from returned_at) * 1000)::bigint as "returnedAt", upstream_ms as "upstreamMs", attempts,
  request_bytes as "requestBytes", salt, request_hash as "requestHash", trace, outcome, code,
  coalesce(asked, 0) as asked`;

/**
 * Commands to ask about now, oldest first. Under way at the courier (asynchronous and accepted) is its affair; anything else
 * is due once its deadline has passed, and then whenever its next question is. One that its caller sends again is not.
 */
export async function dueCommands(sql: Sql, now: Date, limit: number): Promise<OpenCommand[]> {
  const rows = await sql.query<Row>(
    `select ${columns} from transactions left join questions using (id)
     where not final and kind = 'command' and not (mode = 'async' and outcome = 'accepted')
       and greatest(coalesce(next_at, deadline, at), deadline) <= $1
     order by id limit $2`,
    [now.toISOString(), limit],
  );
  return rows.map(openCommandOf);
}

/**
 * One command that is open, due or not.
 * @throws BusError `unknown-transaction`; `wrong-state` when it is a query, or final
 */
export async function openCommand(sql: Sql, id: string): Promise<OpenCommand> {
  const [row] = await sql.query<Row & { kind: string; final: boolean }>(
    `select ${columns}, final from transactions left join questions using (id) where id = $1`,
    [id],
  );
  if (!row) throw new BusError('unknown-transaction');
  const { final, ...open } = row;
  if (row.kind !== 'command') throw new BusError('wrong-state', { detail: onlyCommands });
  if (final) throw new BusError('wrong-state', { detail: isFinal });
  return openCommandOf(open);
}

const onlyCommands: Text = {
  en: 'it is a query: nothing of it is kept that could be sent again, and its caller may ask anew at any time',
  vi: 'đây là truy vấn: nội dung không được lưu để gửi lại, bên gọi có thể hỏi lại bất cứ lúc nào',
};
const isFinal: Text = {
  en: 'its outcome is final',
  vi: 'kết quả của giao dịch đã là cuối cùng',
};

/** Notes that a command was asked about, what was said, and when it is asked about again. */
export async function noteQuestion(sql: Sql, id: string, asked: number, nextAt: Date, said: string): Promise<void> {
  await sql.query(
    `insert into questions (id, asked, next_at, last_answer) values ($1, $2, $3, $4)
     on conflict (id) do update set asked = excluded.asked, next_at = excluded.next_at, last_answer = excluded.last_answer`,
    [id, asked, nextAt.toISOString(), said],
  );
}

/** Forgets the questions about commands that are final. */
export async function forgetAnswered(sql: Sql): Promise<void> {
  await sql.query(
    `delete from questions where exists (select from transactions t where t.id = questions.id and t.final)`,
  );
}

function openCommandOf({ outcome, code, asked, ...row }: Row): OpenCommand {
  const facts = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  return { facts: facts as unknown as OpenCommand['facts'], outcome, code: code ?? undefined, asked };
}
