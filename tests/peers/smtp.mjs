// A mail server that nobody here wrote (npm's smtp-server), and a reader of mail (npm's postal-mime), for the tests of the SMTP client.
// In: one line, JSON {secure, hideStartTls, cert, key (files), user, password, methods, utf8, mail, rcpt, data (codes to refuse with)}; it
// ends with its input. Out: {"port":N}, then one line for each message taken: the envelope, the message as it was read, and its bytes in base64.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

const say = what => process.stdout.write(JSON.stringify(what) + '\n');
const refusal = code => Object.assign(new Error('words that must not be repeated'), { responseCode: code });
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const asked = JSON.parse((await lines.next()).value);

const server = new SMTPServer({
  secure: asked.secure,
  hideSTARTTLS: asked.hideStartTls,
  disabledCommands: asked.user ? [] : ['AUTH'],
  authMethods: asked.methods ?? ['PLAIN', 'LOGIN'],
  hideSMTPUTF8: !asked.utf8,
  cert: readFileSync(asked.cert),
  key: readFileSync(asked.key),
  logger: false,
  onAuth: (auth, session, done) =>
    auth.username === asked.user && auth.password === asked.password ? done(null, { user: auth.method }) : done(refusal(535)),
  onMailFrom: (address, session, done) => done(asked.mail ? refusal(asked.mail) : null),
  onRcptTo: (address, session, done) => done(asked.rcpt ? refusal(asked.rcpt) : null),
  onData: (stream, session, done) => {
    const chunks = [];
    stream.on('data', chunk => chunks.push(chunk));
    stream.on('end', async () => {
      if (asked.data) return done(refusal(asked.data));
      const raw = Buffer.concat(chunks);
      const read = await PostalMime.parse(raw);
      say({
        secure: session.secure, method: session.user ?? null,
        from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(rcpt => rcpt.address),
        subject: read.subject, text: read.text, html: read.html ?? null, messageId: read.messageId,
        sender: read.from, recipients: read.to, headers: read.headers.map(({ key, value }) => [key, value]), raw: raw.toString('base64'),
      });
      done();
    });
  },
});

server.on('error', () => {}); // a client that breaks off is the test's own
server.listen(0, '127.0.0.1', () => say({ port: server.server.address().port }));
await lines.next();
process.exit(0);
