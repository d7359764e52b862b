import 'reflect-metadata';
import { Body, Controller, HttpCode, Inject, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';

// What `nest new` and the NATS page of Nest's documentation give: a controller that sends through a ClientProxy.
class EchoController {
  constructor(client) {
    this.client = client;
  }

  say(body) {
    return this.client.send('bench.nest.echo', body);
  }
}
Controller()(EchoController);
Inject('BUS')(EchoController, undefined, 0);
const say = Object.getOwnPropertyDescriptor(EchoController.prototype, 'say');
Body()(EchoController.prototype, 'say', 0);
HttpCode(200)(EchoController.prototype, 'say', say);
Post()(EchoController.prototype, 'say', say);

class AppModule {}
Module({
  imports: [
    ClientsModule.register([{ name: 'BUS', transport: Transport.NATS, options: { servers: [process.env.NATS_URL] } }]),
  ],
  controllers: [EchoController],
})(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
process.send({ ready: true, url: `${await app.getUrl()}/` });
process.once('disconnect', () => process.exit(0));
