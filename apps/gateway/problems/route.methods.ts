import type { FastifyInstance } from 'fastify';

/** Which methods each address takes, learnt from the routes as they are registered: for 405 and its `Allow`. */
export class RouteMethods {
  private readonly routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  /** Must be called before any route is registered. */
  follow(app: FastifyInstance): void {
    app.addHook('onRoute', ({ url, method }) => {
      const known = this.routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
      for (const name of [method].flat()) known.methods.add(name);
      this.routes.set(url, known);
    });
  }

  /** Every route with its methods, as they are registered. */
  all(): { url: string; methods: string[] }[] {
    return [...this.routes].map(([url, { methods }]) => ({ url, methods: [...methods].toSorted() }));
  }

  /** The methods that the address takes; undefined when there is nothing at it. */
  at(path: string): string[] | undefined {
    for (const { pattern, methods } of this.routes.values()) if (pattern.test(path)) return [...methods].toSorted();
    return undefined;
  }
}

/** `/v1/:system/:operation` → a pattern of whole paths; `:version(^v[1-9]$)` → `v[1-9]`. */
function patternOf(url: string): RegExp {
  const escaped = url
    .split('/')
    .map((part) => /^:\w+\(\^(.*)\$\)$/.exec(part)?.[1] ?? plainPattern(part))
    .join('/');
  return new RegExp(`^${escaped}/?$`);
}

const plainPattern = (part: string): string =>
  part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+');
