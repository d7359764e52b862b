import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { BusError, languageOf, problemMediaType, toProblem, type Text } from '#lgsp/errors';
import { sendProblem, sendRawProblem } from './problem.reply';

/** Refuses what Node would refuse by itself without a word, in the one form that errors have. */
export function refuseOddRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.headers.host !== undefined || request.raw.httpVersion !== '1.1') return done();
    reply.header('connection', 'close');
    sendProblem(reply, malformed(noHost), languageOf(request.headers['accept-language']));
  });
  app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const problem = toProblem(malformed(noExpectation), languageOf(request.headers['accept-language']));
    response.writeHead(problem.status, { 'content-type': `${problemMediaType}; charset=utf-8`, connection: 'close' });
    response.end(JSON.stringify(problem));
  });
  app.server.on('connect', (_request: IncomingMessage, socket: Socket) => sendRawProblem(malformed(), socket));
}

const malformed = (detail?: Text): BusError => new BusError('malformed-request', { detail });
const noHost: Text = { en: 'the header Host is missing', vi: 'thiếu header Host' };
const noExpectation: Text = {
  en: 'of the header Expect only 100-continue is known',
  vi: 'header Expect chỉ nhận giá trị 100-continue',
};
