import type { IncomingHttpHeaders } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ClientRecord } from '#lgsp/clients';
import { BusError } from '#lgsp/errors';
import { Admission } from './admission';
import { basicCredentials } from './basic.credentials';

/** Who reads of the bus instead of calling through it: transactions, reports, events. The same door, without an operation. */
@Injectable()
export class Reader {
  constructor(@Inject(Admission) private readonly admission: Admission) {}

  /** @throws BusError `unauthenticated`, `token-expired`, `client-suspended`, `address-not-allowed` */
  client(request: FastifyRequest): Promise<ClientRecord> {
    return this.known(request, request.headers);
  }

  /**
   * As `client`, and also by `Basic` with a client's id and secret, since a person with a browser has nothing else: only
   * for what is read, since a browser sends it by itself.
   */
  async person(request: FastifyRequest): Promise<ClientRecord> {
    const basic = basicCredentials(request.headers.authorization);
    if (!basic) return this.client(request);
    const client = await this.known(request, { ...request.headers, authorization: `ApiKey ${basic.secret}` });
    if (client.id !== basic.id) throw new BusError('unauthenticated');
    return client;
  }

  /** Whose transactions this client may see: its own, and every client's when it is an operator. */
  async scope(request: FastifyRequest): Promise<{ client?: string }> {
    const { id, role } = await this.client(request);
    return role === 'operator' ? {} : { client: id };
  }

  /** @throws BusError also `operation-not-granted` when it is no operator */
  async operator(request: FastifyRequest): Promise<ClientRecord> {
    const client = await this.client(request);
    this.checkOperator(client);
    return client;
  }

  /** @throws BusError `operation-not-granted` */
  checkOperator({ role }: ClientRecord): void {
    if (role !== 'operator') throw new BusError('operation-not-granted', { detail: operatorsOnly });
  }

  private async known(request: FastifyRequest, headers: IncomingHttpHeaders): Promise<ClientRecord> {
    const client = await this.admission.identify(headers);
    this.admission.checkAddress(client, request.raw);
    if (client.state !== 'active') throw new BusError('client-suspended');
    return client;
  }
}

const operatorsOnly = { en: 'only operators may do this', vi: 'chỉ người vận hành mới được làm việc này' };
