import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** The compiler that the modules are written for: another one has other types and other rules. */
export const bicepVersion = '0.49.2';

const restored = join(__dirname, '../../../node_modules/.cache/bicep');
const system = { linux: 'linux', darwin: 'osx', win32: 'win' }[process.platform as string];
const nuGetPackage = `Azure.Bicep.CommandLine.${system ?? process.platform}-${process.arch}`;
const program = process.platform === 'win32' ? 'bicep.exe' : 'bicep';

/** Why there is no compiler on this machine. */
export interface Missing {
  readonly missing: string;
}

/**
 * The compiler: the one that `BICEP` names, the one on PATH, one that NuGet has fetched. Only where it is required,
 * or in the long suites, it is fetched.
 */
export function findBicep(environment: NodeJS.ProcessEnv = process.env): string | Missing {
  const named = environment['BICEP'] ?? '';
  if (named !== '') return isRight(named) ? named : { missing: `BICEP is not ${bicepVersion}` };
  const folders = [environment['NUGET_PACKAGES'] ?? join(homedir(), '.nuget/packages'), restored];
  const there = ['bicep', ...folders.map(inFolder)].find(isRight);
  if (there !== undefined) return there;
  const mayFetch = [environment['STEWARD_FULL'], environment['STEWARD_REQUIRE_BICEP']];
  return mayFetch.includes('1') ? fetched() : { missing: 'install .NET or set BICEP' };
}

function inFolder(folder: string): string {
  return join(folder, nuGetPackage.toLowerCase(), bicepVersion, 'tools', program);
}

function isRight(path: string): boolean {
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  return ((stdout as string | null) ?? '').includes(` ${bicepVersion} `);
}

function fetched(): string | Missing {
  const project = mkdtempSync(join(tmpdir(), 'steward-bicep-'));
  try {
    writeFileSync(join(project, 'bicep.csproj'), projectFile);
    const { status, stdout, error } = spawnSync('dotnet', ['restore', '--packages', restored], {
      cwd: project,
      encoding: 'utf8',
      env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' },
    });
    if (error) return { missing: 'there is no .NET SDK' };
    const reason = stdout.split('\n').find((line) => line.includes('error')) ?? '';
    if (status !== 0) return { missing: `NuGet does not give it: ${reason.trim()}` };
  } finally {
    rmSync(project, { recursive: true });
  }
  const path = inFolder(restored);
  if (existsSync(path)) chmodSync(path, 0o755);
  return isRight(path) ? path : { missing: `${nuGetPackage} does not run here` };
}

const projectFile = `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netstandard2.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup><PackageDownload Include="${nuGetPackage}" Version="[${bicepVersion}]" /></ItemGroup>
</Project>
`;
