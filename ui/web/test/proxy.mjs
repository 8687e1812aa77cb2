// Stands between a browser and the server, so that a stream can be cut, and tells which streams are open.
import { createServer, request } from "node:http";

/** Passes everything on. Streams are those to /api/v1/live; each has the place it went on after, and what it was sent. */
export async function between(server) {
  const target = new URL(server.url);
  const streams = [];
  const open = new Set();
  let refusing = false;
  const proxy = createServer((asked, answer) => {
    const live = asked.url.startsWith("/api/v1/live");
    if (live && refusing) return asked.socket.destroy();
    const { hostname, port } = target;
    const passed = request(
      { hostname, port, method: asked.method, path: asked.url, headers: asked.headers },
      (found) => {
        answer.writeHead(found.statusCode, found.headers);
        found.pipe(answer);
        if (!live) return;
        const stream = { after: asked.headers["last-event-id"] ?? "", sent: "", socket: asked.socket };
        streams.push(stream);
        open.add(stream);
        found.on("data", (part) => (stream.sent += part));
        answer.on("close", () => open.delete(stream));
      },
    );
    passed.on("error", () => answer.destroy());
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise((done) => proxy.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${proxy.address().port}`;
  return {
    url,
    link: server.link.replace(server.url, url),
    streams,
    open,
    cut: () => {
      refusing = true;
      for (const { socket } of open) socket.destroy();
    },
    mend: () => (refusing = false),
    stop: () => {
      proxy.closeAllConnections();
      return new Promise((done) => proxy.close(done));
    },
  };
}

/** The numbers of the messages that a stream was sent whole, in their order. */
export const numbersOf = (text) => [...text.matchAll(/^id: (\S+)$/gm)].map((found) => found[1]);
