/** Where progress is shown: a table that renews itself on a terminal, plain lines anywhere else. */
export interface Screen {
  /** Shows the table in place of the last one; does nothing where lines are plain. */
  table(lines: readonly string[]): void;
  /** Writes a line that stays. */
  line(text: string): void;
  /** Leaves the table where it is; what follows stands below it. */
  settle(): void;
  readonly live: boolean;
  readonly width: number;
  readonly height: number;
}

/** @param plain lines only, on a terminal too. */
export function openScreen(out: NodeJS.WriteStream, plain: boolean): Screen {
  const live = out.isTTY && !plain;
  let drawn = 0;
  const erase = (): string => (drawn === 0 ? '' : `\x1b[${drawn}A\x1b[0J`);
  let last: readonly string[] = [];
  const draw = (lines: readonly string[], above: string): void => {
    out.write(erase() + above + lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
    last = lines;
  };
  return {
    live,
    settle: () => {
      drawn = 0;
      last = [];
    },
    get width() {
      return live ? out.columns : 200;
    },
    get height() {
      return live ? out.rows - 1 : 1_000;
    },
    table: (lines) => {
      if (live) draw(lines, '');
    },
    line: (text) => {
      if (live) draw(last, `${text}\n`);
      else out.write(`${text}\n`);
    },
  };
}
