/** A registered caller: the software of one vendor or agency. */
export interface ClientRecord {
  /** Kebab-case, 3 to 40 characters. */
  id: string;
  name: string;
  /** Codes of the agencies that it may speak for; `*` is any. The first is meant where a call names none. */
  agencies: string[];
  environment: 'production' | 'sandbox';
  /** An operator sees the transactions of all clients. */
  role: 'caller' | 'operator';
  /** At most two are valid at a time, so that one can be replaced while the other serves. */
  secrets: SecretRecord[];
  /** What it may call: `payment.create-payment`, `population.*`, `*`. Nothing else. */
  grants: string[];
  state: 'active' | 'suspended';
  /** From where it may call: networks in CIDR form, or addresses. From anywhere when left out or empty. */
  networks?: string[];
  /** Where it differs from the gateway's defaults. */
  limits?: ClientLimits;
  /** ISO 8601. */
  createdAt: string;
  /** The change that made the record what it is: kept with it, so that its entry in the audit cannot be lost. */
  changed?: ChangeMark;
}

/** Which change it was, and who made it. */
export interface ChangeMark {
  /** UUID. */
  id: string;
  /** ISO 8601. */
  at: string;
  who: string;
  action: string;
}

/** How much a client may call. What is left out is the gateway's default, or unlimited for quotas. */
export interface ClientLimits {
  perSecond?: number;
  /** Calls that may come at once; twice the rate when left out. */
  burst?: number;
  /** At any one system. */
  perSecondAtSystem?: number;
  /** Quotas by the calendar of Vietnam. */
  perDay?: number;
  perMonth?: number;
}

/** A secret as it is kept: never itself. */
export interface SecretRecord {
  id: string;
  /** Base64url, random. */
  salt: string;
  /** Base64url, scrypt. */
  hash: string;
  createdAt: string;
}

export const clientIdPattern = /^[a-z][a-z0-9-]{2,39}$/;

/** Whether one of the grants covers the operation. */
export function isGranted(grants: readonly string[], system: string, operation: string): boolean {
  return grants.some((grant) => grant === '*' || grant === `${system}.*` || grant === `${system}.${operation}`);
}

/** Whether the client may speak for the agency. */
export function speaksFor({ agencies }: ClientRecord, agency: string): boolean {
  return agencies.includes('*') || agencies.includes(agency);
}
