import { FailureError, TransientError } from '../../domain/outcome';
import { withQuery } from './paths';
import { AnswerTooLarge } from './transport';
import type { KubeObject } from './transport';

export interface ListOptions {
  /** Objects of one page; halved as often as an answer is too large. */
  readonly limit?: number;
  /** What is kept of an object, or nothing of it. */
  readonly keep?: (object: KubeObject) => KubeObject | undefined;
}

/** One page; nothing when the API server knows no such resource. @throws ListExpired */
export type ReadPage = (path: string) => Promise<KubeObject | undefined>;

/** The version that a list was begun at is forgotten: its pages no longer fit together. */
export class ListExpired extends Error {
  override readonly name = 'ListExpired';
}

const mostStarts = 4;

/**
 * All objects of a list, page by page, all of one moment: when the API server has forgotten that moment (410), the list
 * is begun anew.
 *
 * @returns nothing when the API server knows no such resource.
 */
export async function listAll(
  readPage: ReadPage,
  path: string,
  options: ListOptions,
): Promise<readonly KubeObject[] | undefined> {
  for (let starts = 1; ; starts += 1) {
    try {
      return await listOnce(readPage, path, options);
    } catch (error) {
      if (!(error instanceof ListExpired)) throw error;
      if (starts === mostStarts) throw new TransientError(`${path} changes faster than it is read`);
    }
  }
}

async function listOnce(
  readPage: ReadPage,
  path: string,
  { limit = 500, keep = (object) => object }: ListOptions,
): Promise<readonly KubeObject[] | undefined> {
  const found: KubeObject[] = [];
  let size = limit;
  let next: string | undefined;
  do {
    const answer = await pageWithin(readPage, withQuery(path, { continue: next }), size);
    if (answer === undefined) return undefined;
    size = answer.size;
    for (const item of itemsOf(answer.page)) {
      const kept = keep(item);
      if (kept) found.push(kept);
    }
    next = continueOf(answer.page);
  } while (next !== undefined);
  return found;
}

/** A page of at most so many objects, fewer when that is too much for one answer; with how many it took. */
async function pageWithin(
  readPage: ReadPage,
  path: string,
  limit: number,
): Promise<{ readonly page: KubeObject; readonly size: number } | undefined> {
  for (let size = limit; ; size = Math.floor(size / 2)) {
    if (size === 0) throw tooLarge(path);
    try {
      const page = await readPage(withQuery(path, { limit: size }));
      return page && { page, size };
    } catch (error) {
      if (!(error instanceof AnswerTooLarge)) throw error;
    }
  }
}

/** The items of a list do not say what they are; the list does. */
function itemsOf({ apiVersion, kind, items }: KubeObject): readonly KubeObject[] {
  const own = typeof kind === 'string' ? { apiVersion, kind: kind.replace(/List$/, '') } : {};
  return (Array.isArray(items) ? (items as readonly KubeObject[]) : []).map((item) => ({
    ...own,
    ...item,
  }));
}

function continueOf({ metadata }: KubeObject): string | undefined {
  const { continue: next } = (metadata ?? {}) as { readonly continue?: unknown };
  return typeof next === 'string' && next !== '' ? next : undefined;
}

function tooLarge(path: string): FailureError {
  return new FailureError({
    code: 'Unsupported',
    message: `One single object of ${path} is larger than Steward reads.`,
    next: 'Find the object that large: an API server takes none beyond 3 MB.',
  });
}
