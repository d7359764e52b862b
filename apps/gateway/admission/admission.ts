import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { busHeaders, headerLengthMax, type ContextName } from '#lgsp/bus';
import { isGranted, mayCallFrom, speaksFor, type ClientRecord } from '#lgsp/clients';
import { BusError, type FieldError, type Language, type Text } from '#lgsp/errors';
import { ruleMessage } from '#lgsp/kit';
import type { OperationEntry } from '../catalogue/service.description';
import type { AccessTokens } from '../tokens/access.tokens';
import { limitHeaders, type LimitGate } from '../limits/limit.gate';
import type { ApiKeys } from './api.keys';
import type { CallerAddress } from './caller.address';

const visibleAscii = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const apiKeyScheme = /^ApiKey ([\x21-\x7e]{1,200})$/i;
const bearerScheme = /^Bearer ([\w.~+/-]{1,4096}=*)$/i;

const contextHeaders: readonly (readonly [ContextName, string, string])[] = [
  ['agency', 'lgsp-agency', busHeaders.agency],
  ['officer', 'lgsp-officer', busHeaders.officer],
  ['dossier', 'lgsp-dossier', busHeaders.dossier],
  ['procedure', 'lgsp-procedure', busHeaders.procedure],
  ['purpose', 'lgsp-purpose', busHeaders.purpose],
];

/** Names of the context headers as Node gives them. */
export const contextHeaderNames = contextHeaders.map(([, header]) => header);

/** A call that may pass: whose it is, and the context that travels with it. */
export interface Admitted {
  client: ClientRecord;
  headers: Record<string, string | undefined>;
}

/** The door: who calls, whether the client may, and whether the call carries the context that its operation requires. */
export class Admission {
  constructor(
    private readonly keys: ApiKeys,
    private readonly tokens: AccessTokens,
    private readonly limits: LimitGate,
    private readonly addresses: CallerAddress,
  ) {}

  /** Why the limiter, and an outside issuer where there is one, are not as they should be; undefined where they are. */
  get degraded(): Record<string, string | undefined> {
    const { outside } = this.tokens;
    return { limiter: this.limits.degraded, ...(outside ? { issuer: outside.degraded } : {}) };
  }

  /** By access token or API key; at once for one that was seen before. @throws BusError `unauthenticated`, `token-expired`, `overloaded` */
  identify(headers: IncomingHttpHeaders): ClientRecord | Promise<ClientRecord> {
    const authorization = headers.authorization ?? '';
    const token = bearerScheme.exec(authorization)?.[1];
    if (token) {
      const id = this.tokens.identify(token);
      return id instanceof Promise
        ? id.then((verified) => known(this.keys.client(verified)))
        : known(this.keys.client(id));
    }
    const key = apiKeyScheme.exec(authorization)?.[1];
    if (!key) throw unauthenticated();
    const found = this.keys.identify(key);
    return found instanceof Promise ? found.then(known) : known(found);
  }

  /** Whether the client may call from where the request comes. @throws BusError `address-not-allowed` */
  checkAddress(client: ClientRecord, request: Pick<IncomingMessage, 'headers' | 'socket'>): void {
    if (!client.networks) return;
    const address = this.addresses.of(request);
    if (!mayCallFrom(client, address)) throw new BusError('address-not-allowed', { detail: elsewhere(address) });
  }

  /** Counts the call against its limits. @param tell gets the headers that tell of them, also when it is refused */
  count(client: ClientRecord, system: string, tell: (name: string, value: string) => void): Promise<void> {
    return this.limits.admit(client, system, (decision) => {
      const { policy, state } = limitHeaders(decision);
      tell('ratelimit-policy', policy);
      tell('ratelimit', state);
    });
  }

  /** @throws BusError `client-suspended`, `operation-not-granted`, `missing-context`, `idempotency-key-required` */
  admit(
    client: ClientRecord,
    system: string,
    operation: OperationEntry,
    headers: IncomingHttpHeaders,
    language: Language,
  ): Admitted {
    if (client.state !== 'active') throw new BusError('client-suspended');
    if (!isGranted(client.grants, system, operation.operation)) throw new BusError('operation-not-granted');
    const passed: Record<string, string | undefined> = { [busHeaders.client]: client.id };
    const faults: FieldError[] = [];
    for (const [name, header, busName] of contextHeaders) {
      const value = headers[header];
      if (value === undefined || value === '') {
        if (name === 'agency' && client.agencies[0] !== '*') passed[busName] = client.agencies[0];
        else if (operation.requires.includes(name)) faults.push(fault(busName, 'required', language));
      } else if (typeof value !== 'string' || !isPlain(value)) faults.push(fault(busName, 'header-text', language));
      else passed[busName] = value;
    }
    const agency = passed[busHeaders.agency];
    if (faults.length > 0) throw new BusError('missing-context', { errors: faults });
    if (agency !== undefined && !speaksFor(client, agency))
      throw new BusError('operation-not-granted', { detail: otherAgency });
    const key = headers['idempotency-key'];
    if (typeof key === 'string' && isPlain(key)) passed[busHeaders.idempotencyKey] = key;
    else if (key) throw new BusError('idempotency-key-required', { detail: badKey });
    else if (operation.kind === 'command') throw new BusError('idempotency-key-required');
    return { client, headers: passed };
  }
}

function known(client: ClientRecord | undefined): ClientRecord {
  if (!client) throw unauthenticated();
  return client;
}

const unauthenticated = (): BusError => new BusError('unauthenticated');
const isPlain = (value: string): boolean => value.length <= headerLengthMax && visibleAscii.test(value);

const fault = (path: string, rule: string, language: Language): FieldError => ({
  path,
  rule,
  message: ruleMessage(rule)[language],
});

/** The caller's own address, so that whoever set the networks can be told; it is no secret to the caller. */
const elsewhere = (address = 'unknown'): Text => {
  const shown = address.replaceAll(/[^0-9A-Za-z:.%]/g, '?').slice(0, 45);
  return {
    en: `the address ${shown} is not in the networks of this client`,
    vi: `địa chỉ ${shown} không thuộc các mạng được phép của phần mềm này`,
  };
};
const otherAgency: Text = {
  en: 'the client may not speak for this agency',
  vi: 'phần mềm này không được gọi thay cho cơ quan này',
};
const badKey: Text = {
  en: `the key must have 1 to ${headerLengthMax} visible ASCII characters`,
  vi: `khóa phải có từ 1 đến ${headerLengthMax} ký tự ASCII hiển thị được`,
};
