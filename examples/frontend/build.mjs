// Bundles src/ into dist/; with --serve it also serves dist/ and builds anew after a change.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { context } from "esbuild";

// Where the service is: it must allow this page's origin (BINHDANG_CORS_ORIGINS).
const api = process.env.BINHDANG_API ?? "http://127.0.0.1:8080";
// The plan that it shows; an installation may hold several.
const plan = process.env.BINHDANG_PLAN ?? "KH-BDG-DN-2026-2030";
const folder = (path) => new URL(path, import.meta.url);

await mkdir(folder("dist"), { recursive: true });
// The page may talk to that one service only, so that a script that should not be here has nowhere to send figures to.
await writeFile(folder("dist/index.html"), (await readFile(folder("src/index.html"), "utf8")).replaceAll("{{api}}", api));
await copyFile(folder("src/page.css"), folder("dist/page.css"));

const build = await context({
  entryPoints: [folder("src/main.ts").pathname],
  outfile: folder("dist/main.js").pathname,
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  minify: true,
  sourcemap: true,
  define: { API: JSON.stringify(api), PLAN: JSON.stringify(plan) },
  logLevel: "info",
});
if (process.argv.includes("--serve")) {
  await build.watch();
  await build.serve({ host: "localhost", port: 5173, servedir: folder("dist").pathname });
} else {
  await build.rebuild();
  await build.dispose();
}
