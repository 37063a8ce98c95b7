// What the identity library needs of jsonwebtoken: it signs assertions of applications, which no managed identity does.
exports.sign = (...assertion) => require('jsonwebtoken').sign(...assertion);
