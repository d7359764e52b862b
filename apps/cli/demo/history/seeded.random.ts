import { hash } from 'node:crypto';

/** Random numbers that are the same for the same seed (sfc32 of PractRand): for data that is made, never for secrets. */
export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed any text: another one gives other numbers */
  constructor(seed: string) {
    const state = hash('sha256', seed, 'buffer');
    [this.a, this.b, this.c] = [state.readInt32LE(0), state.readInt32LE(4), state.readInt32LE(8)];
  }

  /** 32 bits, unsigned. */
  word(): number {
    const mixed = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + mixed) | 0;
    return mixed >>> 0;
  }

  /** From 0 up to below 1. */
  unit(): number {
    return this.word() / 0x1_0000_0000;
  }

  /** A whole number from 0 up to below this one. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  /** Fills whole words. */
  fill(bytes: Buffer): Buffer {
    for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE(this.word(), at);
    return bytes;
  }

  /** Around 1, half of them below it: what takes long at times, and never less than nothing (log-normal). */
  spread(sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    return Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.unit()));
  }
}

/** Chooses by weights. */
export class Choice<T> {
  private readonly bounds: number[] = [];
  private total = 0;

  constructor(private readonly items: readonly (readonly [T, number])[]) {
    for (const [, weight] of items) this.bounds.push((this.total += weight));
  }

  take(random: SeededRandom): T {
    const at = random.unit() * this.total;
    let index = 0;
    while (index < this.bounds.length - 1 && this.bounds[index]! <= at) index++;
    return this.items[index]![0];
  }
}
