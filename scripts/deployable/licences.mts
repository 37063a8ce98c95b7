import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Undeployable } from './undeployable.mts';

const licenceFile = /^(?:licen[cs]e|copying|copyright|notice)/i;

/** Some old packages have their licence at the end of the README only. */
const licenceSection = /^(?:#+ *licen[cs]e.*|licen[cs]e\n-+)\n([^]+?)(?=^#|^\[[^\]]+\]:|(?![^]))/im;

/**
 * The licences of packages, each with its text, as their terms ask of whoever passes the code on.
 *
 * @param folders of the packages, below the root.
 * @throws Undeployable for a package without a text.
 */
export function licenceTexts(root: string, folders: readonly string[]): string {
  const sections = folders.map((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    ) as Readonly<Record<'name' | 'version' | 'license', string>>;
    const text = textOf(join(root, folder));
    if (text === '') {
      throw new Undeployable(`${folder} is bundled and has no licence text. Use another package.`);
    }
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return [...new Set(sections)].sort().join(`\n${'-'.repeat(80)}\n\n`);
}

function textOf(folder: string): string {
  const files = readdirSync(folder).filter((file) => licenceFile.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8'));
  return (texts.length > 0 ? texts.join('\n') : inReadme(folder)).replaceAll('\r\n', '\n').trim();
}

function inReadme(folder: string): string {
  const file = join(folder, 'README.md');
  if (!existsSync(file)) return '';
  return licenceSection.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
}
