FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY console/package.json ./console/
COPY packages/embedded-postgres/package.json ./packages/embedded-postgres/
RUN npm ci --ignore-scripts --include-workspace-root -w console -w packages/embedded-postgres
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY packages/embedded-postgres ./packages/embedded-postgres
COPY src ./src
COPY console ./console
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts --include-workspace-root --workspaces

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 KEYFENCE_DATA_DIR=/data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/packages ./packages
COPY --from=build /app/dist ./dist
RUN mkdir /data && chown node /data
USER node
VOLUME /data
EXPOSE 3000
# Not through npm, which does not forward every signal.
CMD ["node", "dist/main.js"]
