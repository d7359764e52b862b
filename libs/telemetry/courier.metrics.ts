import type { MetricRow } from './metric.row';

/** What the courier alone exports: part of the one table. */
export const courierMetrics = {
  lgsp_jobs_pending: {
    type: 'gauge',
    help: 'Asynchronous commands that wait to be sent or sent again; exported by the courier that sends to the system',
    labels: ['system'],
    from: 'courier',
  },
  lgsp_jobs_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest of them, 0 when there is none',
    labels: ['system'],
    from: 'courier',
  },
  lgsp_jobs_held: {
    type: 'gauge',
    help: 'Why nothing is sent to the system: 0 it is sent, 1 a failure until a command is answered again (an open circuit, no connector), 2 an operator, 3 maintenance',
    labels: ['system'],
    from: 'courier',
  },
  lgsp_job_sendings_total: {
    type: 'counter',
    help: 'Asynchronous commands sent to their connectors, repeated ones included, by result (ok or the error code)',
    labels: ['system', 'result'],
    from: 'courier',
  },
  lgsp_job_seconds: {
    type: 'histogram',
    help: 'From the acceptance of an asynchronous command to its end',
    labels: ['system'],
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200, 43_200, 259_200],
    from: 'courier',
  },
  lgsp_dead_letters_total: {
    type: 'counter',
    help: 'Asynchronous commands that became dead letters in this process',
    labels: ['system'],
    from: 'courier',
  },
  lgsp_dead_letters_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest dead letter that nobody has dealt with, 0 when there is none',
    labels: ['system'],
    from: 'courier',
  },
  lgsp_webhooks_failing_seconds: {
    type: 'gauge',
    help: 'How long an address of the client has taken nothing, the longest of them; 0 when all take what is sent to them',
    labels: ['client'],
    from: 'courier',
  },
  lgsp_webhooks_disabled: {
    type: 'gauge',
    help: 'Subscriptions of the client to which nothing is sent any more, since their address took nothing for too long',
    labels: ['client'],
    from: 'courier',
  },
  lgsp_following: {
    type: 'gauge',
    help: 'What commands began at outside systems and has not ended: dossiers, payments, parcels; from the courier that follows them',
    labels: ['system'],
    from: 'courier',
  },
  lgsp_following_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest of them, since its command took effect; 0 when there is none',
    labels: ['system'],
    from: 'courier',
  },
  lgsp_following_overdue: {
    type: 'gauge',
    help: 'Those of them that should have ended by now, and those that nobody asks about any more',
    labels: ['system'],
    from: 'courier',
  },
  lgsp_following_waiting: {
    type: 'gauge',
    help: 'What commands began and is not followed yet, since as much is followed at the system as may be: it waits on the bus',
    labels: ['system'],
    from: 'courier',
  },
  lgsp_polls_total: {
    type: 'counter',
    help: 'Questions to connectors about what is followed, and readings of lists of changes, by result (ok or the error code)',
    labels: ['system', 'result'],
    from: 'courier',
  },
  lgsp_observations_total: {
    type: 'counter',
    help: 'What was learned of it, by source (poll, callback) and by what came of it (told, same, older, late, unclaimed, malformed)',
    labels: ['system', 'source', 'result'],
    from: 'courier',
  },
  lgsp_webhook_deliveries_total: {
    type: 'counter',
    help: 'Events sent to addresses of clients, by result (ok, http-4xx, timeout, unreachable, redirect, target-refused)',
    labels: ['client', 'result'],
    from: 'courier',
  },
  lgsp_dead_letters: {
    type: 'gauge',
    help: 'Dead letters that are there now, of all systems',
    labels: [],
    from: 'courier',
  },
} as const satisfies Record<string, MetricRow>;
