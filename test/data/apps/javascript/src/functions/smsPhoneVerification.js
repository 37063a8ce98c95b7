const df = require('durable-functions');

const sendSmsChallengeActivityName = 'sendSmsChallenge';

df.app.orchestration('smsPhoneVerification', function* (context) {
  const phoneNumber = context.df.getInput();
  if (!phoneNumber) {
    throw new Error('A phone number input is required.');
  }

  const challengeCode = yield context.df.callActivity(sendSmsChallengeActivityName, phoneNumber);

  // The user has 90 seconds to respond with the code they received in the SMS message.
  const expiration = new Date(context.df.currentUtcDateTime.valueOf() + 90 * 1000);
  const timeoutTask = context.df.createTimer(expiration);

  let authorized = false;
  for (let i = 0; i <= 3; i++) {
    const challengeResponseTask = context.df.waitForExternalEvent('SmsChallengeResponse');

    const winner = yield context.df.Task.any([challengeResponseTask, timeoutTask]);

    if (winner === challengeResponseTask) {
      // We got back a response! Compare it to the challenge code.
      if (challengeResponseTask.result === challengeCode) {
        authorized = true;
        break;
      }
    } else {
      // Timeout expired
      break;
    }
  }

  if (!timeoutTask.isCompleted) {
    // All pending timers must be complete or canceled before the function exits.
    timeoutTask.cancel();
  }

  return authorized;
});

df.app.activity(sendSmsChallengeActivityName, {
  handler: async function (phoneNumber, context) {
    // Get a random number generator with a random seed (not time-based)
    const challengeCode = Math.floor(Math.random() * 10000);

    context.log(`Sending verification code ${challengeCode} to ${phoneNumber}.`);

    return challengeCode;
  },
});
