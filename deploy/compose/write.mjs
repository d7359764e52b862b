/** Writes compose.yaml from the list of parts. `--check` compares instead. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'oxfmt';
import { frugal, readParts, roomy } from '../local/parts.mjs';

const path = join(import.meta.dirname, 'compose.yaml');

/** What a part needs beyond its NATS user: variables, networks, volumes, what it waits for. @type {Record<string, string>} */
const peculiarities = {
  gateway: `    environment:
      <<: *environment
      LGSP_NATS_USER: gateway
      LGSP_HTTP_HOST: 0.0.0.0
      LGSP_REDIS_URL: redis://redis:6379
      LGSP_REDIS_PASSWORD_FILE: /run/lgsp/redis-password
      LGSP_OFFICER_KEY_FILE: /run/lgsp/officer-key
      LGSP_JOB_KEY_FILE: /run/lgsp/job-key
    ports: ['\${LGSP_PUBLISH:-127.0.0.1:8080}:8080']
    networks: [door, bus, metrics]
`,
  ledger: `    environment:
      <<: *environment
      LGSP_NATS_USER: ledger
      LGSP_DATABASE_URL: postgresql://lgsp@postgres/lgsp
      LGSP_DATABASE_PASSWORD_FILE: /run/lgsp/database-password
      LGSP_LEDGER_DIR: /archive
      NODE_OPTIONS: ${roomy.NODE_OPTIONS}
    volumes: ['\${LGSP_SITE}/parts/ledger:/run/lgsp:ro', '\${LGSP_SITE}/archive:/archive']
    depends_on: { nats: { condition: service_healthy }, postgres: { condition: service_healthy } }
    networks: [bus, book, metrics]
`,
  courier: `    environment:
      <<: *environment
      LGSP_NATS_USER: courier
      LGSP_JOB_KEY_FILE: /run/lgsp/job-key
    networks: [bus, outside, metrics]
`,
};

/** @param {string} name */
const connector = (name) => `    environment: { <<: [*environment, *frugal], LGSP_NATS_USER: ${name} }
    networks: [bus, outside, metrics]
`;

/** One whose outside system is the bus itself: it opens and seals what callers sent. @param {string} name */
const within = (
  name,
) => `    environment: { <<: [*environment, *frugal], LGSP_NATS_USER: ${name}, LGSP_JOB_KEY_FILE: /run/lgsp/job-key }
    networks: [bus, metrics]
`;

/** @param {{name: string, kind: string, jobKey: boolean}} part */
function service({ name, kind, jobKey }) {
  const own = peculiarities[kind] ?? (jobKey ? within(name) : connector(name));
  const volumes = own.includes('volumes:') ? '' : `    volumes: ['\${LGSP_SITE}/parts/${name}:/run/lgsp:ro']\n`;
  return `  ${name}:
    <<: *part
    command: [dist/apps/${name}/main.js]
    env_file: ['\${LGSP_SITE}/parts/${name}/settings.env']
${own}${volumes}`;
}

const parts = readParts().filter(({ kind }) => kind !== 'sandbox' && kind !== 'tool');

const text = `# The bus of a province on one machine. Made by deploy/compose/write.mjs from nest-cli.json: change it there.
# First: node deploy/compose/prepare.mjs, which makes the secrets and says what is to be filled in (README.md beside this).
name: lgsp

x-part: &part
  image: \${LGSP_IMAGE:-lgsp:latest}
  build: { context: ../.., dockerfile: deploy/compose/Dockerfile }
  user: \${LGSP_USER:?node deploy/compose/prepare.mjs comes first}
  restart: unless-stopped
  read_only: true
  cap_drop: [ALL]
  security_opt: ['no-new-privileges:true']
  # Longer than LGSP_DRAIN_MS: calls under way are ended.
  stop_grace_period: 30s
  depends_on: { nats: { condition: service_healthy } }
  logging: &logging { driver: local, options: { max-size: 50m, max-file: '10' } }

x-environment: &environment
  LGSP_NATS_URL: tls://nats:4222
  LGSP_NATS_PASSWORD_FILE: /run/lgsp/nats-password
  LGSP_METRICS_HOST: 0.0.0.0
  NODE_EXTRA_CA_CERTS: /run/lgsp/ca.crt

x-frugal: &frugal
${Object.entries(frugal)
  .map(([name, value]) => `  ${name}: '${value}'`)
  .join('\n')}

services:
${parts.map(service).join('\n')}
  # The operator's command line: docker compose … run --rm cli clients list
  cli:
    <<: *part
    profiles: [tools]
    restart: 'no'
    entrypoint: [node, dist/apps/cli/main.js]
    environment: { <<: *environment, LGSP_NATS_USER: cli, LGSP_URL: 'http://gateway:8080', LGSP_METRICS_URL: 'http://gateway:9464/metrics' }
    env_file: ['\${LGSP_SITE}/parts/cli/settings.env']
    volumes: ['\${LGSP_SITE}/parts/cli:/run/lgsp:ro']
    networks: [bus, door, metrics]

  nats:
    image: nats:2.11-alpine
    user: \${LGSP_USER}
    # Hashes of the passwords hold dollar signs, which no file of variables of compose would leave alone.
    entrypoint: [sh, -c, 'set -a && . /etc/nats/passwords.env && exec nats-server -c /etc/nats/nats.conf -m 8222']
    environment: { LGSP_NATS_SERVER_NAME: nats }
    volumes:
      - ../nats/nats.conf:/etc/nats/nats.conf:ro
      - \${LGSP_SITE}/nats/passwords.env:/etc/nats/passwords.env:ro
      - \${LGSP_SITE}/nats/tls:/etc/nats/tls:ro
      - \${LGSP_SITE}/nats/data:/var/lib/nats
    healthcheck: { test: [CMD, wget, -qO-, 'http://127.0.0.1:8222/healthz'], interval: 5s, timeout: 3s, retries: 12 }
    restart: unless-stopped
    stop_grace_period: 60s
    cap_drop: [ALL]
    security_opt: ['no-new-privileges:true']
    logging: *logging
    networks: [bus]

  # Holds nothing but limits, and may be lost.
  redis:
    image: redis:7.4-alpine
    user: \${LGSP_USER}
    command: [redis-server, /etc/redis/redis.conf]
    volumes: ['\${LGSP_SITE}/redis.conf:/etc/redis/redis.conf:ro']
    restart: unless-stopped
    read_only: true
    cap_drop: [ALL]
    security_opt: ['no-new-privileges:true']
    logging: *logging
    networks: [bus]

  postgres:
    # The one of Debian: it runs as any user.
    image: postgres:16-bookworm
    user: \${LGSP_USER}
    environment: { POSTGRES_PASSWORD_FILE: /run/lgsp/superuser-password }
    volumes:
      - \${LGSP_SITE}/postgres:/run/lgsp:ro
      - ./postgres.sh:/docker-entrypoint-initdb.d/lgsp.sh:ro
      - \${LGSP_SITE}/book:/var/lib/postgresql/data
    healthcheck: { test: [CMD, pg_isready, -U, lgsp, -d, lgsp], interval: 5s, timeout: 3s, retries: 24 }
    restart: unless-stopped
    stop_grace_period: 60s
    shm_size: 256m
    cap_drop: [ALL]
    security_opt: ['no-new-privileges:true']
    logging: *logging
    networks: [book]

  prometheus:
    image: prom/prometheus:v3.5.0
    command:
      - --config.file=/etc/prometheus/prometheus.yml
      - --storage.tsdb.path=/prometheus
      # Silence is measured against four weeks.
      - --storage.tsdb.retention.time=35d
      - --enable-feature=expand-external-labels
    environment: { LGSP_RUNBOOKS_URL: '\${LGSP_RUNBOOKS_URL}' }
    volumes:
      - ../prometheus/prometheus.yml:/etc/prometheus/prometheus.yml:ro
      - ../prometheus/rules:/etc/prometheus/rules:ro
      - measures:/prometheus
    restart: unless-stopped
    cap_drop: [ALL]
    security_opt: ['no-new-privileges:true']
    logging: *logging
    networks: [metrics]

networks:
  # Callers, by the front proxy; connectors and the courier to the outside systems.
  door: {}
  outside: {}
  # Nobody else comes in here, and nothing goes out.
  bus: { internal: true }
  book: { internal: true }
  metrics: { internal: true }

volumes:
  measures: {}
`;

const settings = JSON.parse(readFileSync(join(import.meta.dirname, '../../.oxfmtrc.json'), 'utf8'));
const { code: written } = await format(path, text, settings);
if (process.argv[2] === '--check') process.exitCode = readFileSync(path, 'utf8') === written ? 0 : 1;
else writeFileSync(path, written);
