const fs = require('fs/promises');
const df = require('durable-functions');

const getIsClearActivityName = 'getIsClear';
const sendGoodWeatherAlertActivityName = 'sendGoodWeatherAlert';

df.app.orchestration('weatherMonitor', function* (context) {
  const input = context.df.getInput();
  context.log(`Received monitor request. location: ${input?.location}. phone: ${input?.phone}.`);
  verifyRequest(input);

  const endTime = addSeconds(context.df.currentUtcDateTime, 6 * 60 * 60);
  context.log(`Instantiating monitor for ${input.location}. Expires: ${endTime}.`);

  while (context.df.currentUtcDateTime < endTime) {
    context.log(`Checking current weather conditions for ${input.location}.`);
    const isClear = yield context.df.callActivity(getIsClearActivityName, input.location);

    if (isClear) {
      // It's not raining! Or snowing. Or misting. Tell our user to take advantage of it.
      context.log(`Detected clear weather for ${input.location}. Notifying ${input.phone}.`);
      yield context.df.callActivity(sendGoodWeatherAlertActivityName, input.phone);
      break;
    }
    // Wait for the next checkpoint
    const nextCheckpoint = addSeconds(context.df.currentUtcDateTime, 30);
    context.log(`Next check for ${input.location} at ${nextCheckpoint}.`);
    yield context.df.createTimer(nextCheckpoint);
  }

  context.log('Monitor expiring.');
});

df.app.activity(getIsClearActivityName, {
  handler: async function (location) {
    const weather = JSON.parse(await fs.readFile(process.env.WEATHER_FILE, 'utf8'));
    return weather[`${location.city}, ${location.state}`] === 'clear sky';
  },
});

df.app.activity(sendGoodWeatherAlertActivityName, {
  handler: async function (phoneNumber, context) {
    context.log(`SMS to ${phoneNumber}: The weather's clear outside! Go take a walk!`);
  },
});

function verifyRequest(request) {
  if (!request) {
    throw new Error('An input object is required.');
  }
  if (!request.location) {
    throw new Error('A location input is required.');
  }
  if (!request.phone) {
    throw new Error('A phone number input is required.');
  }
}

function addSeconds(date, seconds) {
  return new Date(date.getTime() + seconds * 1000);
}
