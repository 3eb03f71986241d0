# The lab of `rehearse serve` in a container: docker build -t rehearsal . && docker run --rm -p 443:443 -p 8883:8883 -p 5671:5671 rehearsal
FROM node:20-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
COPY test/sdk/native-stand-in test/sdk/native-stand-in
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN mkdir -p /out && npm pack --pack-destination /out

FROM node:20-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends openssl swtpm && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/rehearsal
COPY --from=build /out /tmp/package
RUN npm install --ignore-scripts --no-audit --no-fund /tmp/package/*.tgz && rm -rf /tmp/package
RUN mkdir /lab && chown node:node /lab
ENV PATH=/opt/rehearsal/node_modules/.bin:$PATH
WORKDIR /lab
USER node
# HTTPS with WebSockets, MQTT, AMQP
EXPOSE 443 8883 5671
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["node", "/opt/rehearsal/node_modules/dps-rehearsal/cli/serve/health.mjs"]
ENTRYPOINT ["rehearse"]
CMD ["serve", "--host", "0.0.0.0", "--state", "/lab/lab.state"]
