import { Module } from '@nestjs/common';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { EchoController } from './echo.controller.js';

@Module({
  imports: [
    ClientsModule.register([
      { name: 'BUS', transport: Transport.NATS, options: { servers: [process.env['NATS_URL'] as string] } },
    ]),
  ],
  controllers: [EchoController],
})
export class AppModule {}
