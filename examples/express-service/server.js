import { Keyfence } from '@keyfence/guard';
import { principalOf, requireKey } from '@keyfence/guard/express';
import express from 'express';

const { KEYFENCE_URL = 'http://127.0.0.1:3000', KEYFENCE_SERVICE_KEY, PORT = '4000' } = process.env;
const keyfence = new Keyfence({ url: KEYFENCE_URL, key: KEYFENCE_SERVICE_KEY });
const app = express();

// Ahead of the guard, so that Keyfence is asked when the whole request is there.
app.use(express.json());

app.get('/telemetry', requireKey(keyfence, 'telemetry:read'), (request, response) => {
  response.json({ celsius: 21.4, organisation: principalOf(request).orgId });
});
app.post('/telemetry', requireKey(keyfence, 'telemetry:write'), (request, response) => {
  response.status(201).json({ recordedBy: principalOf(request).keyId });
});

const server = app.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
