// What durable-functions needs of validator: one of its hundred functions.
exports.isURL = require('validator/lib/isURL').default;
