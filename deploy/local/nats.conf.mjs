/** Makes the configuration of NATS, for this machine and for production, from the one table of permissions. */
import { developer, history, usersOf } from './nats.permissions.mjs';

/** Largest message, in bytes: the gateway's largest body (4 MiB) and an answer of twice that. */
const messageBytesMax = 8_388_608;

/** Name of the user that connections without credentials get on a developer's machine. */
const developerUser = 'developer';

/**
 * The configuration of the local server. It listens on loopback only.
 * @param {object} options
 * @param {string} options.serverName
 * @param {number} options.port
 * @param {string} options.dataFolder
 * @param {readonly string[]} options.systems
 * @param {Record<string, string>} options.passwords by user
 */
export function localConfiguration({ serverName, port, dataFolder, systems, passwords }) {
  const users = { ...usersOf(systems), history, [developerUser]: developer };
  return `# Made by npm start at every start: changes are lost.
server_name: ${text(serverName)}
listen: ${text(`127.0.0.1:${port}`)}
max_payload: ${messageBytesMax}
jetstream {
  store_dir: ${text(dataFolder)}
  max_memory_store: 67108864 # bytes
  max_file_store: 17179869184 # bytes: a history at full scale takes 3 GB
}
# Only here, where nobody but this machine can connect. Production has no user without credentials.
no_auth_user: ${developerUser}
authorization {
${usersBlock(users, (user) => text(passwords[user] ?? missing(user)))}}
`;
}

/**
 * The template for production: passwords come from the environment of the server.
 * @param {readonly string[]} systems
 */
export function productionConfiguration(systems) {
  return `# NATS in production. Made by deploy/nats/write.mjs from deploy/local/nats.permissions.mjs: change it there.
#
# - Needs nats-server 2.10 or later for sync_interval. Run three servers, each with its own server_name and a cluster
#   block with routes between them, and give every part LGSP_NATS_REPLICAS=3, so that the loss of one server loses nothing.
# - Each password is read from the environment: a bcrypt hash ("nats server passwd" makes one), never the plain text.
# - There is no user without credentials.
server_name: $LGSP_NATS_SERVER_NAME
listen: "0.0.0.0:4222"
max_payload: ${messageBytesMax}
jetstream {
  store_dir: "/var/lib/nats"
  # Every acknowledged write is on the disk: by default a power failure can lose the last two minutes.
  sync_interval: always
}
tls {
  cert_file: "/etc/nats/tls/server.crt"
  key_file: "/etc/nats/tls/server.key"
}
authorization {
${usersBlock(usersOf(systems), (user) => `$${passwordVariable(user)}`)}}
`;
}

/** @param {string} user */
const passwordVariable = (user) => `LGSP_NATS_PASSWORD_${user.replaceAll('-', '_').toUpperCase()}`;

/**
 * @param {Record<string, import('./nats.permissions.mjs').Permissions>} users
 * @param {(user: string) => string} password
 */
function usersBlock(users, password) {
  const blocks = Object.entries(users).map(([user, permissions]) => userBlock(user, permissions, password(user)));
  return `  users: [\n${blocks.join('')}  ]\n`;
}

/**
 * @param {string} user
 * @param {import('./nats.permissions.mjs').Permissions} permissions
 * @param {string} password
 */
function userBlock(user, { publish, subscribe, answers }, password) {
  // With no subject allowed, everything is denied by name: an empty list would allow all.
  const mayPublish = publish.length > 0 ? `{ allow: ${list(publish)} }` : '{ deny: [">"] }';
  const mayAnswer = answers ? `\n        allow_responses: { max: ${answers.max}, expires: "${answers.expires}" }` : '';
  return `    {
      user: ${text(user)}
      password: ${password}
      permissions: {
        publish: ${mayPublish}
        subscribe: { allow: ${list(subscribe)} }${mayAnswer}
      }
    }
`;
}

const text = (/** @type {string} */ value) => JSON.stringify(value);

const list = (/** @type {readonly string[]} */ subjects) =>
  `[\n${subjects.map((s) => `          ${text(s)}\n`).join('')}        ]`;

/** @param {string} user @returns {never} */
function missing(user) {
  throw new Error(`no password for the NATS user ${user}`);
}
