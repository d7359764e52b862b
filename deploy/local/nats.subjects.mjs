/** The subjects that it takes to do something on NATS: to read a bucket, to add to a log, to deal with a queue. */

/** Subjects of the services protocol (ADR-32) that an instance listens on: asked of everybody, of one system, of one instance. */
export const protocolOf = (/** @type {string} */ system) =>
  ['PING', 'INFO', 'STATS', 'SCHEMA'].flatMap((verb) => [
    `$SRV.${verb}`,
    `$SRV.${verb}.${system}`,
    `$SRV.${verb}.${system}.*`,
  ]);

/** What reading and watching a key-value bucket needs: its stream's description, direct reads, and a consumer of one's own. */
export const readBucket = (/** @type {string} */ bucket) => [
  `$JS.API.STREAM.INFO.KV_${bucket}`,
  `$JS.API.DIRECT.GET.KV_${bucket}.>`,
  `$JS.API.CONSUMER.CREATE.KV_${bucket}.>`,
  `$JS.API.CONSUMER.CREATE.KV_${bucket}`,
  `$JS.API.CONSUMER.INFO.KV_${bucket}.>`,
  `$JS.API.CONSUMER.DELETE.KV_${bucket}.>`,
  `$JS.FC.KV_${bucket}.>`,
];

/** Writing, and making the bucket when it is not there yet. */
export const writeBucket = (/** @type {string} */ bucket) => [`$JS.API.STREAM.CREATE.KV_${bucket}`, `$KV.${bucket}.>`];

/** Adding to a log, and making it when it is not there yet. */
export const addToLog = (/** @type {string} */ stream, /** @type {string} */ subject) => [
  subject,
  `$JS.API.STREAM.INFO.${stream}`,
  `$JS.API.STREAM.CREATE.${stream}`,
];

/** Reading a log: one entry by its place, or all through a consumer of one's own. */
export const readLog = (/** @type {string} */ stream) => [
  `$JS.API.STREAM.INFO.${stream}`,
  `$JS.API.STREAM.MSG.GET.${stream}`,
  `$JS.API.CONSUMER.CREATE.${stream}`,
  `$JS.API.CONSUMER.CREATE.${stream}.>`,
  `$JS.API.CONSUMER.INFO.${stream}.>`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.>`,
  `$JS.API.CONSUMER.DELETE.${stream}.>`,
];

/** Putting messages into a queue, and making it when it is not there yet. */
export const putIntoQueue = addToLog;

/** Dealing with what lies in a queue: looking at one message, taking one out, and readers that are handed one after the other. */
export const workQueue = (/** @type {string} */ stream) => [
  ...readLog(stream),
  `$JS.API.STREAM.MSG.DELETE.${stream}`,
  `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.>`,
  `$JS.ACK.${stream}.>`,
];

/** Whether JetStream is there at all. */
export const jetStream = '$JS.API.INFO';

/** Every operation that is called: `lgsp.<system>.v<major>.<operation>`. */
export const everyOperation = 'lgsp.*.*.*';

export const inbox = (/** @type {string} */ name) => `_INBOX_${name}.>`;
