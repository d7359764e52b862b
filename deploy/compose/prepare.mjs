/**
 * `node deploy/compose/prepare.mjs [folder]`: what a site has of its own, `deploy/compose/site` when no folder is named: secrets,
 * certificates of NATS, and for every part a file for its settings. Again it makes only what is missing.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { ensureBuild } from '../local/build.mjs';
import { readEnvironment, writeEnvironment } from '../local/environment.mjs';
import { usersOf } from '../local/nats.permissions.mjs';
import { readParts, systems } from '../local/parts.mjs';
import { readIfThere, root, writePrivate } from '../local/places.mjs';
import { say, told, Trouble } from '../local/say.mjs';

const load = createRequire(import.meta.url);
const site = resolve(process.argv[2] ?? join(import.meta.dirname, 'site'));
const at = (/** @type {string[]} */ ...names) => join(site, ...names);
const certificateDays = 825;
/** Rounds of bcrypt, as a power of two: passwords of 256 random bits need no more. */
const bcryptCost = 10;
/** The same algorithm under the older of its two names, by which NATS knows a hash in its configuration. */
const natsBcrypt = '$$2a';

async function main() {
  await ensureBuild(new AbortController().signal);
  const users = Object.keys(usersOf(systems()));
  makeCertificates();
  for (const user of users) keep(at('parts', user, 'nats-password'));
  await hashPasswords(users);
  for (const user of users) writePrivate(at('parts', user, 'ca.crt'), read(at('nats', 'ca.crt')));
  const sealing = readParts().filter(({ jobKey }) => jobKey);
  shareKey('job-key', ['gateway', 'courier', ...sealing.map(({ name }) => name)]);
  keep(at('parts', 'gateway', 'officer-key'));
  const redis = keep(at('parts', 'gateway', 'redis-password'));
  writePrivate(
    at('redis.conf'),
    `requirepass ${redis}\nsave ""\nappendonly no\nmaxmemory 256mb\nmaxmemory-policy noeviction\n`,
  );
  const database = keep(at('parts', 'ledger', 'database-password'));
  keep(at('postgres', 'superuser-password'));
  writePrivate(at('postgres', 'database-password'), database);
  for (const folder of [at('nats', 'data'), at('book'), at('archive')])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = users.filter((user) => writeSettings(user));
  const known = readEnvironment(at('site.env')) ?? {};
  writeEnvironment(at('site.env'), {
    LGSP_SITE: site,
    LGSP_USER: `${process.getuid?.() ?? 1000}:${process.getgid?.() ?? 1000}`,
    // Where the pages of docs/operations are published; alerts link there.
    LGSP_RUNBOOKS_URL: known['LGSP_RUNBOOKS_URL'] ?? 'https://docs.example.vn/lgsp/operations',
    LGSP_PUBLISH: known['LGSP_PUBLISH'] ?? '127.0.0.1:8080',
  });
  say(`the site is in ${site}: it holds secrets, keep it where only its owner reads`);
  if (fresh.length > 0) say(`fill in, for the systems that you connect: ${at('parts', '<part>', 'settings.env')}`);
  say(
    `then: docker compose -f ${join(import.meta.dirname, 'compose.yaml')} --env-file ${at('site.env')} up -d --build`,
  );
}

/** A secret of 256 random bits, made once. @param {string} path */
function keep(path) {
  const known = readIfThere(path);
  if (known !== undefined) return known.trim();
  const secret = randomBytes(32).toString('base64url');
  writePrivate(path, `${secret}\n`);
  return secret;
}

/** @param {string} name @param {string[]} parts that have the same */
function shareKey(name, [first = '', ...others]) {
  const key = keep(at('parts', first, name));
  for (const part of others) writePrivate(at('parts', part, name), `${key}\n`);
}

/** What NATS is given of the passwords of its users. @param {string[]} users */
async function hashPasswords(users) {
  const { hash, compare } = load('bcryptjs');
  const known = readEnvironment(at('nats', 'passwords.env')) ?? {};
  /** @type {Record<string, string>} */
  const hashes = {};
  for (const user of users) {
    const variable = `LGSP_NATS_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`;
    const password = read(at('parts', user, 'nats-password')).trim();
    const before = known[variable];
    hashes[variable] =
      before && (await compare(password, before))
        ? before
        : (await hash(password, bcryptCost)).replace(/^\$2b/, natsBcrypt);
  }
  writeEnvironment(at('nats', 'passwords.env'), hashes);
}

/** A certificate authority of this site, and the certificate of its NATS server. */
function makeCertificates() {
  const tls = at('nats', 'tls');
  mkdirSync(tls, { recursive: true, mode: 0o700 });
  if (existsSync(join(tls, 'server.crt'))) return;
  const openssl = (/** @type {string[]} */ ...args) => {
    try {
      execFileSync('openssl', args, { stdio: 'pipe' });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') throw new Trouble('openssl is not installed');
      throw error;
    }
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const [caKey, caCertificate] = [at('nats', 'ca.key'), at('nats', 'ca.crt')];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    caKey,
    '-out',
    caCertificate,
    '-subj',
    '/CN=lgsp',
    '-days',
    String(2 * certificateDays),
  );
  const [serverKey, request, certificate] = [join(tls, 'server.key'), join(tls, 'server.csr'), join(tls, 'server.crt')];
  openssl('req', ...key, '-keyout', serverKey, '-out', request, '-subj', '/CN=nats');
  const extensions = join(tls, 'server.ext');
  writePrivate(extensions, 'subjectAltName=DNS:nats,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
  openssl(
    'x509',
    '-req',
    '-in',
    request,
    '-CA',
    caCertificate,
    '-CAkey',
    caKey,
    '-CAcreateserial',
    '-days',
    String(certificateDays),
    '-extfile',
    extensions,
    '-out',
    certificate,
  );
}

/** The settings of a part, each with what it is for; all of them comments. @param {string} name @returns {boolean} whether it was made */
function writeSettings(name) {
  const path = at('parts', name, 'settings.env');
  if (existsSync(path)) return false;
  const part = readParts().find((one) => one.name === name);
  const lines = part && part.kind !== 'tool' ? settingsOf(name) : [];
  const head = [
    `# Settings of ${name}. A secret is better in a file of this folder: NAME_FILE=/run/lgsp/<file>. A $ is written $$.`,
    '',
  ];
  writePrivate(path, `${[...head, ...lines].join('\n')}\n`);
  return true;
}

/** @param {string} name @returns {string[]} */
function settingsOf(name) {
  const { describeConfig } = load(join(root, 'dist/libs/config/index.js'));
  const classes = Object.values(load(join(root, `dist/apps/${name}/${name}.config.js`)));
  const config = classes.find((one) => typeof one === 'function' && one.name.endsWith('Config'));
  return describeConfig(config).flatMap(({ variable, describe, default: otherwise = '' }) => [
    `# ${describe}`,
    `#${variable}=${otherwise}`,
  ]);
}

/** @param {string} path */
function read(path) {
  const text = readIfThere(path);
  if (text === undefined) throw new Trouble(`${path} is missing`);
  return text;
}

main().catch((error) => {
  process.stderr.write(`${told(error)}\n`);
  process.exitCode = 1;
});
