import { ConsoleLogger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SessionsService } from './accounts/sessions.service.js';
import { AppModule } from './app.module.js';
import { ConfigError } from './config/config-error.js';
import type { OpsroomConfig } from './config/config.js';
import { ReloadService } from './config/reload.service.js';
import { configureHttp, createHttpAdapter } from './gateways/http/configure-http.js';
import { createSocketAdapter } from './gateways/socket/create-socket-adapter.js';
import { SelfMetrics } from './model/self-metrics.js';

/** The framework logs what stops a start with its stack, before it throws it; whoever called says it in one line. */
class ServerLogger extends ConsoleLogger {
  override error(message: unknown, ...details: unknown[]): void {
    if (details.at(-1) !== 'ExceptionHandler') super.error(message, ...details);
  }
}

/** The server, built and wired, before it listens. */
export async function createServer(config: OpsroomConfig): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.forRoot(config), createHttpAdapter(config), {
    logger: new ServerLogger({ logLevels: ['warn', 'error', 'fatal'] }),
    abortOnError: false,
  });
  configureHttp(app);
  app.useWebSocketAdapter(createSocketAdapter(app, config));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  return app;
}

/** Starts listening and prints where, and how to set it up when nobody has yet. Throws when the address cannot be had. */
export async function startServer(config: OpsroomConfig): Promise<NestFastifyApplication> {
  const app = await createServer(config);
  app.get(SelfMetrics).collectProcess();
  const { host, port, externalUrl, dataDir } = config.process;
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw listenProblem(error, host, port);
  }
  process.on('SIGHUP', () => void reload(app));
  const link = app.get(SessionsService).setupLink(`${externalUrl}/`);
  process.stdout.write(`Opsroom is at ${externalUrl}\n`);
  process.stdout.write(`  data in ${dataDir}\n`);
  if (link !== undefined) process.stdout.write(`  first administrator: open ${link}\n`);
  return app;
}

/** SIGHUP reads rules and other files again, as a POST to /-/reload does; a file with problems changes nothing. */
async function reload(app: NestFastifyApplication): Promise<void> {
  for (const { name, error } of await app.get(ReloadService).reload()) {
    process.stderr.write(`opsroom: reload of ${name}: ${error ?? 'done'}\n`);
  }
}

function listenProblem(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new ConfigError([`port ${port} of ${host} is taken: stop what listens there, or give another with --port`]);
  }
  if (code === 'EACCES')
    return new ConfigError([`this account may not listen on port ${port}: give a port above 1023 with --port`]);
  if (code === 'EADDRNOTAVAIL') return new ConfigError([`${host} is not an address of this machine: see --host`]);
  return error;
}
