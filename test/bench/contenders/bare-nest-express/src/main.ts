import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';

const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: false });
await app.listen(0, '127.0.0.1');
process.send?.({ ready: true, url: await app.getUrl() });
process.once('disconnect', () => process.exit(0));
