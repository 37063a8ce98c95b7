const fs = require('fs');
const path = require('path');

let calls = 0;

// State that all functions of the app share
module.exports.record = (line) => {
  fs.appendFileSync(path.join(process.env.SAMPLE_FOLDER, 'journal'), `${line}\n`);
};
module.exports.count = () => ++calls;
