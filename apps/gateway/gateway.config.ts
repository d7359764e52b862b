import {
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { isNetwork } from '#lgsp/clients';
import { Env, IsMap, ProcessConfig } from '#lgsp/config';

/** Keys may only come over a connection that nobody else can speak on; on this machine, none is needed. */
const safeAddress = /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/)[^\s]*$/;

const isNetworks = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text) => typeof text === 'string' && isNetwork(text));

/** An outside issuer is configured as a whole, or not at all. */
const withIssuer = ({ oidcIssuer, oidcAudience, oidcJwksUrl }: GatewayConfig): boolean =>
  [oidcIssuer, oidcAudience, oidcJwksUrl].some((value) => value !== undefined);

export class GatewayConfig extends ProcessConfig {
  @Env('LGSP_HTTP_PORT', { describe: 'port of the gateway; 0 takes a free one' })
  @IsInt()
  @Min(0)
  @Max(65_535)
  httpPort: number = 8080;

  @Env('LGSP_HTTP_HOST', { describe: 'address that the gateway listens on' })
  @IsString()
  httpHost: string = '127.0.0.1';

  @Env('LGSP_BODY_BYTES_MAX', { describe: 'largest body of a call, in bytes' })
  @IsInt()
  @Min(1_024)
  @Max(67_108_864)
  bodyBytesMax: number = 4_194_304;

  @Env('LGSP_HEADER_BYTES_MAX', { describe: 'largest sum of all headers of a call, in bytes' })
  @IsInt()
  @Min(4_096)
  @Max(65_536)
  headerBytesMax: number = 16_384;

  @Env('LGSP_REQUEST_MS', { describe: 'longest time for a whole request to arrive, in milliseconds' })
  @IsInt()
  @Min(1_000)
  @Max(300_000)
  requestMs: number = 30_000;

  @Env('LGSP_KEEP_ALIVE_MS', { describe: 'how long an idle connection of a caller is kept, in milliseconds' })
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  keepAliveMs: number = 72_000;

  @Env('LGSP_TRUSTED_PROXIES', {
    describe: 'proxies of ours before the gateway, each of which appends to X-Forwarded-For; 0 believes no such header',
  })
  @IsInt()
  @Min(0)
  @Max(10)
  trustedProxies: number = 0;

  @Env('LGSP_OIDC_ISSUER', {
    describe: 'OpenID issuer whose tokens open the door as well, as it stands in their "iss"; with audience and JWKS',
  })
  @ValidateIf(withIssuer)
  @IsString()
  @MinLength(1)
  oidcIssuer?: string;

  @Env('LGSP_OIDC_AUDIENCE', { describe: 'what "aud" of its tokens must hold' })
  @ValidateIf(withIssuer)
  @IsString()
  @MinLength(1)
  oidcAudience?: string;

  @Env('LGSP_OIDC_JWKS_URL', { describe: 'address of its public keys, https:// (http:// on this machine only)' })
  @ValidateIf(withIssuer)
  @Matches(safeAddress)
  oidcJwksUrl?: string;

  @Env('LGSP_OIDC_CLIENT_CLAIM', { describe: 'claim of its tokens that holds the id of the client registered here' })
  @IsString()
  @MinLength(1)
  oidcClientClaim: string = 'azp';

  @Env('LGSP_OIDC_KEYS_MS', { describe: 'how long its keys are believed when it does not answer, in milliseconds' })
  @IsInt()
  @Min(1_000)
  @Max(86_400_000)
  oidcKeysMs: number = 3_600_000;

  @Env('LGSP_OIDC_REFETCH_MS', {
    describe: 'least time between two looks at its keys, in milliseconds; a withdrawn key ends soon after',
  })
  @IsInt()
  @Min(100)
  @Max(3_600_000)
  oidcRefetchMs: number = 30_000;

  @Env('LGSP_REDIS_URL', {
    describe: 'Redis for exact limits across gateways, redis://host:port; without it each limits on its own',
  })
  @IsOptional()
  @IsString()
  redisUrl?: string;

  @Env('LGSP_REDIS_PASSWORD', { describe: 'password of Redis', secret: true })
  @IsOptional()
  @IsString()
  redisPassword?: string;

  @Env('LGSP_REDIS_MS', { describe: 'longest wait for Redis in one call; then the gateway limits on its own' })
  @IsInt()
  @Min(1)
  @Max(5_000)
  redisMs: number = 50;

  @Env('LGSP_LOCAL_LIMIT_SHARE', {
    describe: 'share of each limit that one gateway gives while Redis is away, 0.01 to 1',
  })
  @IsNumber()
  @Min(0.01)
  @Max(1)
  localLimitShare: number = 0.5;

  @Env('LGSP_CLIENT_PER_SECOND', { describe: 'calls per second of a client without a rate of its own' })
  @IsInt()
  @Min(1)
  clientPerSecond: number = 200;

  @Env('LGSP_CLIENT_BURST', { describe: 'calls at once of a client without a rate of its own' })
  @IsInt()
  @Min(1)
  clientBurst: number = 400;

  @Env('LGSP_SYSTEMS_PER_SECOND', {
    describe: 'JSON: system → calls per second that it can bear from all clients together',
  })
  @IsObject()
  systemsPerSecond: Record<string, number> = {};

  @Env('LGSP_INFLIGHT_MAX', {
    describe: 'most calls under way at once in this gateway; queries are refused from 80 % on',
  })
  @IsInt()
  @Min(1)
  inflightMax: number = 2_000;

  @Env('LGSP_SYSTEM_INFLIGHT_MAX', { describe: 'the same at any one system' })
  @IsInt()
  @Min(1)
  systemInflightMax: number = 500;

  @Env('LGSP_OFFICER_KEY', {
    describe:
      'key of the hash under which officers stand in the book, the same for all gateways; without it they are left out',
    secret: true,
  })
  @IsOptional()
  @MinLength(16)
  officerKey?: string;

  @Env('LGSP_JOB_KEY', {
    describe:
      'key under which asynchronous commands lie on the bus, 32 bytes as base64url, the same for gateways and couriers; without it no call is answered before it was sent',
    secret: true,
  })
  @IsOptional()
  @Matches(/^[\w-]{43}=?$/)
  jobKey?: string;

  @Env('LGSP_CALLBACK_NETWORKS', {
    describe:
      'JSON: system → networks from which it may call back, {"payment": ["10.20.0.0/16"]}; a system that is not there may from nowhere',
  })
  @IsMap('a list of networks for each system', isNetworks)
  callbackNetworks: Record<string, string[]> = {};

  @Env('LGSP_CALLBACKS_PER_SECOND', {
    describe: 'callbacks per second of one system in this gateway; one address has half of it',
  })
  @IsInt()
  @Min(1)
  callbacksPerSecond: number = 50;

  @Env('LGSP_CALLBACKS_IN_FLIGHT_MAX', { describe: 'most callbacks under way at once in this gateway' })
  @IsInt()
  @Min(1)
  @Max(1_000)
  callbacksInFlightMax: number = 64;

  @Env('LGSP_CALLBACK_CLIENTS', {
    describe:
      'JSON: system/kind → client that works on the dossiers handed in there, {"judicial-records/submission": "one-stop"}; it needs LGSP_JOB_KEY',
  })
  @IsMap('a client for each system/kind', (value) => typeof value === 'string' && value !== '')
  callbackClients: Record<string, string> = {};

  @Env('LGSP_CONNECTIONS_MAX', { describe: 'most connections of callers at once' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  connectionsMax: number = 10_000;

  @Env('LGSP_REPORT_ISSUER', {
    describe: 'whose reports these are, at the head of a printed one: Ủy ban nhân dân thành phố Hải Phòng',
  })
  @IsOptional()
  @IsString()
  reportIssuer?: string;
}
