// What durable-functions needs of axios, which is evaluated when the first durable client is made.
exports.default = { create: (...defaults) => require('axios').default.create(...defaults) };
