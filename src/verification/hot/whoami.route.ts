import type { HotRoute } from './hot-route.js';
import { keyText } from './key-text.js';
import { WhoamiView } from './verification.dto.js';

/** "Can I authenticate?" */
export const whoamiRoute: HotRoute = {
  methods: ['get'],
  path: 'v1/whoami',
  access: { kind: 'any-key' },
  operation: {
    id: 'whoami',
    tag: 'Verification',
    summary: 'See what your own key is, and what it may do',
    response: WhoamiView,
    isTied: true,
  },
  status: 200,
  respond({ caller, authSeq }) {
    const { key, org, owner } = caller;
    const names =
      `"keyName":${JSON.stringify(key.name)},"orgName":${JSON.stringify(org.name)},` +
      `"ownerName":${JSON.stringify(owner.name)}`;
    return { text: `{${keyText(caller)},${names},"authSeq":${authSeq}}` };
  },
};
