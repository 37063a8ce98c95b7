/**
 * Versions of AKS node images, such as `AKSUbuntu-2204gen2containerd-202609.23.0` and
 * `AKSWindows-2022-containerd-20348.3207.250214`. Only versions of one family can be compared.
 */
export type ImageComparison = 'current' | 'stale' | 'ahead' | 'familyChange' | 'unknown';

interface ImageVersion {
  readonly family: string;
  readonly numbers: readonly number[];
}

const linux =
  /^(?<family>.+)-(?<month>\d{6})\.(?<day>\d{2})\.(?<patch>\d+)(?:-\d{4}\.\d{2}\.\d{2})?$/;
const windows = /^(?<family>AKSWindows-\d{4}.*?)-(?<build>\d+)\.(?<revision>\d+)\.(?<date>\d{6})$/;

/** How the image of a pool stands to the newest one that its region offers. */
export function compareImages(current: string, latest: string): ImageComparison {
  if (current === latest) return 'current';
  const ours = parse(current);
  const newest = parse(latest);
  if (!ours || !newest) return 'unknown';
  if (ours.family !== newest.family) return 'familyChange';
  for (const [i, number] of ours.numbers.entries()) {
    const difference = number - (newest.numbers[i] ?? 0);
    if (difference !== 0) return difference < 0 ? 'stale' : 'ahead';
  }
  return 'current';
}

/** The part of a version that names the kind of image: pools of one family share their newest image. */
export function imageFamily(version: string): string {
  return parse(version)?.family ?? version;
}

function parse(version: string): ImageVersion | undefined {
  const onWindows = windows.exec(version)?.groups;
  if (onWindows) {
    const { family = '', date, build, revision } = onWindows;
    return { family, numbers: [Number(date), Number(build), Number(revision)] };
  }
  const onLinux = linux.exec(version)?.groups;
  if (!onLinux) return undefined;
  const { family = '', month, day, patch } = onLinux;
  return { family, numbers: [Number(month), Number(day), Number(patch)] };
}
