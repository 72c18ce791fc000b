# syntax=docker/dockerfile:1

# Two stages on one base: the first builds and installs into /opt/ghirbal, the second is what runs.
# Any image with python3 (3.11 or newer) and its venv module will do as the base.
ARG BASE_IMAGE=python:3.13-slim

FROM ${BASE_IMAGE} AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
# On a closed network, two optional secrets tell pip where to go and whom to trust:
#   docker build --secret id=pipconf,src=pip.conf --secret id=cabundle,src=ca.pem .
RUN --mount=type=secret,id=cabundle --mount=type=secret,id=pipconf \
    if [ -f /run/secrets/cabundle ]; then export PIP_CERT=/run/secrets/cabundle; fi; \
    if [ -f /run/secrets/pipconf ]; then export PIP_CONFIG_FILE=/run/secrets/pipconf; fi; \
    export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 && \
    python3 -m venv /opt/tools && \
    /opt/tools/bin/pip install --require-hashes --only-binary :all: -r requirements-build.lock && \
    python3 -m venv --without-pip /opt/ghirbal && \
    /opt/tools/bin/pip --python /opt/ghirbal/bin/python install \
        --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY schemas schemas
COPY service service
RUN export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 && \
    /opt/tools/bin/pip wheel --no-index --no-deps --no-build-isolation --wheel-dir /dist . && \
    /opt/tools/bin/pip --python /opt/ghirbal/bin/python install --no-index --no-deps /dist/*.whl

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Ghirbal" \
      org.opencontainers.image.description="A raw page dump in; a validated clean article out." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/ghirbal /opt/ghirbal
ENV PATH=/opt/ghirbal/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GHIRBAL_HOST=0.0.0.0 \
    GHIRBAL_PORT=8000
# A number needs no entry in /etc/passwd. Nothing is written anywhere: the root may be read-only.
USER 10001:10001
WORKDIR /
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/opt/ghirbal/bin/python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['GHIRBAL_PORT']), timeout=3); c.request('GET', '/livez'); sys.exit(c.getresponse().status != 200)"]
CMD ["/opt/ghirbal/bin/ghirbal", "serve"]
