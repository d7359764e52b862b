import { Controller, Get, Inject } from '@nestjs/common';
import { Catalogue } from '../catalogue/catalogue';

/** `GET /v1/services`: what can be called, learnt from the connectors. It names no instance and no host. */
@Controller('v1/services')
export class ServicesController {
  constructor(@Inject(Catalogue) private readonly catalogue: Catalogue) {}

  @Get()
  list(): object {
    const systems = this.catalogue.list().map(({ operations, callbacks = [], ...system }) => ({
      ...system,
      operations: operations.map(({ subject: _internal, ...operation }) => operation),
      ...(callbacks.length > 0 ? { callbacks: callbacks.map(({ subject: _internal, ...callback }) => callback) } : {}),
    }));
    return { systems };
  }
}
