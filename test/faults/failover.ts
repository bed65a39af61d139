import { setTimeout as delay } from 'node:timers/promises';
import { OwnServer } from '../support/own-server.js';
import { Stage, type Played, type Scene, type StageOptions } from './stage.js';

/** Waits until a node has read from its database over other connections than those of verifications. */
async function untilListed({ far, cluster }: Scene): Promise<void> {
  const request = { method: 'GET', path: '/v1/orgs', key: cluster.operatorKey } as const;
  while ((await far.client.request(request)).status !== 200) await delay(20);
}

/** Leads a node to another server, with all its connections. */
async function move({ proxy }: Scene['near'], { database }: OwnServer): Promise<void> {
  proxy.leadTo(database.url);
  proxy.cut();
  await proxy.heal();
}

/** A standby becomes the primary, and the old one still responds over connections that are open. */
async function failOver(scene: Scene, old: OwnServer, next: OwnServer): Promise<void> {
  const { near, far, key } = scene;
  await scene.recovered(far);
  await scene.read(far, key, 'valid');
  await next.promote();
  await move(near, next);
  await scene.recovered(near);
  await scene.revoke(near, key);
  far.proxy.leadTo(next.database.url);
  await old.cut('all others');
  await untilListed(scene);
  await scene.read(far, key, 'invalid');
}

/** Plays it on servers of its own: it takes two of one cluster. */
export async function playFailover(broken: StageOptions = {}): Promise<Played> {
  const old = await OwnServer.start();
  let next: OwnServer | undefined;
  const stage = await Stage.start({ ...broken, database: old.database });
  try {
    return await stage.play(async (scene) => {
      next = await old.copy();
      await failOver(scene, old, next);
    });
  } finally {
    await stage.stop();
    await next?.stop();
    await old.stop();
  }
}
