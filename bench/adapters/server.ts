import 'reflect-metadata';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import express from 'express';
import fastify from 'fastify';

/**
 * One route of a framework, alone or behind the guard package. Arguments: framework, Keyfence, key, and the
 * folder of another guard package.
 */
const [framework = '', url = '', key = '', folder] = process.argv.slice(2);
const part = (name: string) =>
  folder === undefined ? `@keyfence/guard/${name}` : `${folder}/${name}.js`;
const { Keyfence } = (await import(
  folder === undefined ? '@keyfence/guard' : `${folder}/index.js`
)) as typeof import('@keyfence/guard');
const { requireKey: forExpress } = (await import(
  part('express')
)) as typeof import('@keyfence/guard/express');
const { requireKey: forFastify } = (await import(
  part('fastify')
)) as typeof import('@keyfence/guard/fastify');
const { KeyfenceModule } = (await import(part('nest'))) as typeof import('@keyfence/guard/nest');
const isProtected = url !== '';
/** How long it takes is what is measured: nobody stops before. */
const options = { url, key, timeoutMs: 10_000 };
const body = { hello: 'world' };

@Controller()
class HelloController {
  @Get()
  hello() {
    return body;
  }
}

@Module({
  imports: isProtected ? [KeyfenceModule.forRoot(options)] : [],
  controllers: [HelloController],
})
class HelloModule {}

async function listenExpress(): Promise<Server> {
  const app = express();
  if (isProtected) app.use(forExpress(new Keyfence(options)));
  app.get('/', (_request, response) => {
    response.json(body);
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function listenFastify(): Promise<Server> {
  const app = fastify();
  if (isProtected) app.addHook('preHandler', forFastify(new Keyfence(options)));
  app.get('/', () => body);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app.server;
}

async function listenNest(): Promise<Server> {
  const adapter = new FastifyAdapter();
  const app = await NestFactory.create<NestFastifyApplication>(HelloModule, adapter, {
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer();
}

const servers: Record<string, () => Promise<Server>> = {
  Express: listenExpress,
  Fastify: listenFastify,
  Nest: listenNest,
};
const server = await servers[framework]?.();
const { port } = server?.address() as AddressInfo;
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
process.send?.({ url: `http://127.0.0.1:${port}` });
