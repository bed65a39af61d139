import { StopSignals } from './bootstrap/stop-signals.js';

// Ahead of everything else: Ctrl-C ends the process quietly while the service is being loaded as well.
const signals = new StopSignals();
const { serve } = await import('./serve.js');
await serve(signals);
