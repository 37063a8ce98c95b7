import * as df from 'durable-functions';

df.app.entity('Account', (context) => {
  const balance = context.df.getState(() => 0);
  switch (context.df.operationName) {
    case 'deposit':
      context.df.setState(balance + context.df.getInput());
      context.df.return(balance + context.df.getInput());
      break;
    case 'withdraw':
      context.df.setState(balance - context.df.getInput());
      break;
    case 'balance':
      context.df.return(balance);
      break;
  }
});

df.app.orchestration('deposit', function* (context) {
  const { account, amount } = context.df.getInput();
  return yield context.df.callEntity(new df.EntityId('Account', account), 'deposit', amount);
});

df.app.orchestration('transferFunds', function* (context) {
  const { from, to, amount } = context.df.getInput();
  const source = new df.EntityId('Account', from);
  const destination = new df.EntityId('Account', to);

  const lock = yield context.df.lock(source, destination);
  try {
    const balance = yield context.df.callEntity(source, 'balance');
    if (balance < amount) {
      return { ok: false, balance };
    }
    yield context.df.callEntity(source, 'withdraw', amount);
    yield context.df.callEntity(destination, 'deposit', amount);
    return { ok: true };
  } finally {
    lock.release();
  }
});
