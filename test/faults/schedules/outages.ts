import type { Schedule } from '../stage.js';

/** Nodes that cannot ask their database. */
export const outages: Readonly<Record<string, Schedule>> = {
  'a node is cut off from its database': async (scene) => {
    const { near, far, key } = scene;
    await scene.read(far, key, 'valid');
    far.proxy.cut();
    await scene.revoke(near, key);
    await scene.read(far, key, 'unavailable');
    await far.proxy.heal();
    await scene.recovered(far);
    await scene.read(far, key, 'invalid');
  },

  'a node hears nothing from its database': async (scene) => {
    const { near, far, key } = scene;
    await scene.read(far, key, 'valid');
    far.proxy.silence();
    await scene.revoke(near, key);
    await scene.read(far, key, 'unavailable');
    await far.proxy.heal();
    await scene.recovered(far);
    await scene.read(far, key, 'invalid');
  },
};
