import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ClientRecord } from '#lgsp/clients';
import { BusError } from '#lgsp/errors';
import { Admission } from './admission';

/** Who reads of the bus instead of calling through it: transactions, reports, events. The same door, without an operation. */
@Injectable()
export class Reader {
  constructor(@Inject(Admission) private readonly admission: Admission) {}

  /** @throws BusError `unauthenticated`, `token-expired`, `client-suspended`, `address-not-allowed` */
  async client(request: FastifyRequest): Promise<ClientRecord> {
    const client = await this.admission.identify(request.headers);
    if (client.state !== 'active') throw new BusError('client-suspended');
    this.admission.checkAddress(client, request.raw);
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
    if (client.role !== 'operator') throw new BusError('operation-not-granted', { detail: operatorsOnly });
    return client;
  }
}

const operatorsOnly = { en: 'only operators may do this', vi: 'chỉ người vận hành mới được làm việc này' };
