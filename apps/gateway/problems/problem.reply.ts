import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { BusError, problemMediaType, toProblem, type Language } from '#lgsp/errors';
import { problemAnswer } from '#lgsp/dispatch';
import { sendAnswer } from '../transactions/send.answer';

/** Answers a call with a problem document. */
export function sendProblem(reply: FastifyReply, error: BusError, language: Language): void {
  sendAnswer(reply, problemAnswer(error, language));
}

/** A connection with the response that Node is sending on it. */
type Answering = Socket & { _httpMessage?: ServerResponse | null };

/** Answers what Node could not parse as HTTP at all, and closes the connection. */
export function sendRawProblem(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  // Whoever was refused by the head of a request is not answered once more for its body (as Node itself would not).
  if ((socket as Answering)._httpMessage?.headersSent) {
    socket.end();
    return;
  }
  const code =
    error.code === 'HPE_HEADER_OVERFLOW' || error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW'
      ? 'headers-too-large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'request-timeout'
        : 'malformed-request';
  endWithProblem(socket, new BusError(code));
}

/** The last that is said on a connection on which no response can be given. */
export function endWithProblem(socket: Socket, error: BusError, language?: Language): void {
  const problem = toProblem(error, language);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: ${problemMediaType}; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
