import type { BusClient } from '#lgsp/bus';
import type { CalledOperation } from '#lgsp/dispatch';
import { BusError } from '#lgsp/errors';
import type { PlannedCall } from '../plan/step.plan';

/** An operation as its connector describes it now. */
export interface OfferedOperation extends CalledOperation {
  timeoutMs: number;
  /** JSON Schema of its input. */
  input: object;
}

interface ServiceInfo {
  endpoints?: { subject: string; metadata?: Record<string, string> }[];
}

const askMs = 2_000;
const keptMs = 60_000;
const timeoutMsDefault = 10_000;

/** Asks connectors what they offer, over the services protocol, as the gateway does: what is recorded of a step is what was called. */
export class StepOperations {
  private readonly kept = new Map<string, { offered: OfferedOperation[]; until: number }>();

  constructor(private readonly bus: BusClient) {}

  /** @throws BusError `connector-unavailable` when nobody offers it */
  async find({ system, operation }: PlannedCall): Promise<OfferedOperation> {
    const found = (await this.offeredBy(system)).find((offered) => offered.operation === operation);
    if (found) return found;
    this.kept.delete(system);
    throw new BusError('connector-unavailable', { retryAfterMs: askMs });
  }

  private async offeredBy(system: string): Promise<OfferedOperation[]> {
    const kept = this.kept.get(system);
    if (kept && kept.until > Date.now()) return kept.offered;
    const info = await this.bus.call<ServiceInfo>(`$SRV.INFO.${system}`, {}, Date.now() + askMs);
    const prefix = `lgsp.${system}.v1.`;
    const offered = (info.endpoints ?? [])
      .filter(({ subject }) => subject.startsWith(prefix) && !subject.endsWith('.outcome'))
      .map(({ subject, metadata = {} }) => ({
        operation: subject.slice(prefix.length),
        subject,
        version: metadata['version'] ?? '1.0.0',
        kind: metadata['kind'] === 'command' ? ('command' as const) : ('query' as const),
        timeoutMs: Number(metadata['timeoutMs']) || timeoutMsDefault,
        input: JSON.parse(metadata['input'] ?? '{}') as object,
      }));
    this.kept.set(system, { offered, until: Date.now() + keptMs });
    return offered;
  }
}
