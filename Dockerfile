# docker build -t safevoice .
# docker run -d --name safevoice -p 127.0.0.1:8080:8080 -v safevoice-data:/data safevoice
# docker logs safevoice                                    shows the one-time code for the first visit
# docker exec -it safevoice safevoice create-admin NAME    an admin without a browser
# docker exec safevoice safevoice doctor                   whether calls get through
#
# Options: environment variables, or a safevoice.toml in the volume. docs/operations.md has the rest: behind a
# proxy or without one, https, and the ports for calls.

FROM python:3.11-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never \
    UV_PROJECT_ENVIRONMENT=/opt/safevoice \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir uv
WORKDIR /src
# The packages first: they change seldom, and this layer is kept.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project
COPY . .
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin safevoice \
    && install -d -o safevoice -g safevoice -m 0700 /data
# The same path and the same base as above: the environment's links point where they did.
COPY --from=build /opt/safevoice /opt/safevoice
ENV PATH=/opt/safevoice/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SAFEVOICE_DATA=/data \
    SAFEVOICE_LISTEN=0.0.0.0:8080
USER safevoice
WORKDIR /data
VOLUME /data
EXPOSE 8080 3478 3478/udp
# Whoever serves https from within the container, or on another port, says so with --health-cmd.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["safevoice"]
CMD ["serve"]
