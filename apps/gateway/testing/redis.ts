import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { freePort } from '#lgsp/bus/testing';

/** A real Redis of one test file on a port of its own; gone with `stop()`. */
export class TestRedis {
  private child?: ChildProcess;

  private constructor(readonly port: number) {}

  static async start(): Promise<TestRedis> {
    const redis = new TestRedis(await freePort());
    await redis.restart();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async restart(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.child = spawn('redis-server', options, { stdio: 'ignore' });
    await once(this.child, 'spawn');
    const client = new Redis({ host: '127.0.0.1', port: this.port, retryStrategy: () => 20 });
    client.on('error', () => undefined); // Not listening yet: it is tried again.
    await client.ping();
    client.disconnect();
  }

  /** Ends it with -9. */
  async crash(): Promise<void> {
    const exited = once(this.child!, 'exit');
    this.child!.kill('SIGKILL');
    await exited;
  }

  /** Lets it hang: it accepts and never answers. */
  freeze(): void {
    this.child!.kill('SIGSTOP');
  }

  thaw(): void {
    this.child!.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    if (this.child!.exitCode === null && this.child!.signalCode === null) await this.crash();
  }
}
