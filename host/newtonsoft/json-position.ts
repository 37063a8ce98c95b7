/** A container that is being read, and how far that has come. */
interface Container {
  readonly type: 'Object' | 'Array';
  /** Name of the member, or index of the element, that was begun last. */
  member: string | number | undefined;
}

/** Where a reader is in a value, in the way of Newtonsoft.Json. */
export class JsonPosition {
  readonly #containers: Container[] = [];

  get innermost(): Container['type'] | 'None' {
    return this.#containers.at(-1)?.type ?? 'None';
  }

  get depth(): number {
    return this.#containers.length;
  }

  open(type: Container['type']): void {
    this.element();
    this.#containers.push({ type, member: undefined });
  }

  /** The innermost container ends: its type. */
  close(): Container['type'] | 'None' {
    return this.#containers.pop()?.type ?? 'None';
  }

  name(member: string): void {
    const container = this.#containers.at(-1);
    if (container !== undefined) container.member = member;
  }

  /** A value begins: in an array it is the next element. */
  element(): void {
    const container = this.#containers.at(-1);
    if (container?.type !== 'Array') return;
    container.member = typeof container.member === 'number' ? container.member + 1 : 0;
  }

  /** Of the value read last. */
  get path(): string {
    return pathOf(this.#containers);
  }

  get pathOfContainer(): string {
    return pathOf(this.#containers.slice(0, -1));
  }
}

const special = /[\s./"'[\]()\\\u0085\u2028\u2029]/;

function pathOf(containers: readonly Container[]): string {
  let path = '';
  for (const { member } of containers) {
    if (typeof member === 'number') path += `[${member}]`;
    else if (member !== undefined && special.test(member)) {
      path += `['${member.replaceAll("'", "\\'")}']`;
    } else if (member !== undefined) path += path === '' ? member : `.${member}`;
  }
  return path;
}
