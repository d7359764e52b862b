import { parseOperationSubject, type ServiceProbe } from '#lgsp/bus';
import type { DescribedEndpoint, ServiceInfo } from './described.operation';
import { isRecord, readJson } from './json.text';

const verbs = ['PING', 'INFO', 'STATS'] as const;
export type ServiceVerb = (typeof verbs)[number];

/** How long one round of questions to everybody waits, in milliseconds. */
const roundMs = 1_000;
const nameShape = /^[\w-]{1,64}$/;

export interface Identity {
  name: string;
  id: string;
}

/** What the services protocol says of who is there, asked as the gateway asks. */
export class ServiceInquiry {
  constructor(
    private readonly probe: ServiceProbe,
    private readonly waitMs: number,
  ) {}

  /** The first answer of this instance, as it came; undefined when it is silent. */
  async answerOf(subject: string, { id }: Identity): Promise<Record<string, unknown> | undefined> {
    let found: Record<string, unknown> | undefined;
    await this.probe.askEverybody(subject, this.waitMs, (answer) => {
      const said = readJson(Buffer.from(answer).toString('utf8'));
      if (isRecord(said) && said['id'] === id) found = said;
      return found !== undefined;
    });
    return found;
  }

  /** Everybody who answers a ping within a round. */
  async everybody(): Promise<Identity[]> {
    const found = new Map<string, Identity>();
    await this.probe.askEverybody('$SRV.PING', roundMs, (answer) => {
      const said = readJson(Buffer.from(answer).toString('utf8'));
      if (isRecord(said) && nameShape.test(String(said['name'])) && nameShape.test(String(said['id'])))
        found.set(String(said['id']), { name: String(said['name']), id: String(said['id']) });
      return false;
    });
    return [...found.values()];
  }

  /** Instances that offer an operation of the target, waiting for the first one. */
  async instancesOf(target: Target, appearMs: number): Promise<ServiceInfo[]> {
    const deadline = Date.now() + appearMs;
    const asked = new Map<string, ServiceInfo | undefined>();
    for (;;) {
      const unknown = (await this.everybody()).filter(({ id }) => asked.get(id) === undefined);
      const infos = await Promise.all(unknown.map((who) => this.answerOf(`$SRV.INFO.${who.name}.${who.id}`, who)));
      for (const [index, { id }] of unknown.entries()) asked.set(id, infos[index] as ServiceInfo | undefined);
      const found = [...asked.values()].filter((info) => info !== undefined && operationsOf(info, target).length > 0);
      if (found.length > 0 || Date.now() >= deadline) return found as ServiceInfo[];
    }
  }
}

/** A system, one of its versions, or one operation. */
export interface Target {
  system: string;
  version?: string;
  operation?: string;
}

/** Reads `weather`, `lgsp.weather`, `lgsp.weather.v1`, `lgsp.weather.v1.get-forecast`, also with `.>` at the end. */
export function parseTarget(text: string): Target | undefined {
  const words = text
    .replace(/\.>$/, '')
    .replace(/^lgsp\./, '')
    .split('.');
  const [system, version, operation] = words;
  const name = /^[a-z][a-z0-9-]*$/;
  if (words.length > 3 || !name.test(system!)) return undefined;
  if (version !== undefined && !/^v[1-9][0-9]?$/.test(version)) return undefined;
  if (operation !== undefined && !name.test(operation)) return undefined;
  return { system: system!, version, operation };
}

/** Endpoints of the instance that are operations of the target. */
export function operationsOf(info: ServiceInfo, target: Target): (DescribedEndpoint & { subject: string })[] {
  return endpointsOf(info).filter((endpoint): endpoint is DescribedEndpoint & { subject: string } => {
    return typeof endpoint.subject === 'string' && isWithin(endpoint.subject, target);
  });
}

/** Whether the subject is an operation of the target. */
export function isWithin(subject: string, target: Target): boolean {
  const address = parseOperationSubject(subject);
  return (
    address?.system === target.system &&
    (target.version ?? address.version) === address.version &&
    (target.operation ?? address.operation) === address.operation
  );
}

export const endpointsOf = (info: ServiceInfo): DescribedEndpoint[] =>
  Array.isArray(info.endpoints) ? info.endpoints.filter(isRecord) : [];
