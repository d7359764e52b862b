import type { OperationCalls } from '../operation.calls';
import { isWellFormed, judgeRefusal } from '../refusal.judgement';

/** How long ago a deadline passed that is tried, and how much longer a late answer is waited for, in milliseconds. */
const passedMs = 5_000;
const lateMs = 5_000;

/** Whether a deadline is heard: one that has passed, and one that is short. */
export async function checkDeadline(calls: OperationCalls): Promise<void> {
  const { run, operation } = calls;
  const { shortMs, graceMs } = run.options;
  const expired = await calls.send({ body: calls.input, deadlineMs: -passedMs });
  judgeRefusal(calls, 'deadline.expired', expired, { codes: ['deadline-exceeded'] });

  const waitMs = shortMs + graceMs + lateMs;
  const exchange = await calls.send({ body: calls.input, deadlineMs: shortMs, waitMs });
  const { sent, came, probed } = exchange;
  const isInTime = probed.kind === 'answer' && probed.ms <= shortMs + graceMs;
  if (isInTime) run.verdicts.keep('deadline.kept');
  else
    run.verdicts.break('deadline.kept', operation.subject, { sent, came, expected: `any answer within ${shortMs} ms` });
  if (probed.kind === 'answer' && !exchange.succeeded) isWellFormed(calls, exchange);
}
