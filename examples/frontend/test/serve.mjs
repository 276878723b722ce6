// Serves a folder of files, as any web server would.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { basename, extname } from "node:path";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };

export async function serve(folder, port) {
  const server = createServer(async (request, response) => {
    const name = basename(new URL(request.url, "http://localhost").pathname) || "index.html";
    const file = await readFile(new URL(name, folder)).catch(() => null);
    response.writeHead(file ? 200 : 404, { "Content-Type": TYPES[extname(name)] ?? "application/octet-stream" }).end(file);
  }).listen(port, "localhost");
  await once(server, "listening");
  return server;
}
