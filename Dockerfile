# bookworm, not alpine: the password hashes come as binaries for glibc.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json ./
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev

FROM base
ENV NODE_ENV=production HOST=0.0.0.0
COPY package.json ./
# The service looks for the migrations beside dist.
COPY migrations migrations
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# Everything above belongs to root: the process cannot change its own program.
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
