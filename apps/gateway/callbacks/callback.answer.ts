import { BusError } from '#lgsp/errors';
import { callbackRefusals, type CallbackAnswer, type CalledBack } from '#lgsp/kit';
import { portalStates } from '#lgsp/progress';

type Json = Record<string, unknown>;

const observationsMax = 50;
const replyBytesMax = 65_536;
const textMax = 200;
const headerText = /^[\x20-\x7e]{1,200}$/;
/** With which the reply may come; nothing that leads elsewhere. */
const isStatus = (value: unknown): value is number =>
  Number.isInteger(value) &&
  ((value as number) < 300 || (value as number) >= 400) &&
  Number(value) >= 200 &&
  Number(value) < 600;

/** Reads what a connector answered of a callback; it may be of another make. @throws BusError `internal` naming what is wrong */
export function readCallbackAnswer(body: Uint8Array): CallbackAnswer {
  const answer = parsed(body);
  const { reply, observations = [], submission } = answer;
  const { status, contentType, body: text } = recordOf(reply);
  if (!isStatus(status)) throw wrong('reply.status');
  if (typeof contentType !== 'string' || !headerText.test(contentType)) throw wrong('reply.contentType');
  if (typeof text !== 'string' || Buffer.byteLength(text) > replyBytesMax) throw wrong('reply.body');
  if (!Array.isArray(observations) || observations.length > observationsMax) throw wrong('observations');
  const refused = callbackRefusals.find((one) => one === answer['refused']);
  if (answer['refused'] !== undefined && !refused) throw wrong('refused');
  return {
    reply: { status, contentType, body: text },
    refused,
    observations: observations.map((one) => observationOf(recordOf(one))),
    submission: submission === undefined ? undefined : submissionOf(recordOf(submission)),
  };
}

/** What is known of an observation, and nothing beside it. */
function observationOf(json: Json): CalledBack {
  const { portalState, final } = json;
  const state = portalState === undefined ? undefined : portalStates.find((code) => code === portalState);
  if (portalState !== undefined && state === undefined) throw wrong('portalState');
  if (typeof final !== 'boolean') throw wrong('final');
  const at = textOf(json, 'at');
  if (Number.isNaN(Date.parse(at))) throw wrong('at');
  return {
    reference: textOf(json, 'reference'),
    state: textOf(json, 'state'),
    upstreamState: textOf(json, 'upstreamState'),
    final,
    at,
    ...(state === undefined ? {} : { portalState: state }),
    ...(json['dossier'] === undefined ? {} : { dossier: textOf(json, 'dossier') }),
    ...(json['linkedDossier'] === undefined ? {} : { linkedDossier: textOf(json, 'linkedDossier') }),
  };
}

const submissionOf = (json: Json) => ({ reference: textOf(json, 'reference'), dossier: textOf(json, 'dossier') });

function textOf(json: Json, name: string): string {
  const value = json[name];
  if (typeof value !== 'string' || value === '' || value.length > textMax) throw wrong(name);
  return value;
}

function parsed(body: Uint8Array): Json {
  try {
    return recordOf(JSON.parse(Buffer.from(body).toString('utf8')));
  } catch (cause) {
    throw new BusError('internal', { cause });
  }
}

const recordOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const wrong = (field: string): BusError =>
  new BusError('internal', { cause: new Error(`the connector's answer to a callback has a wrong ${field}`) });
