const fs = require('fs/promises');
const path = require('path');
const df = require('durable-functions');

const getFileListActivityName = 'getFileList';
const copyFileToBackupActivityName = 'copyFileToBackup';

df.app.orchestration('backupSiteContent', function* (context) {
  const { rootDirectory, backupDirectory } = context.df.getInput();
  if (!rootDirectory) {
    throw new Error('A directory path is required as an input.');
  }

  const files = yield context.df.callActivity(getFileListActivityName, path.resolve(rootDirectory));

  // Back up files and save promises into an array
  const tasks = [];
  for (const file of files) {
    tasks.push(context.df.callActivity(copyFileToBackupActivityName, { file, backupDirectory }));
  }

  // Wait for all the backup tasks to complete, sum the total bytes
  const results = yield context.df.Task.all(tasks);
  return results ? results.reduce((prev, curr) => prev + curr, 0) : 0;
});

df.app.activity(getFileListActivityName, {
  handler: async function (rootDirectory, context) {
    context.log(`Searching for files under '${rootDirectory}'...`);
    const entries = await fs.readdir(rootDirectory, { recursive: true, withFileTypes: true });
    const files = entries.filter((e) => e.isFile()).map((e) => path.join(e.parentPath, e.name));
    context.log(`Found ${files.length} under ${rootDirectory}.`);
    return files;
  },
});

df.app.activity(copyFileToBackupActivityName, {
  handler: async function ({ file, backupDirectory }, context) {
    const target = path.join(backupDirectory, encodeURIComponent(file));
    context.log(`Copying '${file}'.`);
    await fs.mkdir(backupDirectory, { recursive: true });
    await fs.copyFile(file, target);
    return (await fs.stat(target)).size;
  },
});
