import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { problemAnswer } from '#lgsp/dispatch';
import { BusError, languageOf, problemMediaType, type Text } from '#lgsp/errors';
import { endWithProblem, sendProblem } from './problem.reply';

/** Answers with problem documents what breaks HTTP's rules and Node would refuse by itself, without a word. */
export function refuseProtocolErrors(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.headers.host !== undefined || request.raw.httpVersion !== '1.1') return done();
    reply.header('connection', 'close');
    sendProblem(reply, malformed(noHost), languageOf(request.headers['accept-language']));
  });
  // Node's own response keeps its place behind those that are asked for before it.
  app.server.on('checkExpectation', ({ headers }: IncomingMessage, response: ServerResponse) => {
    const { status, body } = problemAnswer(malformed(unknownExpectation), languageOf(headers['accept-language']));
    response.writeHead(status, { 'content-type': `${problemMediaType}; charset=utf-8`, connection: 'close' }).end(body);
  });
  app.server.on('connect', ({ headers }: IncomingMessage, socket: Socket) =>
    endWithProblem(socket, malformed(noTunnel), languageOf(headers['accept-language'])),
  );
}

const malformed = (detail: Text): BusError => new BusError('malformed-request', { detail });
const noHost: Text = { en: 'the header Host is missing', vi: 'thiếu header Host' };
const unknownExpectation: Text = {
  en: 'of the header Expect only 100-continue is known',
  vi: 'header Expect chỉ nhận giá trị 100-continue',
};
const noTunnel: Text = { en: 'the gateway makes no tunnels (CONNECT)', vi: 'cổng không mở đường hầm (CONNECT)' };
