import { ledgerMetrics } from './ledger.metrics';
import { courierMetrics } from './courier.metrics';
import type { MetricRow } from './metric.row';

const secondsOfCall = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/**
 * Every metric of the bus, in one table: the code registers metrics only from here, and docs/metrics.md is made from it.
 * Labels are bounded: never an id, a dossier or a person. Units are base units (seconds, bytes).
 */
export const metricTable = {
  lgsp_requests_total: {
    type: 'counter',
    help: 'HTTP calls of operations answered by the gateway, by HTTP status; refused ones included',
    labels: ['system', 'operation', 'status'],
    from: 'gateway',
  },
  lgsp_failures_total: {
    type: 'counter',
    help: 'Calls that failed for a fault of the bus or of an outside system, by error code and by whose fault it is',
    labels: ['system', 'code', 'fault'],
    from: 'gateway',
  },
  lgsp_refusals_total: {
    type: 'counter',
    help: 'Calls refused at the door, by error code; client is "none" before the caller is known',
    labels: ['client', 'code'],
    from: 'gateway',
  },
  lgsp_callbacks_total: {
    type: 'counter',
    help: 'Callbacks of outside systems, which are no transactions: accepted; forged, mismatch or refused by the connector; blocked at the door; failed, and so to be sent again',
    labels: ['system', 'kind', 'result'],
    from: 'gateway',
  },
  lgsp_idempotent_replays_total: {
    type: 'counter',
    help: 'Commands answered with the answer that was kept under their idempotency key',
    labels: ['system', 'operation'],
    from: 'gateway',
  },
  lgsp_transaction_duration_seconds: {
    type: 'histogram',
    help: 'From the admission of a call to its answer, as the gateway sees it',
    labels: ['system', 'operation'],
    buckets: secondsOfCall,
    from: 'gateway',
  },
  lgsp_operation_timeout_seconds: {
    type: 'gauge',
    help: 'The whole time that a call of the operation may take, as its connector says',
    labels: ['system', 'operation'],
    from: 'gateway',
  },
  lgsp_inflight: {
    type: 'gauge',
    help: 'Admitted calls that are not answered yet',
    labels: ['system'],
    from: 'gateway',
  },
  lgsp_rate_limit_remaining: {
    type: 'gauge',
    help: 'Calls that the client has left at its tightest limit, as of its last call',
    labels: ['client'],
    from: 'gateway',
  },
  lgsp_quota_limit: {
    type: 'gauge',
    help: 'Calls that the client may make in the whole day or month, where it has such a quota',
    labels: ['client', 'quota'],
    from: 'gateway',
  },
  lgsp_quota_remaining: {
    type: 'gauge',
    help: 'Calls that the client has left of its quota of the day or month; absent while Redis, which counts them, is away',
    labels: ['client', 'quota'],
    from: 'gateway',
  },
  lgsp_limiter_degraded: {
    type: 'gauge',
    help: '1 while Redis is away and this gateway limits on its own, else 0',
    labels: [],
    from: 'gateway',
  },
  lgsp_signing_key_expiry_timestamp_seconds: {
    type: 'gauge',
    help: 'Until when the newest key of access tokens signs, now when there is none; the gateways make the next one before that',
    labels: [],
    from: 'gateway',
  },
  lgsp_token_issuer_degraded: {
    type: 'gauge',
    help: '1 while the outside issuer of tokens does not give its keys, else 0; only where one is configured',
    labels: [],
    from: 'gateway',
  },
  lgsp_recorder_append_seconds: {
    type: 'histogram',
    help: 'From the sealing of a batch of transaction records until it is durable',
    labels: [],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    from: 'gateway, ledger, courier',
  },
  lgsp_recorder_batch_records: {
    type: 'histogram',
    help: 'Transaction records that became durable together',
    labels: [],
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_000],
    from: 'gateway, ledger, courier',
  },
  lgsp_recorder_stalled: {
    type: 'gauge',
    help: '1 while transactions cannot be recorded and calls are refused for it, else 0',
    labels: [],
    from: 'gateway, ledger, courier',
  },
  ...ledgerMetrics,
  lgsp_connector_up: {
    type: 'gauge',
    help: '1 while at least one instance of the connector answers, else 0',
    labels: ['system'],
    from: 'gateway',
  },
  lgsp_connector_duration_seconds: {
    type: 'histogram',
    help: 'From the arrival of a call at the connector to its answer, the outside system included',
    labels: ['system', 'operation'],
    buckets: secondsOfCall,
    from: 'connector',
  },
  lgsp_upstream_attempts_total: {
    type: 'counter',
    help: 'Calls sent to the outside system, retries included, by result (ok or the error code)',
    labels: ['system', 'operation', 'result'],
    from: 'connector',
  },
  lgsp_upstream_duration_seconds: {
    type: 'histogram',
    help: 'Duration of one attempt at the outside system',
    labels: ['system', 'operation'],
    buckets: secondsOfCall,
    from: 'connector',
  },
  lgsp_circuit_state: {
    type: 'gauge',
    help: 'Circuit breaker towards the outside system: 0 closed, 1 half-open, 2 open',
    labels: ['system'],
    from: 'connector',
  },
  lgsp_procedures_open: {
    type: 'gauge',
    help: 'Linked procedures that are open, by the step at which they are: state under-way or failed',
    labels: ['step', 'state'],
    from: 'linked-procedures',
  },
  lgsp_procedures_oldest_seconds: {
    type: 'gauge',
    help: 'How long the oldest of them is at its step, 0 when there is none',
    labels: ['step'],
    from: 'linked-procedures',
  },
  lgsp_procedure_steps_total: {
    type: 'counter',
    help: 'Steps of linked procedures that were done or tried, by what came of it',
    labels: ['system', 'result'],
    from: 'linked-procedures',
  },
  ...courierMetrics,
  lgsp_upstream_certificate_expiry_timestamp_seconds: {
    type: 'gauge',
    help: 'When the certificate that the outside system showed last expires; only where it is called over TLS',
    labels: ['system'],
    from: 'connector',
  },
  lgsp_bus_connected: {
    type: 'gauge',
    help: '1 while the process is connected to NATS, else 0',
    labels: [],
    from: 'every process',
  },
  lgsp_bus_certificate_expiry_timestamp_seconds: {
    type: 'gauge',
    help: 'When the certificate that NATS shows now expires, of several servers the first one; only where it is reached over TLS',
    labels: [],
    from: 'every process',
  },
} as const satisfies Record<string, MetricRow>;

export type MetricName = keyof typeof metricTable;
type NamesOf<T extends MetricRow['type']> = {
  [N in MetricName]: (typeof metricTable)[N]['type'] extends T ? N : never;
}[MetricName];
export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;
export type LabelsOf<N extends MetricName> = Record<(typeof metricTable)[N]['labels'][number], string>;
