import { platformSettings } from './platform';
import { schema } from './schema';
import type { Setting } from './setting';

const all: readonly Setting<unknown>[] = Object.values(schema);

/** A file that is generated; its path is from the root of the repository. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** The settings for people to read, and those that have to be set for people to copy. */
export function settingFiles(): readonly GeneratedFile[] {
  return [
    { path: 'docs/settings.md', text: settingsDocument() },
    { path: 'local.settings.sample.json', text: sampleSettings() },
  ];
}

function settingsDocument(): string {
  return `# Settings

What a deployment sets, as app settings on Azure and in \`Values\` of \`local.settings.json\` for a local start. They are read once, when
the app is loaded; one that is missing or wrong ends the start with a line that names it. \`npm run doctor\` lists all that is wrong.

This page is generated from [\`settings/\`](../settings/): change it there, then \`npm run generate\`.

## Of Steward

${table(
  ['setting', 'what it is for', 'value', 'default', 'example', 'needed'],
  all.map((setting) => [
    code(setting.name),
    setting.purpose,
    setting.form.replaceAll('<', '&lt;'),
    defaultOf(setting),
    code(setting.example),
    setting.needed,
  ]),
)}

A variable that begins with \`STEWARD_\` and is none of these has no effect; the start says so in a line of the log.

## Of the platform

${table(
  ['setting', 'what it is for', 'example', 'needed'],
  platformSettings.map(({ name, purpose, example, needed }) => [
    code(name),
    purpose,
    code(example),
    needed,
  ]),
)}
`;
}

function sampleSettings(): string {
  const values = all
    .filter(({ absent }) => absent === 'needed')
    .map(({ name, example }) => [name, example]);
  const file = {
    IsEncrypted: false,
    Values: {
      FUNCTIONS_WORKER_RUNTIME: 'node',
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
      TASKHUB_NAME: 'Steward',
      ...(Object.fromEntries(values) as object),
    },
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

function defaultOf({ absent }: Setting<unknown>): string {
  return typeof absent === 'object' ? code(absent.text) : '';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`.replace(/ {2,}/g, ' ')).join('\n');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
