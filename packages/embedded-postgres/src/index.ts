export { hasCluster } from './cluster.js';
export {
  startEmbeddedServer,
  type EmbeddedServer,
  type EmbeddedServerOptions,
} from './embedded-server.js';
export { freePort } from './port.js';
