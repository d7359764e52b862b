/**
 * Who may say and hear what on NATS: one table, from which the local and the production configuration are both made.
 *
 * A role without `serve` answers nobody; one without `publish` starts nothing. Answers to a process arrive below its own
 * inbox (`_INBOX_<name>`), where nobody else may listen.
 */
import {
  protocolOf,
  readBucket,
  writeBucket,
  addToLog,
  readLog,
  putIntoQueue,
  workQueue,
  jetStream,
  everyOperation,
  inbox,
} from './nats.subjects.mjs';

/**
 * @typedef {object} Permissions
 * @property {string[]} publish subjects it may send to
 * @property {string[]} subscribe subjects it may listen on
 * @property {Answers} [answers] lets it answer what it is asked, and nothing else
 *
 * @typedef {object} Answers
 * @property {number} max answers to one reply subject
 * @property {string} expires how long after the question
 */

/**
 * A call has one answer, but the questions of the services protocol of one gateway share one reply subject and may
 * overlap: a limit of 1 would then drop an answer. The time is the longest operation (120 s) and a little more.
 * @type {Answers}
 */
const answers = { max: 8, expires: '130s' };

/**
 * @param {string} system
 * @returns {Permissions}
 */
export const connector = (system) => ({
  publish: [],
  subscribe: [`lgsp.${system}.>`, ...protocolOf(system), inbox(system)],
  answers,
});

/** Calls operations, asks who is there, reads the registered clients, keeps the catalogue and the signing keys. @type {Permissions} */
export const gateway = {
  publish: [
    everyOperation,
    '$SRV.>',
    jetStream,
    ...readBucket('CLIENTS'),
    // A gateway that starts before anybody was registered makes the empty bucket; it cannot write a client into it.
    '$JS.API.STREAM.CREATE.KV_CLIENTS',
    ...readBucket('CATALOGUE'),
    ...writeBucket('CATALOGUE'),
    ...readBucket('KEYS'),
    ...writeBucket('KEYS'),
    ...readBucket('COMMANDS'),
    ...writeBucket('COMMANDS'),
    // Every transaction is recorded, signed with a key that is published, and the book is asked about them.
    ...addToLog('LEDGER', 'lgsp.ledger.*'),
    '$JS.API.STREAM.MSG.GET.LEDGER',
    ...readBucket('EVIDENCE_KEYS'),
    ...writeBucket('EVIDENCE_KEYS'),
    'lgsp.book.*',
    // Commands whose callers do not wait are put into the queue of jobs; whether they wait there it asks the courier.
    ...putIntoQueue('JOBS', 'lgsp.jobs.*.*.*'),
    ...readBucket('JOB_STATE'),
    ...writeBucket('JOB_STATE'),
    ...readBucket('JOB_QUEUES'),
    ...writeBucket('JOB_QUEUES'),
    // What happened is read by the clients through it. It tells only of dossiers that citizens handed in through another app.
    ...readLog('EVENTS'),
    ...addToLog('EVENTS', 'lgsp.events.*'),
    ...readBucket('SUBMISSIONS'),
    ...writeBucket('SUBMISSIONS'),
    ...addToLog('AUDIT', 'lgsp.audit.submissions.*'),
    // What outside systems call back with is verified by their connectors, and kept before they are answered; the courier
    // makes events of it.
    `${everyOperation}.callback`,
    ...addToLog('PROGRESS', 'lgsp.progress.*'),
    ...readBucket('SUBSCRIPTIONS'),
    ...writeBucket('SUBSCRIPTIONS'),
    ...readBucket('DELIVERIES'),
    '$JS.API.STREAM.CREATE.KV_DELIVERIES',
    'lgsp.courier.try-webhook',
    'lgsp.courier.job',
    'lgsp.courier.cancel',
    // What an operator does through the gateway is in the audit too.
    ...addToLog('AUDIT', 'lgsp.audit.transactions.*'),
  ],
  subscribe: [inbox('gateway')],
};

/**
 * Reads what is recorded and keeps the book of it, which the gateway asks for; asks connectors what became of commands, and
 * records what it learns. @type {Permissions}
 */
export const ledger = {
  publish: [
    jetStream,
    ...readLog('LEDGER'),
    ...addToLog('LEDGER', 'lgsp.ledger.*'),
    ...readLog('SEALS'),
    ...addToLog('SEALS', 'lgsp.seals'),
    ...readBucket('EVIDENCE_KEYS'),
    ...writeBucket('EVIDENCE_KEYS'),
    ...readBucket('COMMANDS'),
    // A ledger that starts before any gateway makes the empty bucket; it cannot write a command into it.
    '$JS.API.STREAM.CREATE.KV_COMMANDS',
    'lgsp.*.*.*.outcome',
  ],
  subscribe: ['lgsp.book.*', ...protocolOf('ledger'), inbox('ledger')],
  answers,
};

/**
 * Sends the commands whose callers do not wait, records what comes of them, follows what commands began at outside systems, and
 * tells it: clients by events, operators by dead letters. @type {Permissions}
 */
export const courier = {
  publish: [
    jetStream,
    everyOperation,
    ...putIntoQueue('JOBS', 'lgsp.jobs.*.*.*'),
    ...workQueue('JOBS'),
    ...putIntoQueue('DEAD', 'lgsp.dead.*.*.*'),
    ...workQueue('DEAD'),
    ...addToLog('EVENTS', 'lgsp.events.*'),
    ...readLog('EVENTS'),
    ...addToLog('PROGRESS', 'lgsp.progress.*'),
    ...readLog('PROGRESS'),
    ...putIntoQueue('FOLLOWING', 'lgsp.following.*'),
    ...workQueue('FOLLOWING'),
    // What commands began is followed: who says so of itself, which commands took effect, how they fare, what has changed.
    '$SRV.PING',
    '$SRV.INFO.*.*',
    'lgsp.*.*.*.progress',
    'lgsp.*.*.*.feed',
    'lgsp.*.*.*.acknowledge',
    ...[
      'COMMANDS',
      'JOB_STATE',
      'JOB_QUEUES',
      'JOB_HOLDS',
      'LEASES',
      'EVIDENCE_KEYS',
      'SUBSCRIPTIONS',
      'DELIVERIES',
      'FOLLOWED',
      'FOLLOW_TERMS',
      'FOLLOW_POSITIONS',
      'UNCLAIMED',
    ].flatMap((bucket) => [...readBucket(bucket), ...writeBucket(bucket)]),
    ...addToLog('LEDGER', 'lgsp.ledger.*'),
    ...readLog('LEDGER'),
    ...addToLog('AUDIT', 'lgsp.audit.jobs.*'),
  ],
  subscribe: ['lgsp.courier.*', ...protocolOf('courier'), inbox('courier')],
  answers,
};

/**
 * A connector whose outside system is the bus itself: does the steps of linked procedures by calling what others offer, under
 * keys of its own, and records and tells what comes of them. @type {Permissions}
 */
export const linkedProcedures = {
  publish: [
    jetStream,
    everyOperation,
    '$SRV.INFO.*',
    ...readBucket('CLIENTS'),
    '$JS.API.STREAM.CREATE.KV_CLIENTS',
    ...['COMMANDS', 'LEASES', 'EVIDENCE_KEYS', 'PROCEDURES', 'PROCEDURE_INPUTS', 'PROCEDURE_NAMES'].flatMap(
      (bucket) => [...readBucket(bucket), ...writeBucket(bucket)],
    ),
    ...addToLog('EVENTS', 'lgsp.events.*'),
    ...addToLog('LEDGER', 'lgsp.ledger.*'),
    '$JS.API.STREAM.MSG.GET.LEDGER',
    ...addToLog('AUDIT', 'lgsp.audit.procedures.*'),
  ],
  subscribe: [
    'lgsp.linked-procedures.>',
    'lgsp.procedures.*',
    ...protocolOf('linked-procedures'),
    ...protocolOf('procedures'),
    inbox('linked-procedures'),
  ],
  answers,
};

/** Systems whose connector needs more than to answer. @type {Record<string, Permissions>} */
const ownPermissions = { 'linked-procedures': linkedProcedures };

/** The operator's command line: registers clients, and keeps the audit of it. @type {Permissions} */
export const cli = {
  publish: [
    jetStream,
    ...readBucket('CLIENTS'),
    ...writeBucket('CLIENTS'),
    // The audit is only ever added to and read: nobody may change it or take something out of it.
    ...addToLog('AUDIT', 'lgsp.audit.>'),
    ...readLog('AUDIT'),
    // Asks the book: exports of evidence, and whatever else an operator wants to know of it.
    'lgsp.book.*',
    // Looks after jobs and dead letters, and linked procedures.
    'lgsp.courier.*',
    'lgsp.procedures.*',
  ],
  subscribe: [inbox('cli')],
};

/**
 * Makes a history for those who try the bus out (`lgsp demo history`): records like a gateway, under a name and a key of its
 * own, and looks where an earlier run ended. Calls nothing and asks nobody. Production has no such user: nothing that is made
 * can come into its book.
 * @type {Permissions}
 */
export const history = {
  publish: [
    jetStream,
    ...addToLog('LEDGER', 'lgsp.ledger.*'),
    '$JS.API.STREAM.MSG.GET.LEDGER',
    ...readBucket('EVIDENCE_KEYS'),
    ...writeBucket('EVIDENCE_KEYS'),
  ],
  subscribe: [inbox('history')],
};

/**
 * Whoever connects without credentials on a developer's machine: may call and may serve any system, so that `nats req`
 * and a connector of twenty lines work as they are, and `lgsp check connector` can hold one against the protocol. Nothing of JetStream, and no inbox of another process. Production
 * has no such user.
 * @type {Permissions}
 */
export const developer = {
  publish: [everyOperation, `${everyOperation}.outcome`, `${everyOperation}.callback`, '$SRV.>'],
  subscribe: ['lgsp.*.*.>', '$SRV.>', '_INBOX.>', inbox('check')],
  answers,
};

/**
 * The users of an installation.
 * @param {readonly string[]} systems
 * @returns {Record<string, Permissions>}
 */
export const usersOf = (systems) => ({
  gateway,
  ledger,
  courier,
  cli,
  ...Object.fromEntries(systems.map((system) => [system, ownPermissions[system] ?? connector(system)])),
});
