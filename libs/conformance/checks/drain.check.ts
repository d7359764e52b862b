import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckedProcess } from '../check.run';
import type { ServiceInfo } from '../described.operation';
import type { OperationCalls } from '../operation.calls';
import type { ServiceInquiry } from '../service.inquiry';

/** Calls that are under way when the signal comes. */
const burst = 20;
/** Time for the burst to be taken up, in milliseconds. */
const takeUpMs = 50;

/** Stops the process of the connector in the middle of calls. It ends with this check. */
export async function checkDrain(
  calls: OperationCalls,
  process: CheckedProcess,
  inquiry: ServiceInquiry,
  info: ServiceInfo,
): Promise<void> {
  const { verdicts, probe, options } = calls.run;
  const sending = Promise.all(Array.from({ length: burst }, () => calls.send({ body: calls.input })));
  await probe.flush();
  await sleep(takeUpMs);
  process.stop();
  const exchanges = await sending;
  const count = (kind: string): number => exchanges.filter(({ probed }) => probed.kind === kind).length;
  const lost = count('silence');
  const sent = `${burst} times ${exchanges[0]!.sent}, then SIGTERM`;
  const came = `${count('answer')} answered, ${count('nobody')} found nobody, ${lost} were never answered`;
  if (lost === 0) verdicts.keep('drain.finishes');
  else verdicts.break('drain.finishes', calls.operation.subject, { sent, came, expected: 'every call to be answered' });

  const code = await Promise.race([process.exited, sleep(options.stopMs, 'still running' as const, { ref: false })]);
  const leaves = { sent: 'SIGTERM', expected: 'the end of the process with exit code 0, and silence' };
  if (code !== 0) {
    const came = code === null ? 'it was ended by the signal' : code === 'still running' ? code : `exit code ${code}`;
    verdicts.break('drain.leaves', undefined, { ...leaves, came });
    return;
  }
  const still = await inquiry.answerOf(`$SRV.PING.${info.name}.${info.id}`, info);
  if (still) verdicts.break('drain.leaves', undefined, { ...leaves, came: JSON.stringify(still) });
  else verdicts.keep('drain.leaves');
}
