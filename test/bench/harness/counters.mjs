/**
 * Loaded into a process before its program (`--import`): counts what the process does when its parent asks. Counts do not
 * depend on how busy the machine is, as times do.
 */
import { createHook } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { GCProfiler, getHeapStatistics } from 'node:v8';

const inspector = new Session();
inspector.connect();

/** @param {string} method @param {object} [parameters] answered at once, since it is our own process */
function inspect(method, parameters) {
  /** @type {any} */
  let answer;
  inspector.post(method, parameters, (error, result) => {
    if (error) throw new Error(`${method}: ${error.message}`);
    answer = result;
  });
  return answer;
}

/** Calls of JavaScript functions, Node's own included. */
const functionCalls = {
  begin() {
    globalThis.gc();
    inspect('Profiler.enable');
    inspect('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    inspect('Profiler.takePreciseCoverage'); // The counts begin anew.
  },
  end() {
    const { result } = inspect('Profiler.takePreciseCoverage');
    inspect('Profiler.stopPreciseCoverage');
    inspect('Profiler.disable');
    return result.reduce(
      (sum, script) => script.functions.reduce((calls, { ranges }) => calls + ranges[0].count, sum),
      0,
    );
  },
};

/** Bytes that were taken on the heap: what is used, and what collections have freed between. */
const allocatedBytes = {
  profiler: new GCProfiler(),
  usedBefore: 0,
  begin() {
    globalThis.gc();
    this.profiler = new GCProfiler();
    this.profiler.start();
    this.usedBefore = getHeapStatistics().used_heap_size;
  },
  end() {
    const usedAtEnd = getHeapStatistics().used_heap_size;
    let used = this.usedBefore;
    let taken = 0;
    for (const { beforeGC, afterGC } of this.profiler.stop().statistics) {
      taken += beforeGC.heapStatistics.usedHeapSize - used;
      used = afterGC.heapStatistics.usedHeapSize;
    }
    return taken + usedAtEnd - used;
  },
};

/** Promises, ticks, timers, immediates: whatever makes the event loop turn. */
const asyncResources = {
  count: 0,
  hook: createHook({ init: () => void asyncResources.count++ }),
  begin() {
    this.count = 0;
    this.hook.enable();
  },
  end() {
    this.hook.disable();
    return this.count;
  },
};

/** Reads and writes that the kernel was asked for. */
const systemCalls = {
  before: 0,
  read: () =>
    [...readFileSync('/proc/self/io', 'utf8').matchAll(/^sysc[rw]: (\d+)$/gm)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    ),
  begin() {
    this.before = this.read();
  },
  end() {
    return this.read() - this.before;
  },
};

const counters = { functionCalls, allocatedBytes, asyncResources, systemCalls };

process.on('message', (/** @type {{begin?: keyof typeof counters, end?: keyof typeof counters}} */ { begin, end }) => {
  if (begin) {
    process.send?.({ begun: begin });
    counters[begin].begin();
  } else if (end) process.send?.({ count: counters[end].end() });
});
